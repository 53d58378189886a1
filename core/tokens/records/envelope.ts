import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { OpenBankingError } from '../../errors/OpenBankingError';
import type { EncryptionKeys } from './encryptionKeys';

/** First byte of an envelope: what follows is the ID of the key (8 bytes), a nonce (12), a tag (16), and the content in AES-256-GCM. */
const VERSION = 1;
const NONCE = 1 + 8;
const TAG = NONCE + 12;
const CONTENT = TAG + 16;

/** How a failure to open an envelope is told. */
export interface EnvelopeOwner {
  /** Begins the message. */
  readonly what: string;
  /** In place of the advice that goes for stored tokens. */
  readonly description?: string;
}

/**
 * Encrypts content with the first key (AES-256-GCM, NIST SP 800-38D).
 *
 * @param bound what the envelope belongs to: it does not open with anything else
 */
export function encrypt(content: unknown, bound: Buffer, [{ id, key }]: EncryptionKeys): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(bound);
  const encrypted = [cipher.update(JSON.stringify(content), 'utf8'), cipher.final()];
  return Buffer.concat([Buffer.from([VERSION]), id, nonce, cipher.getAuthTag(), ...encrypted]);
}

/**
 * Decrypts content with whichever key it was encrypted with.
 *
 * @throws OpenBankingError `encryption-key-wrong` (it was encrypted with none of the keys), `record-damaged` (it, or what it is bound to,
 * was changed)
 */
export function decrypt(
  envelope: Uint8Array,
  bound: Buffer,
  keys: EncryptionKeys,
  { what, description }: EnvelopeOwner,
): unknown {
  const failure = (code: 'encryption-key-wrong' | 'record-damaged', how: string) =>
    new OpenBankingError(code, {
      message: `${what} was ${how}`,
      outcome: 'not-sent',
      ...(description && { description }),
    });
  const damaged = () => failure('record-damaged', 'changed by something else than this package');
  const bytes = Buffer.from(envelope);
  if (bytes.length <= CONTENT || bytes[0] !== VERSION) throw damaged();
  const id = bytes.subarray(1, NONCE);
  const used = keys.find((key) => key.id.equals(id));
  if (!used) throw failure('encryption-key-wrong', 'encrypted with another key');
  try {
    const decipher = createDecipheriv('aes-256-gcm', used.key, bytes.subarray(NONCE, TAG))
      .setAAD(bound)
      .setAuthTag(bytes.subarray(TAG, CONTENT));
    const content = [decipher.update(bytes.subarray(CONTENT)), decipher.final()];
    return JSON.parse(Buffer.concat(content).toString('utf8')) as unknown;
  } catch {
    throw damaged();
  }
}
