import type { Endpoint } from '../../profile/endpoints';
import { bankOf, type Profile } from '../../profile/profile';
import type { HttpRequest } from '../../transport/send';

/**
 * A GET request for what a bank publishes: its metadata or its keys.
 *
 * It has the extra headers of the credential only on the host of the token endpoint, or of the issuer with discovery. Keys may be at a
 * directory, which must not get the bank's API key.
 *
 * @param accept media types
 */
export function getRequest(
  { url, source, reach }: Pick<Endpoint, 'url' | 'source' | 'reach'>,
  accept: string,
  profile: Profile,
): HttpRequest {
  const isOwnHost = new URL(url).hostname === new URL(bankOf(profile)).hostname;
  const headers = { ...(isOwnHost && profile.extraHeaders), Accept: accept };
  return { method: 'GET', url, source, reach, headers };
}
