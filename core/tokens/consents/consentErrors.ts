import type { MessageDetails } from '../../errors/catalogue';
import { OpenBankingError } from '../../errors/OpenBankingError';
import type { Received } from '../records/recordContent';

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
export function endedConsent(details: MessageDetails<'consent-ended'>): OpenBankingError {
  return new OpenBankingError('consent-ended', { ...details, outcome: 'not-sent' });
}

/** `store-busy`: another caller holds the lease of a consent for too long. */
export function busyConsent(consent: string): OpenBankingError {
  return new OpenBankingError('store-busy', {
    values: { consent },
    outcome: 'not-sent',
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
  return check
    ? new OpenBankingError(check.code, { message: check.message, outcome: 'received' })
    : new OpenBankingError('jwks-unusable', { problem: 'notChecked', outcome: 'received' });
}

/** The remark that a token is used although it should have been refreshed. */
export function usedUnrefreshed(consent: string, error: OpenBankingError): string {
  return `The token of consent "${consent}" could not be refreshed, and is used until it expires. ${error.sentence}`;
}

/** The warning of an empty list of consents. */
export const NO_OWN_CONSENT =
  'No stored consent belongs to this bank, this client ID and a key of this credential. If the private key was replaced, put the old certificate and private key back: see "Renew the certificate" in docs/tokens.md.';
