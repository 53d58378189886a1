import { OpenBankingError } from '../../errors/OpenBankingError';
import type { FailedCheck, Received } from '../records/recordContent';

/** The name of the option by which a person asks the bank again, and where it is. */
export const TRY_ONCE_MORE = '"Try Once More" of "Get Stored Token"';

/** `consent-unknown`: no tokens are stored for a consent. */
export function unknownConsent(consent: string): OpenBankingError {
  return new OpenBankingError('consent-unknown', {
    values: { consent },
    outcome: 'not-sent',
  });
}

/** `consent-ended`: the tokens of a consent cannot be refreshed. */
export function endedConsent(consent: string, reason: string): OpenBankingError {
  return new OpenBankingError('consent-ended', {
    values: { consent, reason },
    outcome: 'not-sent',
  });
}

/** `store-busy`: another caller holds the lease of a consent for too long. */
export function busyConsent(consent: string): OpenBankingError {
  return new OpenBankingError('store-busy', {
    values: { consent },
    outcome: 'not-sent',
  });
}

/**
 * `refresh-outcome-unknown`: a refresh was sent, and no answer came.
 *
 * @param outcome `not-sent` if another caller sent the refresh
 */
export function unknownOutcome(
  consent: string,
  reason: string,
  outcome: 'unknown' | 'not-sent',
): OpenBankingError {
  return new OpenBankingError('refresh-outcome-unknown', {
    values: { consent, reason },
    outcome,
  });
}

/** The warning that tokens wait in memory because they could not be stored. */
export function notStored(consent: string, error: unknown): string {
  const reason = error instanceof OpenBankingError ? error.message : 'it failed';
  return new OpenBankingError('token-not-stored', {
    values: { consent, reason },
  }).text;
}

/** The error of tokens that did not pass their check. */
export function checkFailure({ check }: Received): OpenBankingError {
  const { code, message } = check ?? notChecked;
  return new OpenBankingError(code, { message, outcome: 'received' });
}

/** The remark that a token is used although it should have been refreshed. */
export function usedUnrefreshed(consent: string, error: OpenBankingError): string {
  return `The token of consent "${consent}" could not be refreshed, and is used until it expires. ${error.sentence}`;
}

const notChecked: FailedCheck = {
  code: 'jwks-unusable',
  message: 'The received tokens could not be checked yet',
};
