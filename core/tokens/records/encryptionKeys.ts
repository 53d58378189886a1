import { createHash, createPrivateKey, hkdfSync } from 'node:crypto';
import { OpenBankingError } from '../../errors/OpenBankingError';
import type { Profile } from '../../profile/profile';

/** A key for the encryption of records. */
export interface EncryptionKey {
  /** Eight bytes that identify the key. The key cannot be computed from them. */
  readonly id: Buffer;
  /** 256 bits. */
  readonly key: Buffer;
}

/** The first key encrypts; all keys decrypt. */
export type EncryptionKeys = readonly [EncryptionKey, ...EncryptionKey[]];

/** Minimum number of characters of a key. `openssl rand -base64 24` prints this number, for 192 bits. */
const MINIMUM_LENGTH = 32;

/**
 * The keys of a credential. First come the keys of "Encryption Key", separated by white space. Last comes the key that is derived from
 * the private key (HKDF, RFC 5869), and those of other private keys of a keystore. If the field is empty, the derived key encrypts. If it is
 * filled in later, the derived key still decrypts.
 *
 * @throws OpenBankingError `field-malformed`
 */
export function encryptionKeys(given: string | undefined, profile: Profile): EncryptionKeys {
  const secrets = given?.split(/\s+/).filter(Boolean) ?? [];
  if (secrets.some((secret) => secret.length < MINIMUM_LENGTH)) {
    throw new OpenBankingError('field-malformed', {
      problem: 'shortKey',
      values: { minimum: MINIMUM_LENGTH },
      description: 'Make one with "openssl rand -base64 32". Keys are separated by a space.',
    });
  }
  const { privateKey, passphrase } = profile.identity;
  const derived = [createPrivateKey({ key: privateKey, passphrase }), ...profile.otherKeys].map(
    (key) => key.export({ type: 'pkcs8', format: 'der' }),
  );
  const [first, ...rest] = [...secrets.map((secret) => Buffer.from(secret)), ...derived].map(
    keyFrom,
  );
  return [first!, ...rest];
}

function keyFrom(secret: Buffer): EncryptionKey {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'n8n-nodes-open-banking tokens', 32));
  return { key, id: createHash('sha256').update(key).digest().subarray(0, 8) };
}
