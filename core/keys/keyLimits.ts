import { OpenBankingError } from '../errors/OpenBankingError';

/**
 * The limits of a field for keys. A credential needs a few certificates and one or two keys. Much more than that would take this process a
 * long time, and each TLS handshake would send it.
 */
export const KEY_LIMITS = {
  /** Certificates beside a key: those of the key, before and after a renewal, and their issuers. */
  certificates: 50,
  /** Certificates of authorities: more than twice as many as browsers trust. */
  authorities: 500,
  /** Bytes of a certificate. */
  certificateSize: 65_536,
  keys: 20,
  /** Entries of a PKCS#12 file, those included that are neither a key nor a certificate. */
  entries: 200,
} as const;

/** The error for a field with more than {@link KEY_LIMITS}.keys. */
export function tooManyKeys(field: string): OpenBankingError {
  const values = { field, maximum: KEY_LIMITS.keys };
  return new OpenBankingError('private-key-malformed', {
    problem: 'count',
    values,
    description: 'Leave only the key that the bank knows in it, and the next one.',
  });
}
