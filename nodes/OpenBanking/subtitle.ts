import { named } from '../subtitleWords';

/**
 * The line under the name of the node: what is read, and of which consent. It reads the parameters as they are saved. The canvas shows about
 * 27 letters.
 */
export const dataAndConsent = `={{ ((saved) => {
  const named = ${named};
  const read = {
    account: { getAll: 'accounts', get: 'account', getBalances: 'balances' },
    transaction: { getAll: 'transactions' },
  }[saved.resource]?.[saved.operation];
  const from = () =>
    saved.authorizeWith === 'accessToken' ? 'given token' : named(saved.consent, 'no consent chosen');
  return read ? read + ': ' + from() : '';
})($rawParameter) }}`;
