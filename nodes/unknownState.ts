import { OpenBankingError } from '../core/errors/OpenBankingError';

/** The error for a redirect whose `state` belongs to no pending authorization: `redirect-state-unknown`. */
export function unknownState(): OpenBankingError {
  return new OpenBankingError('redirect-state-unknown', { outcome: 'not-sent' });
}
