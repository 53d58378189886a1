import { createHash, createPublicKey, type KeyObject, type X509Certificate } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose/jwk/thumbprint';
import { exportJWK } from 'jose/key/export';
import { OpenBankingError } from '../errors/OpenBankingError';
import type { KeyIdSource } from './algorithms';
import { isVschar } from '../lib/vschar';

/** Maximum number of characters of a key ID. Thumbprints have 27 or 43, and key IDs of directories have some dozens. */
const LONGEST_KEY_ID = 255;

/**
 * The `kid` of an assertion.
 *
 * @param given the value of the field "Key ID"
 * @param certificate that of the signing key, if there is one
 * @throws OpenBankingError `field-missing`, `field-malformed`
 */
export async function keyIdOf(
  source: KeyIdSource,
  given: string | undefined,
  key: KeyObject,
  certificate: X509Certificate | undefined,
): Promise<string> {
  switch (source) {
    case 'given': {
      const keyId = given?.trim();
      if (!keyId)
        throw new OpenBankingError('field-missing', {
          problem: 'empty',
          values: { field: 'Key ID' },
          description:
            'Fill in "Key ID" as the bank registered it, or choose to have it computed from the certificate.',
        });
      // A key ID is sent and shown in the clear, so a private key that was pasted here by mistake is refused.
      if (!isVschar(keyId) || keyId.length > LONGEST_KEY_ID || /-----|[{}]/.test(keyId)) {
        throw new OpenBankingError('field-malformed', {
          problem: 'keyId',
        });
      }
      return keyId;
    }
    case 'jwk':
      return jwkThumbprint(key);
    case 'x5t':
    case 'x5t#S256':
      if (!certificate) {
        throw new OpenBankingError('field-missing', { problem: 'signingCertificate' });
      }
      return certificateThumbprint(certificate, source === 'x5t' ? 'sha1' : 'sha256');
    default:
      throw new OpenBankingError('field-malformed', {
        problem: 'unknownValue',
        values: { field: 'Key ID From' },
      });
  }
}

/** All values that the `kid` may have: thumbprints of the certificate, and of the key (RFC 7638). They are public. */
export async function keyIdCandidates({
  key,
  certificate,
}: {
  key: KeyObject;
  certificate?: X509Certificate;
}): Promise<{ x5t?: string; 'x5t#S256'?: string; jwk: string }> {
  return {
    ...(certificate && {
      x5t: certificateThumbprint(certificate, 'sha1'),
      'x5t#S256': certificateThumbprint(certificate, 'sha256'),
    }),
    jwk: await jwkThumbprint(key),
  };
}

async function jwkThumbprint(key: KeyObject): Promise<string> {
  return calculateJwkThumbprint(await exportJWK(createPublicKey(key)), 'sha256');
}

/**
 * Digest of a certificate in DER, in base64url: `x5t` with SHA-1 (RFC 7515 §4.1.7), `x5t#S256` with SHA-256 (§4.1.8).
 * WSO2's documentation calls the first one "the thumbprint of the certificate".
 */
export function certificateThumbprint(
  certificate: X509Certificate,
  hash: 'sha1' | 'sha256',
): string {
  return createHash(hash).update(certificate.raw).digest('base64url');
}
