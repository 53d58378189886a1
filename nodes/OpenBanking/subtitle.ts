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
    consent: { get: 'consent', delete: 'delete consent' },
  }[saved.resource]?.[saved.operation];
  const ofConsent = { create: 'create consent', getAll: 'stored consents' }[saved.operation];
  if (saved.resource === 'consent' && ofConsent) return ofConsent;
  if (saved.resource === 'transaction' && saved.operation === 'commit') return 'mark as processed';
  const from = () => {
    if (saved.resource !== 'consent' && saved.authorizeWith === 'accessToken') return 'given token';
    if (saved.resource === 'consent' && saved.consentBy === 'id') return named(saved.consentId, 'no ID');
    return named(saved.consent, 'no consent chosen');
  };
  return read ? read + ': ' + from() : '';
})($rawParameter) }}`;
