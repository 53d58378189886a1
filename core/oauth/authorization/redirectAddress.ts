/** The parameters of an answer with a code that an exchange reads. Nobody checks the others, which may be of any kind and length. */
const READ_BY_EXCHANGE = new Set(['code', 'state', 'iss', 'id_token', 'response']);

/**
 * The address of a redirect with the parameters that an exchange reads. The field "Authorization Code" of the exchange accepts it.
 *
 * @param part the part of the address in which the bank sent them
 */
export function redirectAddress(
  redirectUri: string,
  parameters: URLSearchParams,
  part: 'query' | 'fragment',
): string {
  const address = new URL(redirectUri);
  const read = [...parameters].filter(([name]) => READ_BY_EXCHANGE.has(name));
  if (part === 'fragment') address.hash = new URLSearchParams(read).toString();
  // The redirect URI may have a query of its own.
  else read.forEach(([name, value]) => address.searchParams.set(name, value));
  return address.href;
}
