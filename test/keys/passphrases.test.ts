import { pemOf, privateKeyOf } from '../support/keys/certificates';
import { failureOf } from '../support/failure';
import { profileWith, transport } from '../support/keys/keyCredential';
import { pkcs12Of } from '../support/keys/pkcs12';
import type { BankSettings } from '../../core/profile/settings';

const forms: [string, () => BankSettings][] = [
  ['a key in PKCS#8', () => ({ transportPrivateKey: pemOf(privateKeyOf('rsa'), 'changeit') })],
  [
    'a key in the older form of PEM',
    () => ({
      transportPrivateKey: String(
        privateKeyOf('rsa').export({
          type: 'pkcs1',
          format: 'pem',
          cipher: 'aes-128-cbc',
          passphrase: 'changeit',
        }),
      ),
    }),
  ],
  [
    'a PKCS#12 file',
    () => ({ keyFormat: 'pkcs12', pkcs12: pkcs12Of(transport.rsa, 'changeit', ['-iter', '10']) }),
  ],
];

describe.each(forms)('the passphrase of %s', (_form, settings) => {
  it.each([
    ['changeit\n', 'the line end after it was left out'],
    ['changeit\r\n', 'the line end after it was left out'],
    ['  changeit\t', 'blanks around it were left out'],
  ])('may have white space around it: %j', async (passphrase, words) => {
    const { identity, notices } = await profileWith({ ...settings(), passphrase });
    expect(identity.passphrase ?? 'changeit').toBe('changeit');
    expect(notices.map(({ message }) => message)).toEqual([`"Passphrase" was repaired: ${words}`]);
  });

  it('is refused if it is another one with a line end', async () => {
    const failure = await failureOf(profileWith({ ...settings(), passphrase: 'another\n' }));
    expect(failure).toMatchObject({ code: 'passphrase-wrong' });
  });
});

it('a line end that belongs to a passphrase is kept', async () => {
  const passphrase = 'changeit\n';
  const { identity, notices } = await profileWith({
    transportPrivateKey: pemOf(privateKeyOf('rsa'), passphrase),
    passphrase,
  });
  expect(identity.passphrase).toBe(passphrase);
  expect(notices).toEqual([]);
});

it('the signing passphrase may have a line end', async () => {
  const { notices } = await profileWith({
    separateSigningKey: true,
    signingPrivateKey: pemOf(privateKeyOf('rsa'), 'changeit'),
    signingPassphrase: 'changeit\n',
    signingCertificate: transport.rsa.certificate,
  });
  expect(notices.map(({ message }) => message)).toEqual([
    '"Signing Passphrase" was repaired: the line end after it was left out',
  ]);
});
