import { randomBytes } from 'node:crypto';
import type { EncryptionKey, EncryptionKeys } from '../../../core/tokens/records/encryptionKeys';
import { decrypt, encrypt } from '../../../core/tokens/records/envelope';
import { failureOf } from '../../support/failure';

/** Where the parts of an envelope begin. */
const [KEY_ID, NONCE, TAG, CIPHERTEXT] = [1, 9, 21, 37] as const;

const CONTENT = { access_token: 'at-1', consent: 'Zoë' };
const BOUND = Buffer.from('record of consent c');
const OWNER = { what: 'The stored token' };

const newKey = (): EncryptionKey => ({ id: randomBytes(8), key: randomBytes(32) });

const failureToDecrypt = (envelope: Uint8Array, bound: Buffer, keys: EncryptionKeys) =>
  failureOf(
    Promise.resolve().then(() => decrypt(envelope, bound, keys, { ...OWNER, description: 'Help' })),
  );

describe('an envelope', () => {
  const keys: EncryptionKeys = [newKey()];

  it('has a new nonce, so that no two envelopes of a key have the same one', () => {
    const envelopes = Array.from({ length: 1000 }, () => encrypt(CONTENT, BOUND, keys));
    const different = (from: number, to?: number) =>
      new Set(envelopes.map((envelope) => envelope.toString('hex', from, to))).size;
    expect(different(NONCE, TAG)).toBe(1000);
    expect(different(CIPHERTEXT)).toBe(1000);
  });

  it('has a nonce in which every byte varies', () => {
    const envelopes = Array.from({ length: 200 }, () => encrypt(CONTENT, BOUND, keys));
    for (let at: number = NONCE; at < TAG; at++) {
      expect(new Set(envelopes.map((envelope) => envelope[at])).size).toBeGreaterThan(50);
    }
  });

  it('begins with its version and the ID of the first key', () => {
    const envelope = encrypt(CONTENT, BOUND, [keys[0], newKey()]);
    expect(envelope[0]).toBe(1);
    expect(envelope.subarray(KEY_ID, NONCE)).toEqual(keys[0].id);
  });

  it('does not contain its content in the clear', () => {
    expect(encrypt(CONTENT, BOUND, keys).includes('at-1')).toBe(false);
  });

  it('is decrypted to the same content', () => {
    expect(decrypt(encrypt(CONTENT, BOUND, keys), BOUND, keys, OWNER)).toEqual(CONTENT);
  });

  it('is decrypted with the key that it was encrypted with, wherever that key is in the list', () => {
    const envelope = encrypt(CONTENT, BOUND, keys);
    expect(decrypt(envelope, BOUND, [newKey(), newKey(), ...keys], OWNER)).toEqual(CONTENT);
  });

  it('is refused if the key that it was encrypted with is not in the list', async () => {
    const error = await failureToDecrypt(encrypt(CONTENT, BOUND, keys), BOUND, [newKey()]);
    expect(error).toMatchObject({
      code: 'encryption-key-wrong',
      message: 'The stored token was encrypted with another key',
      description: 'Help',
      outcome: 'not-sent',
    });
  });

  it('is refused if it belongs to something else', async () => {
    const envelope = encrypt(CONTENT, BOUND, keys);
    const error = await failureToDecrypt(envelope, Buffer.from('record of consent d'), keys);
    expect(error).toMatchObject({ code: 'record-damaged', outcome: 'not-sent' });
  });

  it.each([
    ['version', 0],
    ['nonce', NONCE],
    ['authentication tag', TAG],
    ['encrypted content', CIPHERTEXT],
  ])('is refused if its %s was changed', async (_part, at) => {
    const envelope = encrypt(CONTENT, BOUND, keys);
    envelope[at]! ^= 1;
    expect(await failureToDecrypt(envelope, BOUND, keys)).toMatchObject({ code: 'record-damaged' });
  });

  it.each([0, 1, KEY_ID + 8, TAG, CIPHERTEXT, CIPHERTEXT + 5])(
    'is refused if it was cut after %i bytes',
    async (length) => {
      const envelope = encrypt(CONTENT, BOUND, keys).subarray(0, length);
      expect(await failureToDecrypt(envelope, BOUND, keys)).toMatchObject({
        code: 'record-damaged',
      });
    },
  );
});
