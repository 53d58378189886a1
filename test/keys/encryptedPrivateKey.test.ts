import { createPrivateKey } from 'node:crypto';
import { pemBlock, pemOf, privateKeyOf } from '../support/certificates';
import { failureOf } from '../support/failure';
import { profileWith, transport } from '../support/keyCredential';
import { encryptedKeyOf, outdatedKeyOf } from '../support/pkcs12';

const RC2_HEADERS = 'Proc-Type: 4,ENCRYPTED\nDEK-Info: RC2-40-CBC,0011223344556677';

describe('an encrypted key', () => {
  const legacy = () =>
    String(
      privateKeyOf('rsa').export({
        type: 'pkcs1',
        format: 'pem',
        cipher: 'aes-256-cbc',
        passphrase: 'secret',
      }),
    );
  const pkcs8 = () => pemOf(privateKeyOf('rsa'), 'secret');

  it.each<[string, () => string]>([
    ['PKCS#8', pkcs8],
    ['PKCS#8 on one line', () => pkcs8().replaceAll('\n', '')],
    ['the older form', legacy],
    ['the older form on one line', () => legacy().replaceAll('\n', ' ')],
    ['the older form without any break', () => legacy().replaceAll('\n', '')],
    ['the older form with line breaks written out', () => legacy().replaceAll('\n', '\\n')],
  ])('is read in %s', async (_, key) => {
    const { signer, identity } = await profileWith({
      transportPrivateKey: key(),
      passphrase: 'secret',
    });
    expect(signer!.key.equals(privateKeyOf('rsa'))).toBe(true);
    const { privateKey, passphrase } = identity;
    expect(passphrase).toBe('secret');
    expect(createPrivateKey({ key: privateKey, passphrase }).equals(signer!.key)).toBe(true);
  });

  it('whose rounds were damaged is refused at once', async () => {
    const der = Buffer.from(pkcs8().replace(/-----.*-----|\n/g, ''), 'base64');
    // The rounds follow the identifier of PBKDF2 and its salt: INTEGER, two bytes, 2048.
    const rounds = der.indexOf(Buffer.from('02020800', 'hex'));
    expect(rounds).toBeGreaterThan(0);
    const damaged = Buffer.concat([
      Buffer.from('3082', 'hex'),
      Buffer.from([(der.length - 2) >> 8, (der.length - 2) & 255]),
      der.subarray(4, rounds),
      Buffer.from('02047fffffff', 'hex'),
      der.subarray(rounds + 4),
    ]);
    // Lengthens each sequence around the number by its two additional bytes.
    for (const at of sequencesAround(damaged, rounds)) damaged[at + 1]! += 2;
    const transportPrivateKey = pemBlock('ENCRYPTED PRIVATE KEY', damaged.toString('base64'));
    const started = performance.now();
    const changes = { transportPrivateKey, passphrase: 'secret' };
    expect(await failureOf(profileWith(changes))).toMatchObject({
      code: 'private-key-encryption-unsupported',
    });
    // 2^31 rounds take many minutes.
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  /** Where sequences with a length of one byte begin that hold this position. */
  function sequencesAround(der: Buffer, position: number): number[] {
    const starts: number[] = [];
    for (let at = 4; at < position; at++) {
      if (der[at] === 0x30 && at + 2 + der[at + 1]! > position) starts.push(at);
    }
    return starts;
  }
});

it.each<[string, () => string, string]>([
  ['a cipher of old', () => outdatedKeyOf(transport.rsa.privateKey, 'secret'), 'RC2, RC4 or DES'],
  [
    'an old key derivation of many rounds',
    () => encryptedKeyOf(transport.rsa.privateKey, ['-v1', 'PBE-SHA1-3DES', '-iter', '40000000']),
    '40000000 rounds',
  ],
  [
    'PBKDF2 with many rounds',
    () => encryptedKeyOf(transport.rsa.privateKey, ['-v2', 'aes256', '-iter', '1500000']),
    '1500000 rounds',
  ],
  [
    'scrypt that takes long',
    () =>
      encryptedKeyOf(transport.rsa.privateKey, [
        '-scrypt',
        '-scrypt_N',
        '8192',
        '-scrypt_p',
        '500',
      ]),
    'rounds',
  ],
  [
    'a cipher of PEM that is gone',
    () => pemBlock('RSA PRIVATE KEY', `${RC2_HEADERS}\n\n${btoa('encrypted')}`),
    'RC2-40-CBC',
  ],
])('a key that is encrypted with %s is not tried', async (_, key, what) => {
  const changes = { transportPrivateKey: key(), passphrase: 'secret' };
  const failure = await failureOf(profileWith(changes));
  expect(failure).toMatchObject({ code: 'private-key-encryption-unsupported' });
  expect(failure.message).toContain(what);
});
