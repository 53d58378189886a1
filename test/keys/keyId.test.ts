import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { keyIdOf } from '../../core/keys/keyId';
import { clientCertificate, privateKeyOf } from '../support/keys/certificates';

const noGiven = { field: 'Key ID' };
const certificateField = 'Signing Certificate';

/** The key of RFC 8037, appendix A. */
const example = createPrivateKey({
  format: 'jwk',
  key: {
    kty: 'OKP',
    crv: 'Ed25519',
    d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
    x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  },
});

it('computes the JWK thumbprint of RFC 8037, appendix A.3', async () => {
  expect(await keyIdOf('jwk', { key: example, certificateField }, noGiven)).toBe(
    'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
  );
});

it('computes the digest of the public key like "openssl pkey -pubout -outform DER | openssl dgst -sha256", in base64url', async () => {
  expect(await keyIdOf('publicKeySha256', { key: example, certificateField }, noGiven)).toBe(
    'BuP9j9opu2CrWVV95h7bCuzbIxE0vjDnW0Vfjht5L6k',
  );
});

it('computes the same digest from the certificate of the key, without the private key', async () => {
  const { certificate } = await clientCertificate({ key: 'rsa' });
  const spki = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' });
  expect(
    await keyIdOf('publicKeySha256', { key: privateKeyOf('rsa'), certificateField }, noGiven),
  ).toBe(createHash('sha256').update(spki).digest('base64url'));
});

it('has no value if the header is to have none', async () => {
  expect(
    await keyIdOf('none', { key: example, certificateField }, { ...noGiven, text: 'kid-1' }),
  ).toBe(undefined);
});

it('computes x5t and x5t#S256 like the fingerprints of OpenSSL, in base64url', async () => {
  const { certificate } = await clientCertificate({ key: 'ec' });
  const parsed = new X509Certificate(certificate);
  const signing = { key: privateKeyOf('ec'), certificate: parsed, certificateField };
  const fromHex = (hex: string) =>
    Buffer.from(hex.replaceAll(':', ''), 'hex').toString('base64url');
  expect(await keyIdOf('x5t', signing, noGiven)).toBe(fromHex(parsed.fingerprint));
  expect(await keyIdOf('x5t#S256', signing, noGiven)).toBe(fromHex(parsed.fingerprint256));
});
