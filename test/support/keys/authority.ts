import 'reflect-metadata';
import { randomBytes, webcrypto, type KeyObject } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import {
  generatePrivateKey,
  pemOf,
  privateKeyOf,
  type CertificateOptions,
  type KeyKind,
  type TestAuthority,
  type TestCertificate,
} from './certificates';

/** Flags of a certificate's key usage. */
export const { KeyUsageFlags } = x509;

const DAY = 86_400_000;

/** The issuer of an authority: another authority, or none. */
interface Issuer {
  name: string;
  keys: webcrypto.CryptoKeyPair;
}

const issuers = new WeakMap<TestAuthority, Issuer>();

/** A certificate of an authority, from an issuer. */
async function authorityCertificate(own: Issuer, issuer: Issuer, from = -3, until = 100) {
  return x509.X509CertificateGenerator.create({
    ...validity(from, until),
    subject: own.name,
    issuer: issuer.name,
    publicKey: own.keys.publicKey,
    signingKey: issuer.keys.privateKey,
    signingAlgorithm: SIGNATURE,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(own.keys.publicKey),
    ],
  });
}

/** The parts of an authority that exist already. */
interface Given {
  issuer?: Issuer;
  /** Its private key; a new one if not given. */
  key?: KeyObject;
  /** Its certificate in PEM; a new one if not given. */
  certificate?: string;
}

/** An authority with a name: without an issuer, its certificate is signed by itself. */
export async function createAuthority(
  name: string,
  { issuer, key = generatePrivateKey('ec'), certificate }: Given = {},
): Promise<TestAuthority> {
  const pair = await importPair(key);
  const subject = `CN=${name}, O=Tests, C=GB`;
  const self = { name: subject, keys: pair };
  const own = certificate ?? (await authorityCertificate(self, issuer ?? self)).toString('pem');
  const issue = async (options: CertificateOptions = {}): Promise<TestCertificate> => {
    const { usage = 'client', name: host, from = -2, until = 90, key = 'ec' } = options;
    const privateKey = typeof key === 'string' ? privateKeyOf(key) : key;
    const leaf = await x509.X509CertificateGenerator.create({
      ...validity(from, until),
      subject: usage === 'server' ? `CN=${host ?? 'localhost'}` : 'CN=Test Client, O=Tests, C=GB',
      issuer: subject,
      publicKey: (await importPair(privateKey)).publicKey,
      signingKey: pair.privateKey,
      signingAlgorithm: SIGNATURE,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(options.keyUsage ?? x509.KeyUsageFlags.digitalSignature, true),
        ...extendedKeyUsage(options.extendedKeyUsage ?? [PURPOSES[usage]]),
        await x509.AuthorityKeyIdentifierExtension.create(pair.publicKey),
        ...(usage === 'server' ? [namesOf(host)] : []),
      ],
    });
    return { certificate: leaf.toString('pem'), privateKey: pemOf(privateKey) };
  };
  const authority: TestAuthority = {
    certificate: own,
    issue,
    intermediate: (of) => createAuthority(of, { issuer: self }),
    certify: async (other, { from, until } = {}) =>
      (await authorityCertificate(issuers.get(other)!, self, from, until)).toString('pem'),
  };
  issuers.set(authority, self);
  return authority;
}

/** A certificate that is signed with its own RSA key, as `openssl req -x509` makes it: of an authority, and for any purpose. */
export async function selfSignedCertificate(name: string): Promise<TestCertificate> {
  const key = privateKeyOf('rsa');
  const { publicKey, privateKey } = await importPair(key);
  const certificate = await x509.X509CertificateGenerator.create({
    ...validity(-2, 90),
    ...{ subject: `CN=${name}`, issuer: `CN=${name}`, publicKey, signingKey: privateKey },
    signingAlgorithm: IMPORT.rsa,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
    ],
  });
  return { certificate: certificate.toString('pem'), privateKey: pemOf(key) };
}

const PURPOSES = {
  server: x509.ExtendedKeyUsage.serverAuth,
  client: x509.ExtendedKeyUsage.clientAuth,
};

function extendedKeyUsage(purposes: string[]): x509.Extension[] {
  return purposes.length ? [new x509.ExtendedKeyUsageExtension(purposes)] : [];
}

const SIGNATURE = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

const IMPORT = {
  rsa: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  ec: { name: 'ECDSA', namedCurve: 'P-256' },
  ed25519: { name: 'Ed25519' },
};

async function importPair(key: KeyObject): Promise<webcrypto.CryptoKeyPair> {
  const algorithm = IMPORT[key.asymmetricKeyType as KeyKind];
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' });
  const privateKey = await webcrypto.subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign']);
  const jwk = await webcrypto.subtle.exportKey('jwk', privateKey);
  // RFC 7517: a private JWK without these is the public JWK.
  for (const name of ['d', 'p', 'q', 'dp', 'dq', 'qi'] as const) delete jwk[name];
  jwk.key_ops = ['verify'];
  const publicKey = await webcrypto.subtle.importKey('jwk', jwk, algorithm, true, ['verify']);
  return { privateKey, publicKey };
}

function namesOf(host: string | undefined): x509.Extension {
  return new x509.SubjectAlternativeNameExtension(
    host
      ? [{ type: 'dns', value: host }]
      : [
          { type: 'dns', value: 'localhost' },
          { type: 'ip', value: '127.0.0.1' },
        ],
  );
}

function validity(from: number, until: number) {
  return {
    // RFC 5280 §4.1.2.2: a positive number.
    serialNumber: `40${randomBytes(15).toString('hex')}`,
    notBefore: new Date(Date.now() + from * DAY),
    notAfter: new Date(Date.now() + until * DAY),
  };
}
