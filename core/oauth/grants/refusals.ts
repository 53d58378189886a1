import type { ErrorCode } from '../../errors/catalogue';
import type { OpenBankingError } from '../../errors/OpenBankingError';

/** Refusals of a refresh token. */
const aboutTheRefreshToken = new Set<ErrorCode>([
  'invalid-grant',
  'refresh-token-unknown',
  'refresh-token-expired',
  'consent-withdrawn',
  'customer-disabled',
]);

/** Whether the bank refused the refresh token itself (`invalid_grant`, RFC 6749 §5.2), and not the client or the request. */
export function isAboutTheRefreshToken({ code, outcome }: OpenBankingError): boolean {
  return outcome === 'refused' && aboutTheRefreshToken.has(code);
}

/**
 * Whether a refusal does not say why: a status from 300 to 499 with an empty body, a web page or another body that is no OAuth response.
 * It is often a fault of a gateway that hits all consents.
 */
export function isUnreadableRefusal({ code, outcome, status = 0 }: OpenBankingError): boolean {
  const isUnreadable = code === 'response-empty' || code === 'response-unexpected';
  return isUnreadable && outcome === 'refused' && status >= 300 && status < 500;
}
