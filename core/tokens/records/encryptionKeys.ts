import { createHash, createPrivateKey, hkdfSync } from 'node:crypto';
import { OpenBankingError } from '../../errors/OpenBankingError';
import type { Profile } from '../../profile/profile';

/** A key that records are encrypted with. */
export interface EncryptionKey {
  /** Eight bytes that tell keys apart without telling anything of the key. */
  readonly id: Buffer;
  /** 256 bits. */
  readonly key: Buffer;
}

/** The key that encrypts, then those that only decrypt. */
export type EncryptionKeys = readonly [EncryptionKey, ...EncryptionKey[]];

/** Characters that a key has at least: as many as `openssl rand -base64 24` prints, for 192 bits. */
const SHORTEST = 32;

/**
 * The keys of a credential: those of "Encryption Key", separated by white space, the first of which encrypts; last, and alone where the
 * field is empty, the one that is derived from the private key (HKDF, RFC 5869), so that filling in the field later loses nothing.
 *
 * @throws OpenBankingError `setting-malformed`
 */
export function encryptionKeys(given: string | undefined, profile: Profile): EncryptionKeys {
  const secrets = given?.split(/\s+/).filter(Boolean) ?? [];
  if (secrets.some((secret) => secret.length < SHORTEST)) {
    throw new OpenBankingError('setting-malformed', {
      message: `"Encryption Key" holds a key of fewer than ${SHORTEST} characters`,
      description: 'Make one with "openssl rand -base64 32". Keys are separated by a space.',
    });
  }
  const { privateKey, passphrase } = profile.identity;
  const derived = createPrivateKey({ key: privateKey, passphrase }).export({
    type: 'pkcs8',
    format: 'der',
  });
  const [first, ...rest] = [...secrets.map((secret) => Buffer.from(secret)), derived].map(keyFrom);
  return [first!, ...rest];
}

function keyFrom(secret: Buffer): EncryptionKey {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'n8n-nodes-open-banking tokens', 32));
  return { key, id: createHash('sha256').update(key).digest().subarray(0, 8) };
}
