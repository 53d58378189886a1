import { OpenBankingError } from '../errors/OpenBankingError';
import type { BankClient } from '../oauth/client';
import { consentName } from './consentName';
import { openConsentTokens } from './openStores';
import type { KeepingSettings } from './settings';

/** The settings that say which consent's token is used. */
export interface ConsentSettings extends KeepingSettings {
  /** The consent of a request that names none. */
  consent?: string;
  /** The first refresh token of that consent, used if nothing is stored for it. */
  firstRefreshToken?: string;
}

/**
 * The `Authorization` header for a consent: its stored token, refreshed before it expires, and never because of the API's answer.
 *
 * @param named the consent that the request names, in place of the one in the settings
 * @throws OpenBankingError `input-missing`, `consent-malformed`, and those of `ConsentTokens.valid`
 */
export async function consentAuthorization(
  client: BankClient,
  settings: ConsentSettings,
  named?: string,
): Promise<string> {
  if (named === undefined && !String(settings.consent ?? '').trim()) throw noConsent();
  const consent = consentName(named ?? settings.consent);
  const stored = openConsentTokens(client, settings);
  // With another consent than the credential's own, this refresh token would give access to another customer's data.
  const isOwn = String(settings.consent ?? '').trim() === consent;
  const firstRefreshToken = isOwn ? settings.firstRefreshToken : undefined;
  if (firstRefreshToken?.includes('{{')) {
    throw new OpenBankingError('refresh-token-malformed', {
      message: '"First Refresh Token" is the text of an expression: this field takes none',
    });
  }
  const { tokens, remarks } = await stored.valid(consent, { firstRefreshToken });
  // HTTP Request cannot show them, but n8n logs the warnings of its process.
  for (const remark of remarks) process.emitWarning(remark, 'OpenBankingWarning');
  if (!tokens.authorization) {
    throw new OpenBankingError('response-invalid', {
      message: `The kept token of consent "${consent}" cannot be used`,
    });
  }
  return tokens.authorization;
}

function noConsent(): OpenBankingError {
  return new OpenBankingError('input-missing', {
    message: 'The request names no consent',
    description:
      'Add the header "x-open-banking-consent" to the node, with the name that the tokens are stored under, for example {{ $json.consent }}. Nothing was sent.',
  });
}
