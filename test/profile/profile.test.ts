import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { inspect } from 'node:util';
import { createProfile } from '../../core/profile/profile';
import type { BankSettings } from '../../core/profile/settings';
import {
  certificateAuthority,
  clientCertificate,
  generatePrivateKey,
  pemOf,
  privateKeyOf,
  type TestCertificate,
} from '../support/keys/certificates';

let rsa: TestCertificate;
let ec: TestCertificate;
let ed25519: TestCertificate;
let settings: BankSettings;

beforeAll(async () => {
  [rsa, ec, ed25519] = await Promise.all([
    clientCertificate({ key: 'rsa' }),
    clientCertificate({ key: 'ec' }),
    clientCertificate({ key: 'ed25519' }),
  ]);
  settings = {
    host: 'is.bank.example',
    clientId: ' client-1 ',
    transportCertificate: rsa.certificate,
    transportPrivateKey: rsa.privateKey,
    certificateAuthorities: (await certificateAuthority()).certificate,
    redirectUri: ' https://app.example/cb ',
  };
});

const thumbprint = ({ certificate }: TestCertificate, hash: string) =>
  createHash(hash).update(new X509Certificate(certificate).raw).digest('base64url');

it('has the defaults of WSO2', async () => {
  expect(await createProfile(settings)).toMatchObject({
    clientId: 'client-1',
    signer: { algorithm: 'PS256', type: 'JWT', keyId: thumbprint(rsa, 'sha1') },
    idTokenAlgorithm: 'PS256',
    clockTolerance: 30,
    redirectUri: 'https://app.example/cb',
    scope: '',
    timeouts: { connect: 10_000, request: 30_000 },
  });
});

describe('the key ID', () => {
  const keyId = async (changes: BankSettings) =>
    (await createProfile({ ...settings, ...changes })).signer!.keyId;

  it('is computed or given as "Key ID From" says', async () => {
    expect(await keyId({ keyIdSource: 'given', keyId: ' kid-1 ' })).toBe('kid-1');
    expect(await keyId({ keyIdSource: 'x5t#S256' })).toBe(thumbprint(rsa, 'sha256'));
    expect(await keyId({ keyIdSource: 'jwk' })).toMatch(/^[\w-]{43}$/);
    expect(await keyId({ keyIdSource: 'publicKeySha256' })).toMatch(/^[\w-]{43}$/);
    expect(await keyId({ keyIdSource: 'none' })).toBeUndefined();
    // An expression may return a number.
    expect(await keyId({ keyIdSource: 'given', keyId: 42 as never })).toBe('42');
  });

  it('is computed from the separate signing certificate', async () => {
    const signing = {
      separateSigningKey: true,
      signingPrivateKey: ec.privateKey,
      signingCertificate: ec.certificate,
      algorithm: 'ES256',
    } as const;
    expect(await keyId(signing)).toBe(thumbprint(ec, 'sha1'));
  });
});

it('has no signer for tls_client_auth', async () => {
  const changes = { clientAuthentication: 'tls_client_auth' } as const;
  expect((await createProfile({ ...settings, ...changes })).signer).toBeUndefined();
});

it('decrypts ID tokens with the separate signing key, also for tls_client_auth', async () => {
  const changes = {
    clientAuthentication: 'tls_client_auth',
    separateSigningKey: true,
    signingPrivateKey: ec.privateKey.replaceAll('\n', '\\n'),
    signingCertificate: ec.certificate,
    algorithm: 'ES256',
  } as const;
  const profile = await createProfile({ ...settings, ...changes });
  expect(profile.signer).toBeUndefined();
  const [decryption, ...others] = profile.decryptionKeys;
  expect(decryption!.key.equals(privateKeyOf('ec'))).toBe(true);
  expect(others).toEqual([]);
  expect((await profile.requestSigner()).key).toBe(decryption!.key);
  expect(profile.validity.map(({ name }) => name)).toContain('"Signing Certificate"');
  expect(profile.notices.map(({ code }) => code)).toEqual(['pem-repaired']);
});

it.each(['ES256', 'EdDSA'] as const)('signs with %s', async (algorithm) => {
  const { certificate, privateKey } = algorithm === 'ES256' ? ec : ed25519;
  const changes = { transportCertificate: certificate, transportPrivateKey: privateKey, algorithm };
  expect((await createProfile({ ...settings, ...changes })).signer).toMatchObject({ algorithm });
});

it.each(['pkcs1', 'sec1', 'encrypted', 'legacy encrypted'])('reads a key in %s', async (form) => {
  const legacy = {
    type: 'pkcs1',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'secret',
  } as const;
  const keys: Record<string, [TestCertificate, string]> = {
    pkcs1: [rsa, String(privateKeyOf('rsa').export({ type: 'pkcs1', format: 'pem' }))],
    sec1: [ec, String(privateKeyOf('ec').export({ type: 'sec1', format: 'pem' }))],
    encrypted: [rsa, pemOf(privateKeyOf('rsa'), 'secret')],
    'legacy encrypted': [rsa, String(privateKeyOf('rsa').export(legacy))],
  };
  const [{ certificate }, transportPrivateKey] = keys[form]!;
  const profile = await createProfile({
    ...settings,
    transportCertificate: certificate,
    transportPrivateKey,
    passphrase: 'secret',
    algorithm: form === 'sec1' ? 'ES256' : 'PS256',
  });
  expect(profile.signer!.key.type).toBe('private');
});

describe('createProfile rejects', () => {
  const halved = (pem: string) => pem.slice(0, pem.length / 2) + '\n-----END CERTIFICATE-----\n';
  const cases: [string, string, string, () => BankSettings][] = [
    ['no client ID', 'field-missing', 'Client ID', () => ({ clientId: ' ' })],
    ['a client ID with a line break', 'field-malformed', 'Client ID', () => ({ clientId: 'a\nb' })],
    [
      'no certificate',
      'field-missing',
      'Transport Certificate',
      () => ({ transportCertificate: '' }),
    ],
    [
      'half a certificate',
      'certificate-malformed',
      'Transport Certificate',
      () => ({ transportCertificate: halved(rsa.certificate) }),
    ],
    [
      'an intermediate certificate without its end',
      'certificate-malformed',
      'Transport Certificate',
      () => ({ transportCertificate: rsa.certificate + rsa.certificate.slice(0, 400) }),
    ],
    [
      'a key as certificate',
      'certificate-malformed',
      'private key',
      () => ({ transportCertificate: rsa.privateKey }),
    ],
    [
      'no key',
      'field-missing',
      'Transport Private Key',
      () => ({ transportPrivateKey: undefined }),
    ],
    [
      'a certificate as key',
      'private-key-malformed',
      'holds a certificate',
      () => ({ transportPrivateKey: rsa.certificate }),
    ],
    [
      'nonsense as key',
      'private-key-malformed',
      'Transport Private Key',
      () => ({ transportPrivateKey: 'PRIVATE' }),
    ],
    [
      'a key without its passphrase',
      'passphrase-wrong',
      'Transport Private Key',
      () => ({ transportPrivateKey: pemOf(privateKeyOf('rsa'), 'right') }),
    ],
    [
      'a wrong passphrase',
      'passphrase-wrong',
      'Transport Private Key',
      () => ({ transportPrivateKey: pemOf(privateKeyOf('rsa'), 'right'), passphrase: 'wrong' }),
    ],
    [
      'the key of another certificate',
      'key-certificate-mismatch',
      'Transport Certificate',
      () => ({ transportPrivateKey: pemOf(generatePrivateKey('rsa')) }),
    ],
    [
      'authorities that are none',
      'certificate-malformed',
      'Certificate Authorities',
      () => ({ certificateAuthorities: 'Root CA' }),
    ],
    [
      'an authority without its end',
      'certificate-malformed',
      'Certificate Authorities',
      () => ({ certificateAuthorities: rsa.certificate + rsa.certificate.slice(0, 400) }),
    ],
    [
      'an EC key for PS256',
      'algorithm-key-mismatch',
      'PS256',
      () => ({ transportCertificate: ec.certificate, transportPrivateKey: ec.privateKey }),
    ],
    ['an RSA key for ES256', 'algorithm-key-mismatch', 'ES256', () => ({ algorithm: 'ES256' })],
    [
      'an unknown algorithm',
      'field-malformed',
      'Signature Algorithm',
      () => ({ algorithm: 'none' as never }),
    ],
    ['no key ID', 'field-missing', 'Key ID', () => ({ keyIdSource: 'given' })],
    [
      'no signing key',
      'field-missing',
      'Signing Private Key',
      () => ({ separateSigningKey: true }),
    ],
    [
      'no signing certificate to compute from',
      'field-missing',
      'Signing Certificate',
      () => ({ separateSigningKey: true, signingPrivateKey: rsa.privateKey }),
    ],
    [
      'the signing certificate of another key',
      'key-certificate-mismatch',
      'Signing Certificate',
      () => ({
        separateSigningKey: true,
        signingPrivateKey: rsa.privateKey,
        signingCertificate: ec.certificate,
      }),
    ],
    ['a bank of an unknown kind', 'field-malformed', 'Bank', () => ({ bank: 'mine' as never })],
    ['no issuer to discover', 'field-missing', 'Issuer', () => ({ bank: 'discovery' })],
    [
      'a timeout of an hour',
      'field-malformed',
      'Request Timeout',
      () => ({ requestTimeout: 3600 }),
    ],
    [
      'clocks that differ by an hour',
      'field-malformed',
      'Clock Tolerance',
      () => ({ clockTolerance: 3600 }),
    ],
    ['a list as host', 'field-malformed', 'host', () => ({ host: ['a'] as never })],
  ];
  it.each(cases)('%s with %s', async (_, code, named, changes) => {
    const error: unknown = await createProfile({ ...settings, ...changes() }).catch(
      (e: unknown) => e,
    );
    expect(error).toMatchObject({
      name: 'OpenBankingError',
      code,
      stage: 'configuration',
      outcome: 'not-sent',
    });
    expect(String(error)).toContain(named);
    expect((error as { description: string }).description).not.toBe('');
  });

  it('a wrong passphrase, also if it decrypts the key to other bytes', async () => {
    const key = pemOf(privateKeyOf('rsa'), 'right');
    const wrong = Array.from({ length: 1000 }, (_, index) => `wrong-${index}`);
    // About one of 256 wrong passphrases decrypts the key to other bytes.
    const decrypting = wrong.filter((passphrase) => {
      try {
        createPrivateKey({ key, passphrase });
        return false;
      } catch (error) {
        return (error as { code?: string }).code !== 'ERR_OSSL_BAD_DECRYPT';
      }
    });
    for (const passphrase of [...decrypting, 'wrong']) {
      await expect(
        createProfile({ ...settings, transportPrivateKey: key, passphrase }),
      ).rejects.toMatchObject({ code: 'passphrase-wrong' });
    }
    const damaged = `${key.slice(0, 600)}\n-----END ENCRYPTED PRIVATE KEY-----\n`;
    await expect(
      createProfile({ ...settings, transportPrivateKey: damaged, passphrase: 'right' }),
    ).rejects.toMatchObject({ code: 'private-key-malformed' });
  });

  it('a key with an error that contains no part of the key and no passphrase', async () => {
    const key = pemOf(privateKeyOf('rsa'), 'right-passphrase');
    for (const changes of [
      { transportPrivateKey: key, passphrase: 'wrong-passphrase' },
      { transportPrivateKey: key.replace('A', 'B'), passphrase: 'right-passphrase' },
      { transportPrivateKey: key.slice(0, 400), passphrase: 'right-passphrase' },
      { transportPrivateKey: rsa.privateKey.slice(0, 500) },
      { transportCertificate: rsa.privateKey },
    ]) {
      const error: unknown = await createProfile({ ...settings, ...changes }).catch(
        (e: unknown) => e,
      );
      expect(error).toMatchObject({ stage: 'configuration' });
      const shown = inspect(error, { depth: 9 }) + JSON.stringify(error);
      expect(shown).not.toMatch(/-passphrase/);
      for (const line of [...key.split('\n'), ...rsa.privateKey.split('\n')].slice(1, -2)) {
        if (/^[\w+/]{20}/.test(line)) expect(shown).not.toContain(line.slice(0, 20));
      }
    }
  });
});
