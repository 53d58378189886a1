import { createHash, X509Certificate } from 'node:crypto';
import type { BankSettings } from '../../core/profile/settings';
import { pemOf, privateKeyOf, type TestCertificate } from '../support/keys/certificates';
import { profileWith, transport } from '../support/keys/keyCredential';

const thumbprint = ({ certificate }: TestCertificate, hash: string) =>
  createHash(hash).update(new X509Certificate(certificate).raw).digest('base64url');

it('has the defaults of WSO2', async () => {
  expect(
    await profileWith({
      clientId: ' client-1 ',
      redirectUri: ' https://app.example/cb ',
    }),
  ).toMatchObject({
    clientId: 'client-1',
    signer: { algorithm: 'PS256', type: 'JWT', keyId: thumbprint(transport.rsa, 'sha1') },
    idTokenAlgorithm: 'PS256',
    clockTolerance: 30,
    redirectUri: 'https://app.example/cb',
    scope: '',
    timeouts: { connect: 10_000, request: 30_000 },
  });
});

describe('the key ID', () => {
  const keyId = async (changes: BankSettings) => (await profileWith(changes)).signer!.keyId;

  it('is computed or given as "Key ID From" says', async () => {
    expect(await keyId({ keyIdSource: 'given', keyId: ' kid-1 ' })).toBe('kid-1');
    expect(await keyId({ keyIdSource: 'x5t#S256' })).toBe(thumbprint(transport.rsa, 'sha256'));
    expect(await keyId({ keyIdSource: 'jwk' })).toMatch(/^[\w-]{43}$/);
    expect(await keyId({ keyIdSource: 'publicKeySha256' })).toMatch(/^[\w-]{43}$/);
    expect(await keyId({ keyIdSource: 'none' })).toBeUndefined();
    // An expression may return a number.
    expect(await keyId({ keyIdSource: 'given', keyId: 42 as never })).toBe('42');
  });

  it('is computed from the separate signing certificate', async () => {
    const signing = {
      separateSigningKey: true,
      signingPrivateKey: transport.ec.privateKey,
      signingCertificate: transport.ec.certificate,
      algorithm: 'ES256',
    } as const;
    expect(await keyId(signing)).toBe(thumbprint(transport.ec, 'sha1'));
  });
});

it('has no signer for tls_client_auth', async () => {
  const changes = { clientAuthentication: 'tls_client_auth' } as const;
  expect((await profileWith(changes)).signer).toBeUndefined();
});

it('decrypts ID tokens with the separate signing key, also for tls_client_auth', async () => {
  const changes = {
    clientAuthentication: 'tls_client_auth',
    separateSigningKey: true,
    signingPrivateKey: transport.ec.privateKey.replaceAll('\n', '\\n'),
    signingCertificate: transport.ec.certificate,
    algorithm: 'ES256',
  } as const;
  const profile = await profileWith(changes);
  expect(profile.signer).toBeUndefined();
  const [decryption, ...others] = profile.decryptionKeys;
  expect(decryption!.key.equals(privateKeyOf('ec'))).toBe(true);
  expect(others).toEqual([]);
  expect((await profile.requestSigner()).key).toBe(decryption!.key);
  expect(profile.validity.map(({ name }) => name)).toContain('"Signing Certificate"');
  expect(profile.notices.map(({ code }) => code)).toEqual(['pem-repaired']);
});

it.each(['ES256', 'EdDSA'] as const)('signs with %s', async (algorithm) => {
  const { certificate, privateKey } = algorithm === 'ES256' ? transport.ec : transport.ed25519;
  const changes = { transportCertificate: certificate, transportPrivateKey: privateKey, algorithm };
  expect((await profileWith(changes)).signer).toMatchObject({ algorithm });
});

it.each(['pkcs1', 'sec1', 'encrypted', 'legacy encrypted'])('reads a key in %s', async (form) => {
  const legacy = {
    type: 'pkcs1',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'secret',
  } as const;
  const keys: Record<string, [TestCertificate, string]> = {
    pkcs1: [transport.rsa, String(privateKeyOf('rsa').export({ type: 'pkcs1', format: 'pem' }))],
    sec1: [transport.ec, String(privateKeyOf('ec').export({ type: 'sec1', format: 'pem' }))],
    encrypted: [transport.rsa, pemOf(privateKeyOf('rsa'), 'secret')],
    'legacy encrypted': [transport.rsa, String(privateKeyOf('rsa').export(legacy))],
  };
  const [{ certificate }, transportPrivateKey] = keys[form]!;
  const profile = await profileWith({
    transportCertificate: certificate,
    transportPrivateKey,
    passphrase: 'secret',
    algorithm: form === 'sec1' ? 'ES256' : 'PS256',
  });
  expect(profile.signer!.key.type).toBe('private');
});
