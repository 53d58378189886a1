import { decodeProtectedHeader } from 'jose/decode/protected_header';

/**
 * The header of a JWT (RFC 7515 §4, RFC 7516 §4), not verified.
 *
 * @param jwt in compact form, or its parts
 * @returns an empty object if the header cannot be read: verifying or decrypting the JWT then fails
 */
export function joseHeader(jwt: string | { readonly protected: string }): Record<string, unknown> {
  try {
    return decodeProtectedHeader(jwt);
  } catch {
    return {};
  }
}

/**
 * The first header parameter that is refused. `zip` (RFC 7516 §4.1.3) is refused because a small JWT may decompress to a huge one.
 * `crit` (RFC 7515 §4.1.11) is refused because this package supports no extension.
 */
export function headerExtension(jwt: string): 'crit' | 'zip' | undefined {
  const header = joseHeader(jwt);
  return (['crit', 'zip'] as const).find((name) => header[name] !== undefined);
}
