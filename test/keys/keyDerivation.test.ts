import { pbkdf2Sync, scryptSync } from 'node:crypto';
import forge from 'node-forge';
import { KeyDerivation, unicodePassphrase, TooManyRounds } from '../../core/keys/keyDerivation';

const SALT = Buffer.from('salt and pepper');
const PASSPHRASE = Buffer.from('passphrase');

describe('KeyDerivation', () => {
  it.each([
    ['sha1', 1, 24, 1],
    ['sha1', 2, 8, 1000],
    ['sha256', 3, 32, 2048],
    ['sha384', 3, 48, 10],
    ['sha512', 3, 64, 10],
  ] as const)(
    'derives PKCS#12 keys with %s as another implementation does (purpose %i)',
    async (digest, purpose, length, rounds) => {
      const expected = forge.pkcs12.generateKey(
        'pass wörd',
        forge.util.createBuffer(SALT.toString('binary')),
        purpose,
        rounds,
        length,
        forge.md[digest].create(),
      );
      const derived = await new KeyDerivation().pkcs12(
        unicodePassphrase('pass wörd'),
        SALT,
        purpose,
        rounds,
        length,
        digest,
      );
      expect(derived.toString('hex')).toBe(expected.toHex());
    },
  );

  it('derives keys with PBKDF2 and scrypt as Node.js does', async () => {
    const derivation = new KeyDerivation();
    expect(await derivation.pbkdf2(PASSPHRASE, SALT, 120_000, 32, 'sha384')).toEqual(
      pbkdf2Sync(PASSPHRASE, SALT, 120_000, 32, 'sha384'),
    );
    const cost = { N: 2048, r: 8, p: 2 };
    expect(await derivation.scrypt(PASSPHRASE, SALT, cost, 16)).toEqual(
      scryptSync(PASSPHRASE, SALT, 16, cost),
    );
  });

  it.each<[string, (derivation: KeyDerivation) => Promise<unknown>, number]>([
    ['PBKDF2', (d) => d.pbkdf2(PASSPHRASE, SALT, 0x7fffffff, 32, 'sha256'), 0x7fffffff],
    ['PKCS#12', (d) => d.pkcs12(PASSPHRASE, SALT, 1, 0x7fffffff, 20, 'sha1'), 0x7fffffff],
    ['PBKDF1', (d) => d.pbkdf1(PASSPHRASE, SALT, 2 ** 40, 'md5'), 2 ** 40],
    ['scrypt', (d) => d.scrypt(PASSPHRASE, SALT, { N: 1024, r: 8, p: 2 ** 20 }, 32), 2 ** 33],
    [
      'scrypt with much memory',
      (d) => d.scrypt(PASSPHRASE, SALT, { N: 2 ** 24, r: 8, p: 1 }, 32),
      2 ** 27,
    ],
    ['a negative number', (d) => d.pbkdf2(PASSPHRASE, SALT, -1, 32, 'sha256'), -1],
    ['no number', (d) => d.pkcs12(PASSPHRASE, SALT, 1, NaN, 20, 'sha1'), NaN],
  ])('refuses rounds that would take too long: %s', async (_, derive, rounds) => {
    const failure: unknown = await derive(new KeyDerivation()).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TooManyRounds);
    expect((failure as TooManyRounds).rounds).toBe(rounds);
  });

  it('gives the event loop its turn meanwhile', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await new KeyDerivation().pkcs12(PASSPHRASE, SALT, 3, 400_000, 20, 'sha1');
    clearInterval(timer);
    expect(turns).toBeGreaterThan(5);
  });
});
