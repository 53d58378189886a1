import { createPrivateKey } from 'node:crypto';
import { authenticateRequest } from '../../credentials/authenticateRequest';
import type { BankSettings } from '../../core/profile/settings';
import {
  certificateAuthority,
  privateKeyOf,
  type TestCertificate,
} from '../support/keys/certificates';
import { failureOf } from '../support/failure';
import { credentialWith, profileWith, transport } from '../support/keys/keyCredential';
import { pkcs12Of } from '../support/keys/pkcs12';

const LEGACY = ['-provider', 'legacy', '-provider', 'default'];

/** Options for contents that are encrypted with 3DES after this many rounds, under a checksum of one round. */
const tripleDes = (rounds: string) => [
  ...['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES'],
  ...['-iter', rounds, '-nomaciter'],
];

describe('a PKCS#12 file', () => {
  const read = (pkcs12: string, changes: BankSettings = {}) =>
    profileWith({ keyFormat: 'pkcs12', pkcs12, passphrase: 'secret', ...changes });

  it.each<[string, string[]]>([
    ['as OpenSSL 3 writes it', []],
    ['with RC2 and 3DES', ['-legacy']],
    ['with 3DES alone', ['-legacy', '-descert']],
    ['with a key that is not encrypted', ['-keypbe', 'NONE', '-certpbe', 'NONE']],
    ['with SHA-1 as checksum', ['-macalg', 'sha1']],
    ['with SHA-512 as checksum', ['-macalg', 'sha512']],
    ['with many rounds', ['-iter', '250000']],
    ['with 3DES and many rounds', tripleDes('45000')],
    ['without a checksum', ['-nomac']],
    ['with certificates that are not encrypted', ['-certpbe', 'NONE']],
    ['with RC2 with 128 bits', [...LEGACY, '-certpbe', 'PBE-SHA1-RC2-128']],
    ['with 3DES with two keys', [...LEGACY, '-keypbe', 'PBE-SHA1-2DES']],
    ['with AES-128', ['-keypbe', 'AES-128-CBC', '-certpbe', 'AES-128-CBC']],
    ['with AES-192', ['-keypbe', 'AES-192-CBC', '-certpbe', 'AES-192-CBC']],
    ['with 3DES in PBES2', ['-keypbe', 'DES-EDE3-CBC']],
    ['with SHA-384 as checksum', ['-macalg', 'sha384']],
  ])('is read %s', async (_, options) => {
    const { signer, identity } = await read(pkcs12Of(transport.rsa, 'secret', options));
    expect(signer!.key.equals(privateKeyOf('rsa'))).toBe(true);
    expect(signer!.certificate!.toString().trim()).toBe(transport.rsa.certificate.trim());
    expect(createPrivateKey(identity.privateKey).equals(signer!.key)).toBe(true);
    expect(identity.passphrase).toBeUndefined();
  });

  it.each<[string, 'ES256' | 'EdDSA', () => TestCertificate]>([
    ['EC', 'ES256', () => transport.ec],
    ['Ed25519', 'EdDSA', () => transport.ed25519],
  ])('is read with an %s key', async (_, algorithm, pair) => {
    const { signer } = await read(pkcs12Of(pair(), 'secret'), { algorithm });
    expect(signer!.key.equals(createPrivateKey(pair().privateKey))).toBe(true);
  });

  it('is read with its chain, in the right order', async () => {
    const authority = await (await certificateAuthority()).intermediate('Test Intermediate CA');
    const leaf = await authority.issue({ key: 'rsa' });
    const chain = [authority.certificate, leaf.certificate].join('\n');
    const { identity, notices } = await read(pkcs12Of({ ...leaf, certificate: chain }, 'secret'));
    expect(identity.certificate.trim()).toBe(`${leaf.certificate}\n${authority.certificate}`);
    expect(notices.map(({ code }) => code)).not.toContain('intermediate-missing');
  });

  it('is read without a passphrase', async () => {
    const { signer } = await read(pkcs12Of(transport.rsa, ''), { passphrase: '' });
    expect(signer!.key.type).toBe('private');
  });

  it.each<[string, (file: string) => string]>([
    ['with line breaks', (file) => file.replace(/.{76}/g, '$&\n')],
    ['as a data URL', (file) => `data:application/x-pkcs12;base64,${file}`],
    [
      'between the BEGIN and END lines of certutil',
      (file) => `-----BEGIN CERTIFICATE-----\n${file}\n-----END CERTIFICATE-----`,
    ],
    ['in quotes, with line breaks written out', (file) => `"${file.replace(/.{76}/g, '$&\\n')}"`],
  ])('is read %s', async (_, mangle) => {
    expect((await read(mangle(pkcs12Of(transport.rsa, 'secret')))).signer!.key.type).toBe(
      'private',
    );
  });

  it.each<[string, string, string, () => BankSettings]>([
    ['a wrong passphrase', 'passphrase-wrong', 'passphrase is wrong', () => ({ passphrase: 'no' })],
    ['no passphrase', 'passphrase-wrong', 'no passphrase', () => ({ passphrase: '' })],
    [
      'PEM',
      'pkcs12-malformed',
      'holds a certificate instead',
      () => ({ pkcs12: transport.rsa.certificate }),
    ],
    [
      'half a file',
      'pkcs12-malformed',
      'PKCS #12 File',
      () => ({ pkcs12: pkcs12Of(transport.rsa, 'secret').slice(0, 1000) }),
    ],
    [
      'no key in it',
      'pkcs12-malformed',
      'holds no private key',
      () => ({ pkcs12: pkcs12Of(transport.rsa, 'secret', ['-nokeys']) }),
    ],
    [
      'a certificate in DER',
      'pkcs12-malformed',
      'holds a certificate instead',
      () => ({ pkcs12: derOf(transport.rsa) }),
    ],
  ])('is rejected: %s', async (_, code, words, changes) => {
    const failure = await failureOf(read(pkcs12Of(transport.rsa, 'secret'), changes()));
    expect(failure).toMatchObject({ code });
    expect(failure.message).toContain(words);
  });

  it('is read with a passphrase beyond ASCII', async () => {
    const passphrase = 'pässword €';
    const { signer } = await read(pkcs12Of(transport.rsa, passphrase), { passphrase });
    expect(signer!.key.equals(privateKeyOf('rsa'))).toBe(true);
  });

  it('is rejected with advice about passphrases beyond ASCII if it has a wrong one', async () => {
    const failure = await failureOf(
      read(pkcs12Of(transport.rsa, 'secret'), { passphrase: 'pässword' }),
    );
    expect(failure).toMatchObject({ code: 'passphrase-wrong' });
    expect(failure.description).toContain('beyond ASCII');
  });

  it('is used as certificate and key of HTTP Request', async () => {
    const settings = credentialWith({
      keyFormat: 'pkcs12',
      pkcs12: pkcs12Of(transport.rsa, 'secret'),
    });
    const { agentOptions } = await authenticateRequest(
      { ...settings, passphrase: 'secret' },
      { url: 'https://bank.example/accounts' },
    );
    expect(agentOptions).toMatchObject({ cert: expect.stringContaining('BEGIN CERTIFICATE') });
    expect(createPrivateKey(agentOptions!.key as string).equals(privateKeyOf('rsa'))).toBe(true);
  });

  const derOf = ({ certificate }: TestCertificate) => certificate.replace(/-----.*-----|\n/g, '');
});
