import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { createProfile } from '../../oauth/profile';
import type { BankSettings } from '../../oauth/settings';
import { authenticateRequest } from '../../credentials/authenticateRequest';
import {
  certificateAuthority,
  clientCertificate,
  pemOf,
  privateKeyOf,
  type TestCertificate,
} from '../support/certificates';
import { failureOf } from '../support/failure';
import { encryptedKeyOf, outdatedKeyOf, pkcs12Of } from '../support/pkcs12';

let rsa: TestCertificate;
let ec: TestCertificate;
let ed25519: TestCertificate;
let root: string;

beforeAll(async () => {
  root = (await certificateAuthority()).certificate;
  [rsa, ec, ed25519] = await Promise.all([
    clientCertificate({ key: 'rsa' }),
    clientCertificate({ key: 'ec' }),
    clientCertificate({ key: 'ed25519' }),
  ]);
});

const settingsWith = (changes: BankSettings): BankSettings => ({
  host: 'is.bank.example',
  clientId: 'client-1',
  transportCertificate: rsa.certificate,
  transportPrivateKey: rsa.privateKey,
  certificateAuthorities: root,
  ...changes,
});

const profileWith = (changes: BankSettings) => createProfile(settingsWith(changes));

/** The one line of repairs that the profile tells of a field. */
async function repairsOf(field: string, changes: BankSettings): Promise<string | undefined> {
  const { notices } = await profileWith(changes);
  const messages = notices
    .filter(({ code }) => code === 'pem-repaired')
    .map(({ message }) => message);
  return messages.find((message) => message.startsWith(`"${field}"`));
}

const BAG_ATTRIBUTES = 'Bag Attributes\n    localKeyID: 54 69\nsubject=CN = Test Client\n';

/** What happens to PEM on its way, and what is said of it. */
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
  ['base64 once more', (pem) => btoa(pem), 'base64 around it was decoded'],
  ['no BEGIN and END', (pem) => pem.replace(/-----.*-----\n?/g, ''), 'BEGIN and END were added'],
];

describe.each(mangled)('PEM with %s', (_, mangle, said) => {
  it('is read as certificate and as key, and what was repaired is said', async () => {
    const changes = {
      transportCertificate: mangle(rsa.certificate),
      transportPrivateKey: mangle(rsa.privateKey),
    };
    const { identity, signer } = await profileWith(changes);
    expect(signer!.key.equals(createPrivateKey(rsa.privateKey))).toBe(true);
    // OpenSSL reads what is handed to it.
    expect(createPrivateKey(identity.privateKey).equals(signer!.key)).toBe(true);
    for (const field of ['Transport Certificate', 'Transport Private Key']) {
      expect(await repairsOf(field, changes)).toContain(said);
    }
  });

  it('is read as certificate authorities', async () => {
    const { identity } = await profileWith({ certificateAuthorities: mangle(root) });
    expect(identity.certificateAuthorities!.trim()).toBe(root.trim());
  });
});

it('leaves what is well-formed as it was written, because n8n hides only that', async () => {
  const { identity, notices } = await profileWith({});
  expect(identity.certificate).toBe(rsa.certificate);
  expect(identity.privateKey).toBe(rsa.privateKey);
  expect(notices).toEqual([]);
});

it('reads certificates that stand end to end', async () => {
  const authority = await (await certificateAuthority()).intermediate('Test Intermediate CA');
  const leaf = await authority.issue({ key: 'rsa' });
  const changes = { transportCertificate: leaf.certificate.trim() + authority.certificate };
  expect(await repairsOf('Transport Certificate', changes)).toContain('line breaks were restored');
  const { identity } = await profileWith(changes);
  expect(identity.certificate.match(/^-----BEGIN/gm)).toHaveLength(2);
});

it('reads key and certificate from one text that stands in both fields', async () => {
  const both = rsa.privateKey + rsa.certificate;
  const { identity } = await profileWith({ transportCertificate: both, transportPrivateKey: both });
  expect(identity.certificate).not.toContain('PRIVATE');
  expect(identity.privateKey).not.toContain('CERTIFICATE');
});

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
    const transportPrivateKey = `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${damaged.toString('base64')}\n-----END ENCRYPTED PRIVATE KEY-----\n`;
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
  ['a cipher of old', () => outdatedKeyOf(rsa.privateKey, 'secret'), 'RC2, RC4 or DES'],
  [
    'an old key derivation of many rounds',
    () => encryptedKeyOf(rsa.privateKey, ['-v1', 'PBE-SHA1-3DES', '-iter', '40000000']),
    '40000000 rounds',
  ],
  [
    'PBKDF2 with many rounds',
    () => encryptedKeyOf(rsa.privateKey, ['-v2', 'aes256', '-iter', '1500000']),
    '1500000 rounds',
  ],
  [
    'scrypt that takes long',
    () => encryptedKeyOf(rsa.privateKey, ['-scrypt', '-scrypt_N', '8192', '-scrypt_p', '500']),
    'rounds',
  ],
  [
    'a cipher of PEM that is gone',
    () =>
      pemOf(privateKeyOf('rsa'), 'x')
        .replace(/-----BEGIN.*\n/, RC2_HEADERS)
        .replace('END ENCRYPTED', 'END RSA'),
    'RC2-40-CBC',
  ],
])('a key that is encrypted with %s is not tried', async (_, key, what) => {
  const changes = { transportPrivateKey: key(), passphrase: 'secret' };
  const failure = await failureOf(profileWith(changes));
  expect(failure).toMatchObject({ code: 'private-key-encryption-unsupported' });
  expect(failure.message).toContain(what);
});

const RC2_HEADERS =
  '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: RC2-40-CBC,0011223344556677\n\n';

it.each(['pkcs1', 'sec1', 'pkcs8'] as const)('a bare key in %s is read', async (type) => {
  const kind = type === 'sec1' ? 'ec' : 'rsa';
  const transport = type === 'sec1' ? ec : rsa;
  const der = privateKeyOf(kind).export({ type, format: 'der' } as never) as unknown as Buffer;
  const { signer } = await profileWith({
    transportCertificate: transport.certificate,
    transportPrivateKey: der.toString('base64'),
    algorithm: type === 'sec1' ? 'ES256' : 'PS256',
  });
  expect(signer!.key.equals(privateKeyOf(kind))).toBe(true);
});

describe('PKCS#12', () => {
  const read = (pkcs12: string, changes: BankSettings = {}) =>
    profileWith({ keyFormat: 'pkcs12', pkcs12, passphrase: 'secret', ...changes });

  it.each<[string, string[]]>([
    ['as OpenSSL 3 writes it', []],
    ['with RC2 and 3DES', ['-legacy']],
    ['with 3DES alone', ['-legacy', '-descert']],
    ['with a key that is not encrypted', ['-keypbe', 'NONE', '-certpbe', 'NONE']],
    ['with SHA-1 as checksum', ['-macalg', 'sha1']],
    ['with SHA-512 as checksum', ['-macalg', 'sha512']],
  ])('is read %s', async (_, options) => {
    const { signer, identity } = await read(pkcs12Of(rsa, 'secret', options));
    expect(signer!.key.equals(privateKeyOf('rsa'))).toBe(true);
    expect(signer!.certificate!.toString().trim()).toBe(rsa.certificate.trim());
    expect(createPrivateKey(identity.privateKey).equals(signer!.key)).toBe(true);
    expect(identity.passphrase).toBeUndefined();
  });

  it.each<[string, 'ES256' | 'EdDSA', () => TestCertificate]>([
    ['EC', 'ES256', () => ec],
    ['Ed25519', 'EdDSA', () => ed25519],
  ])('is read with a key of the kind %s', async (_, algorithm, pair) => {
    const { signer } = await read(pkcs12Of(pair(), 'secret'), { algorithm });
    expect(signer!.key.equals(createPrivateKey(pair().privateKey))).toBe(true);
  });

  it('is read with its chain, in the order in which it is sent', async () => {
    const authority = await (await certificateAuthority()).intermediate('Test Intermediate CA');
    const leaf = await authority.issue({ key: 'rsa' });
    const chain = [authority.certificate, leaf.certificate].join('\n');
    const { identity, notices } = await read(pkcs12Of({ ...leaf, certificate: chain }, 'secret'));
    expect(identity.certificate.trim()).toBe(`${leaf.certificate}\n${authority.certificate}`);
    expect(notices.map(({ code }) => code)).not.toContain('intermediate-missing');
  });

  it('is read without a passphrase', async () => {
    const { signer } = await read(pkcs12Of(rsa, ''), { passphrase: '' });
    expect(signer!.key.type).toBe('private');
  });

  it.each<[string, (file: string) => string]>([
    ['in lines', (file) => file.replace(/.{76}/g, '$&\n')],
    ['as a data URL', (file) => `data:application/x-pkcs12;base64,${file}`],
    [
      'between lines of certutil',
      (file) => `-----BEGIN CERTIFICATE-----\n${file}\n-----END CERTIFICATE-----`,
    ],
    ['in quotes, line breaks written out', (file) => `"${file.replace(/.{76}/g, '$&\\n')}"`],
  ])('is read %s', async (_, mangle) => {
    expect((await read(mangle(pkcs12Of(rsa, 'secret')))).signer!.key.type).toBe('private');
  });

  it.each<[string, string, string, () => BankSettings]>([
    ['a wrong passphrase', 'passphrase-wrong', 'given passphrase', () => ({ passphrase: 'no' })],
    ['no passphrase', 'passphrase-missing', 'no passphrase', () => ({ passphrase: '' })],
    ['PEM', 'pkcs12-malformed', 'holds PEM', () => ({ pkcs12: rsa.certificate })],
    [
      'half a file',
      'pkcs12-malformed',
      'PKCS #12 File',
      () => ({ pkcs12: pkcs12Of(rsa, 'secret').slice(0, 1000) }),
    ],
    [
      'no key in it',
      'private-key-missing',
      'holds no private key',
      () => ({ pkcs12: pkcs12Of(rsa, 'secret', ['-nokeys']) }),
    ],
    [
      'a checksum that takes long',
      'pkcs12-encryption-unsupported',
      'rounds of key derivation',
      () => ({ pkcs12: pkcs12Of(rsa, 'secret', ['-iter', '600000']) }),
    ],
    [
      'contents that take long',
      'pkcs12-encryption-unsupported',
      'rounds of key derivation',
      () => ({ pkcs12: pkcs12Of(rsa, 'secret', ['-iter', '300000', '-nomaciter']) }),
    ],
    [
      'no checksum',
      'pkcs12-malformed',
      'no checksum',
      () => ({ pkcs12: pkcs12Of(rsa, 'secret', ['-nomac']) }),
    ],
    ['a certificate of DER', 'pkcs12-malformed', 'PKCS #12 File', () => ({ pkcs12: derOf(rsa) })],
  ])('says so of %s', async (_, code, words, changes) => {
    const failure = await failureOf(read(pkcs12Of(rsa, 'secret'), changes()));
    expect(failure).toMatchObject({ code });
    expect(failure.message).toContain(words);
  });

  it('says of a passphrase beyond ASCII that it may be right', async () => {
    const passphrase = 'pässword';
    const failure = await failureOf(read(pkcs12Of(rsa, passphrase), { passphrase }));
    expect(failure).toMatchObject({ code: 'passphrase-wrong' });
    expect(failure.description).toContain('beyond ASCII');
  });

  it('authorises HTTP requests', async () => {
    const settings = settingsWith({ keyFormat: 'pkcs12', pkcs12: pkcs12Of(rsa, 'secret') });
    const { agentOptions } = await authenticateRequest(
      { ...settings, passphrase: 'secret' },
      { url: 'https://bank.example/accounts' },
    );
    expect(agentOptions).toMatchObject({ cert: expect.stringContaining('BEGIN CERTIFICATE') });
    expect(createPrivateKey(agentOptions!.key as string).equals(privateKeyOf('rsa'))).toBe(true);
  });

  const derOf = ({ certificate }: TestCertificate) => certificate.replace(/-----.*-----|\n/g, '');
});

describe('a JWK as signing key', () => {
  const jwkOf = (kind: 'rsa' | 'ec' | 'ed25519') => privateKeyOf(kind).export({ format: 'jwk' });
  const signed = (signingPrivateKey: string, changes: BankSettings = {}) =>
    profileWith({ separateSigningKey: true, keyIdSource: 'jwk', signingPrivateKey, ...changes });

  it.each([
    ['rsa', 'PS256'],
    ['ec', 'ES256'],
    ['ed25519', 'EdDSA'],
  ] as const)('is read: %s', async (kind, algorithm) => {
    const { signer } = await signed(JSON.stringify(jwkOf(kind), null, 2), { algorithm });
    expect(signer!.key.equals(privateKeyOf(kind))).toBe(true);
    expect(signer!.keyId).toMatch(/^[\w-]{43}$/);
  });

  it.each<[string, (jwk: string) => string]>([
    ['a byte order mark', (jwk) => `\ufeff${jwk}`],
    ['quotes around it', (jwk) => `'${jwk}'`],
    ['quotes, as JSON', (jwk) => JSON.stringify(jwk)],
  ])('is read with %s', async (_, mangle) => {
    const { signer } = await signed(mangle(JSON.stringify(jwkOf('rsa'))));
    expect(signer!.key.equals(privateKeyOf('rsa'))).toBe(true);
  });

  it.each<[string, () => string, string]>([
    ['no JSON', () => '{"kty":', 'no JSON'],
    ['a set of keys', () => JSON.stringify({ keys: [jwkOf('ec')] }), 'a set of keys'],
    ['no key', () => '{}', '"kty"'],
    ['a public key', () => JSON.stringify({ ...jwkOf('ec'), d: undefined }), 'public key'],
    ['a symmetric key', () => '{"kty":"oct","k":"AAAA"}', 'symmetric'],
    ['half a key', () => JSON.stringify({ ...jwkOf('rsa'), p: undefined }), 'no private key'],
  ])('says so of %s', async (_, jwk, words) => {
    const failure = await failureOf(signed(jwk()));
    expect(failure).toMatchObject({ code: 'jwk-malformed' });
    expect(failure.message).toContain(words);
  });

  it('works as transport key, too', async () => {
    const { identity } = await profileWith({ transportPrivateKey: JSON.stringify(jwkOf('rsa')) });
    expect(createPrivateKey(identity.privateKey).equals(privateKeyOf('rsa'))).toBe(true);
  });
});

describe('what is pasted by mistake is named', () => {
  const block = (kind: string) => `-----BEGIN ${kind}-----\nMIIB\n-----END ${kind}-----\n`;

  it.each([
    ['CERTIFICATE REQUEST', 'a request for a certificate'],
    ['PKCS7', 'openssl pkcs7 -print_certs'],
  ])('%s as certificate', async (kind, words) => {
    const failure = await failureOf(profileWith({ transportCertificate: block(kind) }));
    expect(failure).toMatchObject({ code: 'certificate-malformed' });
    expect(failure.message).toContain(words);
  });

  it.each([
    ['OPENSSH PRIVATE KEY', 'ssh-keygen -p -m PKCS8'],
    ['PUBLIC KEY', 'a public key'],
    ['CERTIFICATE REQUEST', 'a request for a certificate'],
  ])('%s as key', async (kind, words) => {
    const failure = await failureOf(profileWith({ transportPrivateKey: block(kind) }));
    expect(failure).toMatchObject({ code: 'private-key-malformed' });
    expect(failure.message).toContain(words);
  });

  it('a key on another curve than P-256, for ES256', async () => {
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
