import type { EncryptionKey, EncryptionKeys } from './encryptionKeys';
import { damaged, decrypt, encrypt, keyOf } from './envelope';
import type { NewRecord } from '../../store/store';

/** The part of a record that is not encrypted. It is authenticated, so that a change is detected. */
export type ClearPart = Omit<NewRecord, 'envelope' | 'state'>;

/** Encrypts the content of a record, and binds it to the part in the clear. */
export function seal(content: unknown, clear: ClearPart, key: EncryptionKey): Buffer {
  return encrypt(content, authenticatedData(clear), [key]);
}

/**
 * Decrypts the content of a record that belongs to one of the keys, see `isOwn`.
 *
 * @throws OpenBankingError `record-damaged`
 */
export function unseal(envelope: Uint8Array, clear: ClearPart, keys: EncryptionKeys): unknown {
  const what = `The stored token of consent "${clear.consent}"`;
  // The name of the record belongs to one of the keys, and the envelope to none of them.
  if (!keyOf(envelope, keys)) throw damaged(what);
  return decrypt(envelope, authenticatedData(clear), keys, { what });
}

function authenticatedData(clear: ClearPart): Buffer {
  const { name, bank, clientId, consent, expiresAt, obtainedAt } = clear;
  const { refreshTokenExpiresAt, certificateThumbprint } = clear;
  return Buffer.from(
    JSON.stringify([
      ...[name, bank, clientId, consent, expiresAt ?? null, obtainedAt],
      ...[refreshTokenExpiresAt ?? null, certificateThumbprint],
    ]),
  );
}
