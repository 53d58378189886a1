import type { EncryptionKeys } from './encryptionKeys';
import { decrypt, encrypt } from './envelope';
import type { NewRecord } from '../../store/store';

/** What a record tells in the clear and that may not be changed or swapped unnoticed. */
export type ClearPart = Omit<NewRecord, 'envelope' | 'state'>;

/** Encrypts the content of a record, and binds it to what the record tells in the clear. */
export function seal(content: unknown, clear: ClearPart, keys: EncryptionKeys): Buffer {
  return encrypt(content, authenticated(clear), keys);
}

/**
 * Decrypts the content of a record.
 *
 * @throws OpenBankingError `encryption-key-wrong`, `record-damaged`
 */
export function unseal(envelope: Uint8Array, clear: ClearPart, keys: EncryptionKeys): unknown {
  const what = `The stored token of consent "${clear.consent}"`;
  return decrypt(envelope, authenticated(clear), keys, { what });
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
