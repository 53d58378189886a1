import { OpenBankingError } from '../errors/OpenBankingError';
import { visible } from '../lib/visible';
import type { BankClient } from '../oauth/client';
import { consentName } from './consentName';
import { openConsentTokens } from './openStores';
import type { ConsentSettings } from './settings';

/**
 * The `Authorization` header for a consent, with its stored token. The token is refreshed before it expires. An answer of the API
 * never causes a refresh.
 *
 * @param named the consent that the request names; if `undefined`, the consent of the settings
 * @throws OpenBankingError `input-missing`, `consent-malformed`, `response-invalid`, and those of `openConsentTokens` and `ConsentTokens.valid`
 */
export async function consentAuthorization(
  client: BankClient,
  settings: ConsentSettings,
  named?: string,
): Promise<string> {
  if (named === undefined && !String(settings.consent ?? '').trim()) throw noConsent();
  const consent = consentName(named ?? settings.consent);
  const { tokens, remarks } = await openConsentTokens(client, settings).valid(consent);
  // The HTTP Request node cannot show warnings, but n8n logs the warnings of its process.
  for (const remark of remarks) process.emitWarning(visible(remark), 'OpenBankingWarning');
  if (!tokens.authorization) {
    throw new OpenBankingError('response-invalid', {
      problem: 'storedToken',
      values: { consent },
    });
  }
  return tokens.authorization;
}

function noConsent(): OpenBankingError {
  return new OpenBankingError('input-missing', {
    problem: 'consent',
    description:
      'Add the header "x-open-banking-consent" to the node, with the name that the tokens are stored under, for example {{ $json.consent }}. Nothing was sent.',
  });
}
