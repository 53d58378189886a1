import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import type { BankSettings } from '../../core/profile/settings';
import { certificateAuthority, pemBlock, pemOf, privateKeyOf } from '../support/keys/certificates';
import { failureOf } from '../support/failure';
import { profileWith, transport } from '../support/keys/keyCredential';

/** The notice about repairs of a field. */
async function repairsOf(field: string, changes: BankSettings): Promise<string | undefined> {
  const { notices } = await profileWith(changes);
  const messages = notices
    .filter(({ code }) => code === 'pem-repaired')
    .map(({ message }) => message);
  return messages.find((message) => message.startsWith(`"${field}"`));
}

const BAG_ATTRIBUTES = 'Bag Attributes\n    localKeyID: 54 69\nsubject=CN = Test Client\n';

/** A kind of damage to PEM, a function that causes it, and words of the notice about its repair. */
const mangled: [string, (pem: string) => string, string][] = [
  ['line breaks written out', (pem) => pem.replaceAll('\n', '\\n'), 'written out'],
  ['line breaks of Windows written out', (pem) => pem.replaceAll('\n', '\\r\\n'), 'written out'],
  ['escaped twice', (pem) => pem.replaceAll('\n', '\\\\n'), 'written out'],
  ['on one line', (pem) => pem.replaceAll('\n', ' '), 'line breaks were restored'],
  ['without any break', (pem) => pem.replaceAll('\n', ''), 'line breaks were restored'],
  ['in quotes', (pem) => `"${pem.trim()}"`, 'quotes around it were removed'],
  ['in quotes, as JSON', (pem) => JSON.stringify(pem), 'written out'],
  ['a byte order mark', (pem) => `\ufeff${pem}`, 'byte order mark'],
  ['line ends of Windows', (pem) => pem.replaceAll('\n', '\r\n'), 'Windows line ends'],
  ['bag attributes', (pem) => BAG_ATTRIBUTES + pem, 'other text around it was left out'],
  ['text below it', (pem) => `${pem}\nRegards`, 'other text around it was left out'],
  ['an indent, as in YAML', (pem) => pem.replaceAll('\n', '\n    '), 'line breaks were restored'],
  ['another encoding in base64', (pem) => btoa(pem), 'base64 around it was decoded'],
  ['no BEGIN and END', (pem) => pem.replace(/-----.*-----\n?/g, ''), 'BEGIN and END were added'],
];

describe.each(mangled)('PEM with %s', (_, mangle, said) => {
  it('is read as certificate and as key, with a notice about the repair', async () => {
    const changes = {
      transportCertificate: mangle(transport.rsa.certificate),
      transportPrivateKey: mangle(transport.rsa.privateKey),
    };
    const { identity, signer } = await profileWith(changes);
    expect(signer!.key.equals(createPrivateKey(transport.rsa.privateKey))).toBe(true);
    // OpenSSL can read the repaired text.
    expect(createPrivateKey(identity.privateKey).equals(signer!.key)).toBe(true);
    for (const field of ['Transport Certificate', 'Transport Private Key']) {
      expect(await repairsOf(field, changes)).toContain(said);
    }
  });

  it('is read as certificate authorities', async () => {
    const { identity } = await profileWith({ certificateAuthorities: mangle(transport.root) });
    expect(identity.certificateAuthorities!.trim()).toBe(transport.root.trim());
  });
});

it('does not change well-formed PEM, because n8n masks only the text of the field', async () => {
  const { identity, notices } = await profileWith({});
  expect(identity.certificate).toBe(transport.rsa.certificate);
  expect(identity.privateKey).toBe(transport.rsa.privateKey);
  expect(notices).toEqual([]);
});

it('reads certificates without a line break between them', async () => {
  const authority = await (await certificateAuthority()).intermediate('Test Intermediate CA');
  const leaf = await authority.issue({ key: 'rsa' });
  const changes = { transportCertificate: leaf.certificate.trim() + authority.certificate };
  expect(await repairsOf('Transport Certificate', changes)).toContain('line breaks were restored');
  const { identity } = await profileWith(changes);
  expect(identity.certificate.match(/^-----BEGIN/gm)).toHaveLength(2);
});

it('reads key and certificate from the field of the key if the field of the certificate is empty', async () => {
  const both = `${transport.rsa.privateKey}${transport.rsa.certificate}`;
  const { identity, notices } = await profileWith({
    transportCertificate: '',
    transportPrivateKey: both,
  });
  expect(identity.certificate.trim()).toBe(transport.rsa.certificate.trim());
  expect(identity.privateKey).not.toContain('CERTIFICATE');
  expect(notices).toEqual([]);
});

it.each(['pkcs1', 'sec1', 'pkcs8'] as const)(
  'reads a key in %s without BEGIN and END lines',
  async (type) => {
    const kind = type === 'sec1' ? 'ec' : 'rsa';
    const own = transport[kind];
    const der = privateKeyOf(kind).export({ type, format: 'der' } as never) as unknown as Buffer;
    const { signer } = await profileWith({
      transportCertificate: own.certificate,
      transportPrivateKey: der.toString('base64'),
      algorithm: type === 'sec1' ? 'ES256' : 'PS256',
    });
    expect(signer!.key.equals(privateKeyOf(kind))).toBe(true);
  },
);

describe('an error about a wrong text in a field', () => {
  const block = (kind: string) => pemBlock(kind, 'MIIB');

  it.each([
    ['CERTIFICATE REQUEST', 'a request for a certificate'],
    ['PKCS7', 'openssl pkcs7 -print_certs'],
  ])('names a %s in the field of the certificate', async (kind, words) => {
    const failure = await failureOf(profileWith({ transportCertificate: block(kind) }));
    expect(failure).toMatchObject({ code: 'certificate-malformed' });
    expect(failure.message + failure.description).toContain(words);
  });

  it.each([
    ['OPENSSH PRIVATE KEY', 'ssh-keygen -p -m PKCS8'],
    ['PUBLIC KEY', 'a public key'],
    ['CERTIFICATE REQUEST', 'a request for a certificate'],
  ])('names a %s in the field of the key', async (kind, words) => {
    const failure = await failureOf(profileWith({ transportPrivateKey: block(kind) }));
    expect(failure).toMatchObject({ code: 'private-key-malformed' });
    expect(failure.message + failure.description).toContain(words);
  });

  it('rejects ES256 with a key on a curve other than P-256', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    const failure = await failureOf(
      profileWith({
        separateSigningKey: true,
        signingPrivateKey: pemOf(privateKey),
        algorithm: 'ES256',
        keyIdSource: 'jwk',
      }),
    );
    expect(failure).toMatchObject({ code: 'algorithm-key-mismatch' });
  });
});
