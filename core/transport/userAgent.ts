import { name, version } from '../../package.json';

/** `User-Agent` of every request (RFC 9110 §10.1.5): this package and its version. */
export const userAgent = `${name}/${version}`;

/** The headers with the `User-Agent` of this package, unless they have one. */
export function withUserAgent(
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const isGiven = Object.keys(headers).some((name) => name.toLowerCase() === 'user-agent');
  return isGiven ? headers : { 'User-Agent': userAgent, ...headers };
}
