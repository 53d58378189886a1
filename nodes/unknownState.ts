import { OpenBankingError } from '../core/errors/OpenBankingError';

/** The error for a redirect whose `state` belongs to no pending authorization: `redirect-state-unknown`. */
export function unknownState(): OpenBankingError {
  return new OpenBankingError('redirect-state-unknown', {
    problem: 'unknown',
    outcome: 'not-sent',
  });
}

/** The error for a redirect whose authorization was used up by an earlier exchange: `redirect-state-unknown`. */
export function usedState(): OpenBankingError {
  return new OpenBankingError('redirect-state-unknown', {
    problem: 'used',
    description:
      'An earlier exchange used up this state and its code, even if the bank refused that exchange. A code is sent once, so nothing was sent now. Your correction stays. Create a new address with "Create Authorization URL", let the customer follow it, and exchange the new code. If you made no exchange before, somebody else used this redirect: do not use its code.',
    outcome: 'not-sent',
  });
}
