import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { OpenBankingError } from '../errors/OpenBankingError';
import type { EncryptionKeys } from './encryptionKeys';
import type { NewRecord } from './store';

/** What a record tells in the clear and that may not be changed or swapped unnoticed. */
export type ClearPart = Omit<NewRecord, 'envelope' | 'state'>;

/** First byte of an envelope: what follows is the ID of the key (8 bytes), a nonce (12), a tag (16), and the content in AES-256-GCM. */
const VERSION = 1;
const NONCE = 1 + 8;
const TAG = NONCE + 12;
const CONTENT = TAG + 16;

/** Encrypts the content of a record, and binds it to what the record tells in the clear (AES-256-GCM, NIST SP 800-38D). */
export function seal(content: unknown, clear: ClearPart, [{ id, key }]: EncryptionKeys): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(authenticated(clear));
  const encrypted = [cipher.update(JSON.stringify(content), 'utf8'), cipher.final()];
  return Buffer.concat([Buffer.from([VERSION]), id, nonce, cipher.getAuthTag(), ...encrypted]);
}

/**
 * Decrypts the content of a record.
 *
 * @throws OpenBankingError `encryption-key-wrong`, `record-damaged`
 */
export function unseal(envelope: Uint8Array, clear: ClearPart, keys: EncryptionKeys): unknown {
  const bytes = Buffer.from(envelope);
  if (bytes.length <= CONTENT || bytes[0] !== VERSION) throw damaged(clear);
  const id = bytes.subarray(1, NONCE);
  const used = keys.find((key) => key.id.equals(id));
  if (!used) {
    throw new OpenBankingError('encryption-key-wrong', {
      message: `The stored token of consent "${clear.consent}" was encrypted with another key`,
      outcome: 'not-sent',
    });
  }
  try {
    const decipher = createDecipheriv('aes-256-gcm', used.key, bytes.subarray(NONCE, TAG))
      .setAAD(authenticated(clear))
      .setAuthTag(bytes.subarray(TAG, CONTENT));
    const content = [decipher.update(bytes.subarray(CONTENT)), decipher.final()];
    return JSON.parse(Buffer.concat(content).toString('utf8')) as unknown;
  } catch {
    throw damaged(clear);
  }
}

function authenticated(clear: ClearPart): Buffer {
  const { name, bank, clientId, consent, expiresAt, obtainedAt } = clear;
  const { refreshTokenExpiresAt, certificateThumbprint } = clear;
  return Buffer.from(
    JSON.stringify([
      ...[name, bank, clientId, consent, expiresAt ?? null, obtainedAt],
      ...[refreshTokenExpiresAt ?? null, certificateThumbprint],
    ]),
  );
}

function damaged({ consent }: ClearPart): OpenBankingError {
  return new OpenBankingError('record-damaged', {
    message: `The stored token of consent "${consent}" was changed by something else than this package`,
    outcome: 'not-sent',
  });
}
