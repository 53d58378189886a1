import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { serverCertificate, privateKeyOf } from '../support/keys/certificates';
import { profileWith, transport } from '../support/keys/keyCredential';
import { LEAN_ALGORITHMS, signedLeanly } from '../support/keys/leanCertificates';
import { pkcs12Of } from '../support/keys/pkcs12';
import type { BankSettings } from '../../core/profile/settings';
import type { Profile } from '../../core/profile/profile';

describe.each(Object.entries(LEAN_ALGORITHMS))('a certificate with %s', (_, algorithm) => {
  const lean = () => signedLeanly(transport.rsa.certificate, privateKeyOf('rsa'), algorithm);

  it.each<[string, (certificate: X509Certificate) => BankSettings]>([
    ['PEM', (certificate) => ({ transportCertificate: certificate.toString() })],
    [
      'a PKCS#12 file',
      (certificate) => ({
        keyFormat: 'pkcs12',
        pkcs12: pkcs12Of({ ...transport.rsa, certificate: certificate.toString() }, 'secret'),
        passphrase: 'secret',
      }),
    ],
    [
      'a PKCS#12 file of an old program',
      (certificate) => ({
        keyFormat: 'pkcs12',
        pkcs12: pkcs12Of({ ...transport.rsa, certificate: certificate.toString() }, 'secret', [
          '-legacy',
        ]),
        passphrase: 'secret',
      }),
    ],
    [
      'a JWK with x5c',
      (certificate) => ({
        transportCertificate: '',
        transportPrivateKey: JSON.stringify({
          ...createPrivateKey(transport.rsa.privateKey).export({ format: 'jwk' }),
          x5c: [certificate.raw.toString('base64')],
        }),
      }),
    ],
  ])('keeps its bytes in TLS and in hashes: %s', async (_form, settings) => {
    const certificate = lean();
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    const profile = await profileWith({ ...settings(certificate), keyIdSource: 'x5t#S256' });
    const hash = createHash('sha256').update(certificate.raw).digest('base64url');
    expect(profile.signer!.keyId).toBe(hash);
    expect(profile.certificateThumbprint).toBe(hash);
    expect((await shownTo(profile)).equals(certificate.raw)).toBe(true);
  });
});

/** The certificate that a server sees in the handshake. */
async function shownTo({ identity }: Profile): Promise<Buffer> {
  const { certificate, privateKey } = await serverCertificate();
  const server = createServer({
    cert: certificate,
    key: privateKey,
    requestCert: true,
    // The server of this test has no authority for the certificate. It only looks at it.
    rejectUnauthorized: false,
  });
  const seen = new Promise<Buffer>((resolve) => {
    server.on('secureConnection', (socket: TLSSocket) => {
      resolve(socket.getPeerX509Certificate()!.raw);
      socket.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = connect({
    port: (server.address() as AddressInfo).port,
    host: '127.0.0.1',
    servername: 'localhost',
    ca: identity.certificateAuthorities,
    cert: identity.certificate,
    key: identity.privateKey,
    passphrase: identity.passphrase,
  });
  const closed = new Promise((resolve) => client.once('close', resolve));
  client.resume();
  const raw = await seen;
  await closed;
  await new Promise((resolve) => server.close(resolve));
  return raw;
}
