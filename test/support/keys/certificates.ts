import { generateKeyPairSync, KeyObject } from 'node:crypto';
import type { KeyUsageFlags } from '@peculiar/x509';
import type { TlsIdentity } from '../../../core/transport/identity';
import { sharedKey, sharedText } from './sharedKeys';

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
  keyUsage?: KeyUsageFlags;
}

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

/** The authority that test servers and clients trust. */
const TRUSTED = 'Test CA';

const authorities = new Map<string, Promise<TestAuthority>>();

/** The authority with a name. The same name returns the same authority. `Test CA` is the one that test servers and clients trust. */
export function certificateAuthority(name = TRUSTED): Promise<TestAuthority> {
  let authority = authorities.get(name);
  if (!authority) {
    authority = name === TRUSTED ? trustedAuthority() : createAuthority(name);
    authorities.set(name, authority);
  }
  return authority;
}

/** Loads the code that makes certificates. Most test files need only certificates of the run. */
async function createAuthority(
  ...given: Parameters<typeof import('./authority').createAuthority>
): Promise<TestAuthority> {
  return (await import('./authority')).createAuthority(...given);
}

/** The authority that all test files of a run share. */
async function trustedAuthority(): Promise<TestAuthority> {
  const key = sharedKey('authority', () => generatePrivateKey('ec'));
  let made: Promise<TestAuthority> | undefined;
  const make = async () => {
    made = createAuthority(TRUSTED, { key });
    return (await made).certificate;
  };
  const certificate = await (isClockMoved() ? make() : sharedText('authority', make));
  const whole = () => (made ??= createAuthority(TRUSTED, { key, certificate }));
  return {
    certificate,
    issue: async (options) => (await whole()).issue(options),
    intermediate: async (name) => (await whole()).intermediate(name),
    certify: async (...given) => (await whole()).certify(...given),
  };
}

/** The certificates of this test file, by their options. */
const issued = new Map<string, Promise<TestCertificate>>();

/**
 * A certificate of the trusted authority. Test files share it, because making one takes longer than most tests.
 *
 * @param number a certificate for each number
 */
function sharedCertificate(options: CertificateOptions, number = 0): Promise<TestCertificate> {
  const issue = async () => (await certificateAuthority()).issue(options);
  if (options.key instanceof KeyObject || isClockMoved()) return issue();
  const entries = Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1));
  const name = JSON.stringify([...entries, number]);
  let certificate = issued.get(name);
  if (!certificate) {
    certificate = sharedText(`certificate ${name}`, async () => JSON.stringify(await issue())).then(
      (text) => JSON.parse(text) as TestCertificate,
    );
    issued.set(name, certificate);
  }
  return certificate;
}

/** Whether a test has set the clock: its certificates have other dates. */
function isClockMoved(): boolean {
  return Math.abs(performance.timeOrigin + performance.now() - Date.now()) > 60_000;
}

/** A good server certificate for localhost. The same options return the same certificate. */
export function serverCertificate(options: CertificateOptions = {}): Promise<TestCertificate> {
  return sharedCertificate({ usage: 'server', ...options });
}

const counts = new Map<string, number>();

/** A good client certificate, another one with each call. Assertions with PS256 need RSA; the default is EC because it is faster. */
export function clientCertificate(options: CertificateOptions = {}): Promise<TestCertificate> {
  const kind = JSON.stringify(options);
  const count = counts.get(kind) ?? 0;
  counts.set(kind, count + 1);
  return sharedCertificate({ usage: 'client', ...options }, count);
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
