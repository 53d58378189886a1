import 'reflect-metadata';
import { generateKeyPairSync, randomBytes, webcrypto, type KeyObject } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { TlsIdentity } from '../../../core/transport/identity';
import { sharedKey } from './sharedKeys';

/** Kinds of key that clients and servers have. */
export type KeyKind = 'rsa' | 'ec' | 'ed25519';

/** A certificate and the key that it was made for. */
export interface TestCertificate {
  /** PEM. */
  certificate: string;
  /** PKCS#8, PEM. */
  privateKey: string;
}

/** The differences from a good certificate. */
export interface CertificateOptions {
  usage?: 'server' | 'client';
  /** DNS name of a server; `localhost` and 127.0.0.1 if not given. */
  name?: string;
  /** Days from today until its validity begins. */
  from?: number;
  /** Days from today until its validity ends. */
  until?: number;
  key?: KeyKind | KeyObject;
  /** An empty list permits any purpose. If not given: 1.3.6.1.5.5.7.3.2 for a client, 1.3.6.1.5.5.7.3.1 for a server. */
  extendedKeyUsage?: string[];
  /** `digitalSignature` if not given. */
  keyUsage?: x509.KeyUsageFlags;
}

/** Flags of a certificate's key usage. */
export const { KeyUsageFlags } = x509;

/** A certificate authority. It exists only while the tests run. */
export interface TestAuthority {
  /** PEM. */
  readonly certificate: string;
  issue(options?: CertificateOptions): Promise<TestCertificate>;
  /** An authority that this one certifies. */
  intermediate(name: string): Promise<TestAuthority>;
  /** A further certificate, in PEM, for the name and key of an authority, from this one. */
  certify(other: TestAuthority, validity?: { from?: number; until?: number }): Promise<string>;
}

const DAY = 86_400_000;

/** The private key of a kind, the same in all tests of a run. */
export function privateKeyOf(kind: KeyKind): KeyObject {
  return sharedKey(kind, () => generatePrivateKey(kind));
}

/** A new private key. */
export function generatePrivateKey(kind: KeyKind): KeyObject {
  switch (kind) {
    case 'rsa':
      return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    case 'ec':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    case 'ed25519':
      return generateKeyPairSync('ed25519').privateKey;
  }
}

/** PKCS#8 in PEM, as people paste it; encrypted if a passphrase is given. */
export function pemOf(key: KeyObject, passphrase?: string): string {
  const encryption = passphrase ? { cipher: 'aes-256-cbc', passphrase } : {};
  return String(key.export({ type: 'pkcs8', format: 'pem', ...encryption }));
}

/** A block of PEM with any content. */
export function pemBlock(kind: string, content: string): string {
  return `-----BEGIN ${kind}-----\n${content}\n-----END ${kind}-----\n`;
}

const authorities = new Map<string, Promise<TestAuthority>>();

/** The authority with a name. The same name returns the same authority. `Test CA` is the one that test servers and clients trust. */
export function certificateAuthority(name = 'Test CA'): Promise<TestAuthority> {
  let authority = authorities.get(name);
  if (!authority) {
    authority = createAuthority(name);
    authorities.set(name, authority);
  }
  return authority;
}

/** A good server certificate for localhost. */
export async function serverCertificate(
  options: CertificateOptions = {},
): Promise<TestCertificate> {
  return (await certificateAuthority()).issue({ usage: 'server', ...options });
}

/** A good client certificate. Assertions with PS256 need RSA; the default is EC because it is faster. */
export async function clientCertificate(
  options: CertificateOptions = {},
): Promise<TestCertificate> {
  return (await certificateAuthority()).issue({ usage: 'client', ...options });
}

let identities = 0;

/** The TLS identity of a client that trusts `Test CA`. Each call returns a new identity. */
export async function clientIdentity(
  certificate?: TestCertificate,
  changes: Partial<TlsIdentity> = {},
): Promise<TlsIdentity> {
  return {
    fingerprint: `identity ${++identities}`,
    ...(certificate ?? (await clientCertificate())),
    certificateAuthorities: (await certificateAuthority()).certificate,
    ...changes,
  };
}

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

async function createAuthority(name: string, issuer?: Issuer): Promise<TestAuthority> {
  const pair = await importPair(generatePrivateKey('ec'));
  const subject = `CN=${name}, O=Tests, C=GB`;
  const self = { name: subject, keys: pair };
  const own = await authorityCertificate(self, issuer ?? self);
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
    certificate: own.toString('pem'),
    issue,
    intermediate: (of) => createAuthority(of, self),
    certify: async (other, { from, until } = {}) =>
      (await authorityCertificate(issuers.get(other)!, self, from, until)).toString('pem'),
  };
  issuers.set(authority, self);
  return authority;
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
