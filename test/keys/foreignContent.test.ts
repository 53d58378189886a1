import { createPublicKey, X509Certificate } from 'node:crypto';
import type { BankSettings } from '../../core/profile/settings';
import { pemBlock, privateKeyOf } from '../support/keys/certificates';
import { failureOf } from '../support/failure';
import { profileWith, transport } from '../support/keys/keyCredential';
import { pkcs12Of } from '../support/keys/pkcs12';

type Field = 'certificate' | 'private key' | 'PKCS#12 file';

const fields: Record<Field, [code: string, settings: (text: string) => BankSettings][]> = {
  certificate: [
    ['certificate-malformed', (transportCertificate) => ({ transportCertificate })],
    ['certificate-malformed', (certificateAuthorities) => ({ certificateAuthorities })],
    [
      'certificate-malformed',
      (signingCertificate) => ({
        separateSigningKey: true,
        signingPrivateKey: transport.rsa.privateKey,
        signingCertificate,
      }),
    ],
  ],
  'private key': [
    ['private-key-malformed', (transportPrivateKey) => ({ transportPrivateKey })],
    [
      'private-key-malformed',
      (signingPrivateKey) => ({ separateSigningKey: true, signingPrivateKey }),
    ],
  ],
  'PKCS#12 file': [['pkcs12-malformed', (pkcs12) => ({ keyFormat: 'pkcs12', pkcs12 })]],
};

const publicKey = (type: 'spki' | 'pkcs1') =>
  createPublicKey(privateKeyOf('rsa')).export({ type, format: 'pem' }).toString();
const rsaJwk = () => privateKeyOf('rsa').export({ format: 'jwk' });
const keystore = (start: string) =>
  Buffer.concat([Buffer.from(start, 'hex'), Buffer.alloc(120, 7)]).toString('base64');
const labelled = (label: string, content: Buffer) => pemBlock(label, content.toString('base64'));
const derOf = (pem: string) => Buffer.from(pem.replace(/-----.*-----|\s/g, ''), 'base64');

const everywhere: Field[] = ['certificate', 'private key', 'PKCS#12 file'];
const cases: [content: string, text: () => string, inFields: Field[]][] = [
  ['a public key', () => publicKey('spki'), everywhere],
  ['a public key', () => publicKey('pkcs1'), everywhere],
  ['a public key', () => derOf(publicKey('spki')).toString('base64'), everywhere],
  ['a public key', () => labelled('CERTIFICATE', derOf(publicKey('spki'))), everywhere],
  ['a private key', () => transport.rsa.privateKey, ['certificate', 'PKCS#12 file']],
  [
    'a private key',
    () => labelled('CERTIFICATE', derOf(transport.rsa.privateKey)),
    ['certificate'],
  ],
  ['a private key', () => transport.rsa.privateKey.replaceAll('-----', '—–'), ['certificate']],
  ['a certificate', () => transport.ec.certificate, ['private key', 'PKCS#12 file']],
  ['a certificate', () => derOf(transport.ec.certificate).toString('hex'), ['private key']],
  ['a PKCS#12 file', () => pkcs12Of(transport.rsa, 'secret'), ['certificate', 'private key']],
  [
    'a PKCS#12 file',
    () => labelled('PKCS12', Buffer.from(pkcs12Of(transport.rsa, 'x'), 'base64')),
    ['certificate', 'private key'],
  ],
  ['a PKCS#7 file', () => pemBlock('PKCS7', 'MIIB'), everywhere],
  ['a PKCS#7 file', () => pemBlock('PKCS #7 SIGNED DATA', 'MIIB'), everywhere],
  [
    'a request for a certificate (CSR)',
    () => pemBlock('NEW CERTIFICATE REQUEST', 'MIIB'),
    everywhere,
  ],
  ['a list of revoked certificates (CRL)', () => pemBlock('X509 CRL', 'MIIB'), everywhere],
  ['a key in the format of OpenSSH', () => pemBlock('OPENSSH PRIVATE KEY', 'b3BlbnNz'), everywhere],
  ['a public key of SSH', () => 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7 me@host', everywhere],
  [
    'a public key of SSH',
    () => '---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n---- END SSH2 PUBLIC KEY ----',
    everywhere,
  ],
  [
    'a key in the format of PuTTY',
    () => 'PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none',
    everywhere,
  ],
  ['a key or message of PGP', () => pemBlock('PGP PRIVATE KEY BLOCK', 'lQOY'), ['certificate']],
  ['a keystore of Java (JKS)', () => keystore('feedfeed00000002'), everywhere],
  ['a keystore of Java (JCEKS)', () => keystore('cececece00000002'), everywhere],
  ['a keystore of Bouncy Castle (BKS)', () => keystore('0000000200000014'), everywhere],
  [
    'a keystore of Java (JKS)',
    () => derOf(keystore('feedfeed00000002')).toString('hex'),
    everywhere,
  ],
  ['a ZIP file', () => keystore('504b0304'), everywhere],
  [
    'a set of keys (JWKS)',
    () => JSON.stringify({ keys: [rsaJwk()] }),
    ['certificate', 'PKCS#12 file'],
  ],
  ['a key as JSON (JWK)', () => JSON.stringify(rsaJwk()), ['certificate', 'PKCS#12 file']],
  ['a token (JWT)', () => 'eyJhbGciOiJQUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', everywhere],
  ['the path of a file', () => '/home/node/transport.pem', everywhere],
  ['the path of a file', () => 'C:\\Users\\me\\keys\\transport.p12', everywhere],
  ['the path of a file', () => 'file:///etc/ssl/key.pem', everywhere],
  ['the name of a file', () => 'transport (1).pfx', everywhere],
  ['the text of an expression, not its result', () => '{{ $secrets.key }}', everywhere],
  ['a binary file as text', () => derOf(transport.rsa.certificate).toString('utf8'), everywhere],
  ['a web page or XML', () => '<!DOCTYPE html><p>Log in</p>', everywhere],
];

it.each(
  cases.flatMap(([content, text, inFields]) =>
    inFields.map((field) => [content, field, text] as const),
  ),
)('%s is named in the field for a %s', async (content, field, text) => {
  for (const [code, settings] of fields[field]) {
    const given = text();
    const failure = await failureOf(profileWith({ passphrase: 'secret', ...settings(given) }));
    expect(failure).toMatchObject({ code, stage: 'configuration' });
    expect(failure.message).toMatch(/^"[A-Z][\w #]+" holds /);
    expect(failure.message).toContain(`holds ${content} instead of a ${field}`);
    const shown = failure.message + failure.description;
    for (const part of given.match(/[\w+/]{20,}/g) ?? []) expect(shown).not.toContain(part);
  }
});

it.each(['certificate', 'private key', 'PKCS#12 file'] as const)(
  'a keystore of Java in the field for a %s: the advice has the command that converts it',
  async (field) => {
    const [[, settings]] = fields[field] as [[string, (text: string) => BankSettings]];
    const { description } = await failureOf(profileWith(settings(keystore('feedfeed00000002'))));
    expect(description).toContain('keytool -importkeystore -srckeystore');
  },
);

describe('is repaired with a notice:', () => {
  const repairsOf = async (changes: BankSettings) => {
    const { notices, identity, signer } = await profileWith(changes);
    expect(signer!.key.equals(privateKeyOf('rsa'))).toBe(true);
    expect(
      new X509Certificate(identity.certificate).raw.equals(derOf(transport.rsa.certificate)),
    ).toBe(true);
    return notices.map(({ message }) => message).join();
  };
  const corrected = 'its lines BEGIN and END were corrected';

  it.each<[string, (pem: string) => string, string]>([
    ['dashes in place of hyphens', (pem) => pem.replaceAll('-----', '—–-'), corrected],
    ['too few hyphens', (pem) => pem.replace(/^-----/gm, '----'), corrected],
    [
      'lower case in BEGIN and END',
      (pem) => pem.replace(/-----.*-----/g, (line) => line.toLowerCase()),
      corrected,
    ],
    ['percent-encoding', (pem) => encodeURIComponent(pem), 'percent-encoding was decoded'],
    [
      'the encoding of forms',
      (pem) => new URLSearchParams({ pem }).toString().slice(4),
      'percent-encoding was decoded',
    ],
    ['hex', (pem) => derOf(pem).toString('hex'), 'hex was decoded'],
    [
      'hex with colons',
      (pem) =>
        derOf(pem)
          .toString('hex')
          .replace(/..(?!$)/g, '$&:'),
      'hex was decoded',
    ],
    ['DER in base64', (pem) => derOf(pem).toString('base64'), 'the lines BEGIN and END were added'],
  ])('%s', async (_, mangle, words) => {
    expect(await repairsOf({ transportCertificate: mangle(transport.rsa.certificate) })).toContain(
      words,
    );
    expect(await repairsOf({ transportPrivateKey: mangle(transport.rsa.privateKey) })).toContain(
      words,
    );
    expect(await repairsOf({ certificateAuthorities: mangle(transport.root) })).toContain(words);
  });

  it.each(['X509 CERTIFICATE', 'X.509 CERTIFICATE'])('%s is a certificate', async (label) => {
    const pem = labelled(label, derOf(transport.rsa.certificate));
    expect(await repairsOf({ transportCertificate: pem })).not.toContain('corrected');
  });

  it.each<[string, string, 'pkcs1' | 'pkcs8']>([
    ['PKCS#1', 'PRIVATE KEY', 'pkcs1'],
    ['PKCS#8', 'RSA PRIVATE KEY', 'pkcs8'],
    ['PKCS#8', 'EC PRIVATE KEY', 'pkcs8'],
    ['PKCS#1', 'CERTIFICATE', 'pkcs1'],
  ])('a key in %s between the lines of %s', async (_, label, type) => {
    const content = privateKeyOf('rsa').export({ type, format: 'der' });
    expect(await repairsOf({ transportPrivateKey: labelled(label, content) })).toContain(corrected);
  });

  it('a key in SEC1 between the lines of PRIVATE KEY', async () => {
    const content = privateKeyOf('ec').export({ type: 'sec1', format: 'der' });
    const { identity, notices } = await profileWith({
      transportCertificate: transport.ec.certificate,
      transportPrivateKey: labelled('PRIVATE KEY', content),
      algorithm: 'ES256',
    });
    expect(identity.privateKey).toContain('-----BEGIN EC PRIVATE KEY-----');
    expect(notices.map(({ message }) => message).join()).toContain(corrected);
  });
});

it('leads from PEM in the field for a PKCS #12 file to the choice "PEM"', async () => {
  const { foreignContentError } = await import('../../core/keys/foreignContent');
  const error = foreignContentError(
    '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
    'pkcs12',
    'PKCS #12 File',
  );
  expect(error?.description).toMatch(/^Choose "PEM" as "Key Format"/);
});
