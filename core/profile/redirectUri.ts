import { OpenBankingError } from '../errors/OpenBankingError';
import type { Profile } from './profile';

/** Hosts of this machine, at which a browser may come back without TLS (RFC 8252 §7.3). */
const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * The redirect URI of a request: that of the profile if none is given.
 *
 * @throws OpenBankingError `redirect-uri-missing`, and as {@link assertRedirectUri}
 */
export function redirectUriOf(profile: Profile, given: string | undefined): string {
  const uri = given?.trim() || profile.redirectUri;
  if (!uri) {
    throw new OpenBankingError('redirect-uri-missing', { message: '"Redirect URI" is empty' });
  }
  assertRedirectUri(uri);
  return uri;
}

/**
 * Refuses what no bank registers as a redirect URI (RFC 6749 §3.1.2): WSO2 uses a code up even if the redirect URI is wrong.
 *
 * @throws OpenBankingError `url-malformed`, `url-insecure`
 */
export function assertRedirectUri(uri: string): void {
  const description =
    'Give the address that the bank has registered, to the letter, such as https://app.example/redirect.';
  const malformed = (what: string) =>
    new OpenBankingError('url-malformed', { message: `"Redirect URI" ${what}`, description });
  // URL quietly removes line breaks, and accepts backslashes and a third slash; none of them was registered.
  if (/[\s\\]/.test(uri)) throw malformed('contains white space or a backslash');
  if (!/^https?:\/\/[^/]/i.test(uri) || !URL.canParse(uri)) {
    throw malformed('is not an address that begins with "https://"');
  }
  if (uri.includes('#')) throw malformed('contains "#"');
  const { protocol, hostname } = new URL(uri);
  if (protocol === 'http:' && !loopback.has(hostname)) {
    throw new OpenBankingError('url-insecure', {
      message: '"Redirect URI" begins with "http://"',
      description: `Only "localhost" goes without TLS. ${description}`,
    });
  }
}
