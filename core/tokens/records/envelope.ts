import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { OpenBankingError } from '../../errors/OpenBankingError';
import type { EncryptionKey, EncryptionKeys } from './encryptionKeys';

/**
 * First byte of an envelope. After it come the ID of the key (8 bytes), the nonce (12), the tag (16), and the content, encrypted with
 * AES-256-GCM.
 */
const VERSION = 1;
const NONCE = 1 + 8;
const TAG = NONCE + 12;
const CONTENT = TAG + 16;

/** The key whose ID is in an envelope; `undefined` if it is none of these keys. The envelope may still be damaged. */
export function keyOf(envelope: Uint8Array, keys: EncryptionKeys): EncryptionKey | undefined {
  const id = Buffer.from(envelope.subarray(1, NONCE));
  return keys.find((key) => key.id.equals(id));
}

/** Words for the error if an envelope cannot be decrypted. */
export interface EnvelopeWords {
  /** The subject of the message. */
  readonly what: string;
  /** The advice. If `undefined`, the advice of the catalogue is used. */
  readonly description?: string;
}

/**
 * Encrypts content with the first key and a new nonce (AES-256-GCM, NIST SP 800-38D).
 *
 * @param content a JSON value
 * @param bound additional authenticated data: the envelope can be decrypted only with the same bytes
 */
export function encrypt(content: unknown, bound: Buffer, [{ id, key }]: EncryptionKeys): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(bound);
  const encrypted = [cipher.update(JSON.stringify(content), 'utf8'), cipher.final()];
  return Buffer.concat([Buffer.from([VERSION]), id, nonce, cipher.getAuthTag(), ...encrypted]);
}

/**
 * Decrypts content with the key that it was encrypted with.
 *
 * @throws OpenBankingError `encryption-key-wrong` (none of the keys encrypted it), `record-damaged` (the envelope or `bound` was changed)
 */
export function decrypt(
  envelope: Uint8Array,
  bound: Buffer,
  keys: EncryptionKeys,
  { what, description }: EnvelopeWords,
): unknown {
  const bytes = Buffer.from(envelope);
  if (bytes.length <= CONTENT || bytes[0] !== VERSION) throw damaged(what, description);
  const used = keyOf(bytes, keys);
  if (!used) throw failure('encryption-key-wrong', what, description);
  try {
    const decipher = createDecipheriv('aes-256-gcm', used.key, bytes.subarray(NONCE, TAG))
      .setAAD(bound)
      .setAuthTag(bytes.subarray(TAG, CONTENT));
    const content = [decipher.update(bytes.subarray(CONTENT)), decipher.final()];
    return JSON.parse(Buffer.concat(content).toString('utf8')) as unknown;
  } catch {
    throw damaged(what, description);
  }
}

/** `record-damaged`: an envelope was changed. @param what the subject of the message */
export function damaged(what: string, description?: string): OpenBankingError {
  return failure('record-damaged', what, description);
}

function failure(
  code: 'encryption-key-wrong' | 'record-damaged',
  record: string,
  description?: string,
): OpenBankingError {
  return new OpenBankingError(code, {
    values: { record },
    outcome: 'not-sent',
    ...(description && { description }),
  });
}
