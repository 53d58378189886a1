import { createPrivateKey, X509Certificate } from 'node:crypto';
import { keyIdOf } from '../../core/keys/keyId';
import { clientCertificate, privateKeyOf } from '../support/keys/certificates';

it('computes the JWK thumbprint of RFC 8037, appendix A.3', async () => {
  const key = createPrivateKey({
    format: 'jwk',
    key: {
      kty: 'OKP',
      crv: 'Ed25519',
      d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
      x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwaaPJHURo0',
    },
  });
  expect(await keyIdOf('jwk', undefined, key, undefined)).toBe(
    'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
  );
});

it('computes x5t and x5t#S256 like the fingerprints of OpenSSL, in base64url', async () => {
  const { certificate } = await clientCertificate({ key: 'ec' });
  const parsed = new X509Certificate(certificate);
  const fromHex = (hex: string) =>
    Buffer.from(hex.replaceAll(':', ''), 'hex').toString('base64url');
  const key = privateKeyOf('ec');
  expect(await keyIdOf('x5t', '', key, parsed)).toBe(fromHex(parsed.fingerprint));
  expect(await keyIdOf('x5t#S256', '', key, parsed)).toBe(fromHex(parsed.fingerprint256));
});
