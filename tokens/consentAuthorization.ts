import { OpenBankingError } from '../errors/OpenBankingError';
import type { Profile } from '../oauth/profile';
import { consentName } from './consentName';
import { consentTokensOf } from './consentTokensOf';
import type { KeepingSettings } from './settings';

/** Whose token is set. */
export interface ConsentSettings extends KeepingSettings {
  consent?: string;
  /** Begins what is kept, where nothing is. */
  firstRefreshToken?: string;
}

/**
 * The `Authorization` header for a consent: of its kept token, refreshed before it expires, and never because of what an API answered.
 *
 * @throws OpenBankingError `consent-missing`, `consent-malformed`, and those of `ConsentTokens.valid`
 */
export async function consentAuthorization(
  profile: Profile,
  settings: ConsentSettings,
): Promise<string> {
  const consent = consentName(settings.consent);
  const kept = await consentTokensOf(profile, settings);
  const { firstRefreshToken } = settings;
  const { tokens, remarks } = await kept.valid(consent, { firstRefreshToken });
  // HTTP Request has no place for them; n8n logs warnings of its process.
  for (const remark of remarks) process.emitWarning(remark, 'OpenBankingWarning');
  if (!tokens.authorization) {
    throw new OpenBankingError('token-response-invalid', {
      message: `The kept token of consent "${consent}" cannot be used`,
    });
  }
  return tokens.authorization;
}
