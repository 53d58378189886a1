import { OpenBankingError } from '../errors/OpenBankingError';
import type { Profile } from './profile';

/** Hosts of this machine, to which a browser may return without TLS (RFC 8252 §7.3). */
const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * The redirect URI of a request; the redirect URI of the profile if none is given.
 *
 * @throws OpenBankingError `field-missing`, and those of {@link assertRedirectUri}
 */
export function redirectUriOf(profile: Profile, given: string | undefined): string {
  const uri = given?.trim() || profile.redirectUri;
  if (!uri) {
    throw new OpenBankingError('field-missing', {
      problem: 'empty',
      values: { field: 'Redirect URI' },
      description:
        'Fill in "Redirect URI" in the credential, exactly as it was registered and used when the customer gave consent.',
    });
  }
  assertRedirectUri(uri);
  return uri;
}

/**
 * Refuses an address that no bank registers as a redirect URI (RFC 6749 §3.1.2). At WSO2 a wrong redirect URI uses up the code.
 *
 * @throws OpenBankingError `url-malformed`
 */
export function assertRedirectUri(uri: string): void {
  const description =
    'Give the address exactly as the bank has registered it, such as https://app.example/redirect.';
  const values = { field: 'Redirect URI' };
  const malformed = (problem: 'characters' | 'fragment') =>
    new OpenBankingError('url-malformed', { problem, values, description });
  // The class URL removes line breaks, and accepts backslashes and a third slash. No registered address has them.
  if (/[\s\\]/.test(uri)) throw malformed('characters');
  if (!/^https?:\/\/[^/]/i.test(uri) || !URL.canParse(uri)) {
    throw new OpenBankingError('url-malformed', { problem: 'redirectUri', description });
  }
  if (uri.includes('#')) throw malformed('fragment');
  const { protocol, hostname } = new URL(uri);
  if (protocol === 'http:' && !LOOPBACK_HOSTS.has(hostname)) {
    throw new OpenBankingError('url-malformed', {
      problem: 'http',
      values,
      description: `Only "localhost" works without TLS. ${description}`,
    });
  }
}
