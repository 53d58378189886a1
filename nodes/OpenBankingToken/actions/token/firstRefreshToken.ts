import type { ConsentSettings } from '../../../../core/tokens/consentAuthorization';
import type { OperationInput } from '../operation';

/**
 * A warning if the credential still has a "First Refresh Token" although tokens are stored for its consent. A copy of the credential in
 * another n8n, or a restored database without the store, would send a used token again.
 *
 * @param stored consents whose tokens are stored
 */
export function firstRefreshTokenRemarks(
  { settings }: OperationInput,
  stored: readonly string[],
): string[] {
  const { consent, firstRefreshToken }: ConsentSettings = settings;
  const own = String(consent ?? '').trim();
  if (!firstRefreshToken?.trim() || !stored.includes(own)) return [];
  return [
    `The credential still has a "First Refresh Token", although the tokens of the consent "${own}" are stored: empty the field. A copy of the credential would send a used token, and the bank may then end the consent.`,
  ];
}
