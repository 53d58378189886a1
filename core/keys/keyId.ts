import { createHash, createPublicKey, type KeyObject, type X509Certificate } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose/jwk/thumbprint';
import { exportJWK } from 'jose/key/export';
import { OpenBankingError } from '../errors/OpenBankingError';
import type { KeyIdSource } from './algorithms';
import { isVschar } from '../lib/vschar';

/** Maximum number of characters of a key ID. Thumbprints have 27 or 43, and key IDs of directories have some dozens. */
const LONGEST_KEY_ID = 255;

/** A signing key. */
export interface IdentifiedKey {
  readonly key: KeyObject;
  readonly certificate?: X509Certificate;
  /** The name of the field of the certificate, for messages. */
  readonly certificateField: string;
}

/**
 * The `kid` of an assertion.
 *
 * @param given a key ID that the bank or directory assigned, and the name of its field
 * @returns `undefined` if the header is to have no `kid` (RFC 7515 §4.1.4)
 * @throws OpenBankingError `field-missing`, `field-malformed`
 */
export async function keyIdOf(
  source: KeyIdSource,
  { key, certificate, certificateField }: IdentifiedKey,
  { text, field }: { readonly text?: string; readonly field: string },
): Promise<string | undefined> {
  switch (source) {
    case 'given': {
      const keyId = text?.trim();
      if (!keyId)
        throw new OpenBankingError('field-missing', {
          problem: 'empty',
          values: { field },
          description: `Fill in "${field}" as the bank registered it, or choose to have it computed from the certificate.`,
        });
      // A key ID is sent and shown in the clear, so a private key that was pasted here by mistake is refused.
      if (!isVschar(keyId) || keyId.length > LONGEST_KEY_ID || /-----|[{}]/.test(keyId)) {
        throw new OpenBankingError('field-malformed', {
          problem: 'keyId',
          values: { field },
        });
      }
      return keyId;
    }
    case 'none':
      return undefined;
    case 'jwk':
      return jwkThumbprint(key);
    case 'publicKeySha256':
      return publicKeyDigest(key);
    case 'x5t':
    case 'x5t#S256':
      if (!certificate) {
        throw new OpenBankingError('field-missing', {
          problem: 'signingCertificate',
          values: { field: certificateField },
        });
      }
      return certificateThumbprint(certificate, source === 'x5t' ? 'sha1' : 'sha256');
    default:
      throw new OpenBankingError('field-malformed', {
        problem: 'unknownValue',
        values: { field: 'Key ID From' },
      });
  }
}

/** A value that the `kid` may have. */
export interface KeyIdCandidate {
  /** How it is computed. */
  readonly name: string;
  readonly keyId: string;
}

/** All values that the `kid` may have, but for an assigned one: thumbprints of the certificate, and of the key. They are public. */
export async function keyIdCandidates({
  key,
  certificate,
}: {
  key: KeyObject;
  certificate?: X509Certificate;
}): Promise<readonly KeyIdCandidate[]> {
  return [
    ...(certificate
      ? [
          { name: 'x5t', keyId: certificateThumbprint(certificate, 'sha1') },
          { name: 'x5t#S256', keyId: certificateThumbprint(certificate, 'sha256') },
        ]
      : []),
    { name: 'SHA-256 of the public key', keyId: publicKeyDigest(key) },
    { name: 'RFC 7638', keyId: await jwkThumbprint(key) },
  ];
}

async function jwkThumbprint(key: KeyObject): Promise<string> {
  return calculateJwkThumbprint(await exportJWK(createPublicKey(key)), 'sha256');
}

/**
 * SHA-256 of the public key in DER (SubjectPublicKeyInfo, RFC 5280 §4.1.2.7), in base64url. Keycloak gives this ID to the key of an imported
 * certificate (`KeyUtils.createKeyId`), and so does Open Liberty.
 */
function publicKeyDigest(key: KeyObject): string {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest('base64url');
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
