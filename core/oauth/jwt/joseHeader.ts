import { decodeProtectedHeader } from 'jose/decode/protected_header';

/** The header of a JWT in compact form (RFC 7515 §4, RFC 7516 §4), unverified; nothing in it where it cannot be read. */
export function joseHeader(jwt: string): Record<string, unknown> {
  try {
    return decodeProtectedHeader(jwt);
  } catch {
    // What verifies or decrypts it says what is wrong with it.
    return {};
  }
}

/**
 * What no bank has to put into a header: compression lets a small JWT grow without end (RFC 7516 §4.1.3), and a critical
 * extension is one that must be understood (RFC 7515 §4.1.11).
 *
 * @returns the first one that is there
 */
export function headerExtension(jwt: string): 'crit' | 'zip' | undefined {
  const header = joseHeader(jwt);
  return (['crit', 'zip'] as const).find((name) => header[name] !== undefined);
}
