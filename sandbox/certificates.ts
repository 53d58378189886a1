import 'reflect-metadata';
import { createPrivateKey, KeyObject, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import * as x509 from '@peculiar/x509';
import type { SandboxFiles } from './ready';

/** A certificate with its private key. */
export interface Identity {
  /** Leaf first, then the intermediate, PEM. */
  chain: string;
  /** PKCS#8, PEM. */
  key: string;
  leaf: X509Certificate;
}

/** All certificates of the sandbox. Each start makes new ones. */
export interface Certificates {
  /** Root certificate, PEM. */
  authority: string;
  server: Identity;
  client: Identity;
  otherClient: Identity;
  /** From an authority that the bank does not know. */
  untrustedClient: Identity;
  /** The next certificate of `client`, with another key. */
  nextClient: Identity;
  /** Signed by its own key, and registered at the bank itself. */
  selfSignedClient: Identity;
  /** The key for which the bank encrypts ID tokens of `client`: PKCS#8, PEM. */
  clientEncryptionKey: string;
}

/** Passphrase of the encrypted copy of the client key. */
export const CLIENT_KEY_PASSPHRASE = 'sandbox';

const ALGORITHM = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 2048,
} as const;

/** Subject of the first third party. */
const LEDGER_SYNC = 'CN=Ledger Sync, O=Ledger Sync Ltd, C=GB';

const HOUR = 3_600_000;
const YEAR = 365 * 24 * HOUR;

interface Signer {
  certificate: x509.X509Certificate;
  keys: webcrypto.CryptoKeyPair;
}

/** Makes a root, an intermediate, and the bank's and third parties' certificates, all RSA-2048. */
export async function createCertificates(): Promise<Certificates> {
  const root = await createAuthority('CN=Sandbox Bank Root CA, O=Sandbox Bank, C=GB');
  const [intermediate, stranger] = await Promise.all([
    createAuthority('CN=Sandbox Bank Issuing CA, O=Sandbox Bank, C=GB', root),
    createAuthority('CN=Unknown CA, O=Somebody Else, C=GB'),
  ]);
  const [server, client, otherClient, untrustedClient, nextClient, selfSignedClient, encryption] =
    await Promise.all([
      createLeaf(intermediate, 'CN=localhost, O=Sandbox Bank, C=GB', 'server'),
      createLeaf(intermediate, LEDGER_SYNC, 'client'),
      createLeaf(intermediate, 'CN=Other Third Party, O=Other Third Party Ltd, C=GB', 'client'),
      createLeaf(stranger, LEDGER_SYNC, 'client'),
      createLeaf(intermediate, LEDGER_SYNC, 'client'),
      createLeaf(undefined, 'CN=Self Signed, O=Self Signed Ltd, C=GB', 'client'),
      createKeys(),
    ]);
  return {
    authority: pem(root.certificate),
    server,
    client,
    otherClient,
    untrustedClient,
    nextClient,
    selfSignedClient,
    clientEncryptionKey: keyText(encryption.privateKey),
  };
}

/** Writes the certificates and keys of third parties to `directory`. Only their owner can read the keys. */
export async function writeCertificates(
  certificates: Certificates,
  directory: string,
): Promise<SandboxFiles> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const { authority, client, otherClient, untrustedClient, nextClient, selfSignedClient } =
    certificates;
  const encryptedClientKey = createPrivateKey(client.key).export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: CLIENT_KEY_PASSPHRASE,
  });
  const write = async (name: string, content: string, mode: number): Promise<string> => {
    const path = resolve(directory, name);
    await writeFile(path, content, { mode });
    // The mode above applies only to new files, and the directory may contain older ones.
    await chmod(path, mode);
    return path;
  };
  return {
    certificateAuthority: await write('certificate-authority.pem', authority, 0o644),
    clientCertificate: await write('client.pem', client.chain, 0o644),
    clientKey: await write('client.key', client.key, 0o600),
    encryptedClientKey: await write('client-encrypted.key', String(encryptedClientKey), 0o600),
    otherClientCertificate: await write('other-client.pem', otherClient.chain, 0o644),
    otherClientKey: await write('other-client.key', otherClient.key, 0o600),
    untrustedClientCertificate: await write('untrusted-client.pem', untrustedClient.chain, 0o644),
    untrustedClientKey: await write('untrusted-client.key', untrustedClient.key, 0o600),
    nextClientCertificate: await write('next-client.pem', nextClient.chain, 0o644),
    nextClientKey: await write('next-client.key', nextClient.key, 0o600),
    selfSignedCertificate: await write('self-signed.pem', selfSignedClient.chain, 0o644),
    selfSignedKey: await write('self-signed.key', selfSignedClient.key, 0o600),
    clientEncryptionKey: await write(
      'client-encryption.key',
      certificates.clientEncryptionKey,
      0o600,
    ),
  };
}

/** Subject of a certificate as an RFC 4514 string: most specific attribute first. */
export function subjectOf(certificate: X509Certificate): string {
  return certificate.subject.split('\n').reverse().join(',');
}

/** SHA-256 thumbprint of a certificate, base64url: `x5t#S256` (RFC 8705 section 3.1). */
export function thumbprintOf(certificate: X509Certificate): string {
  return Buffer.from(certificate.fingerprint256.replaceAll(':', ''), 'hex').toString('base64url');
}

/** SHA-1 thumbprint of a certificate, base64url: `x5t` (RFC 7515 section 4.1.7), WSO2's key ID. */
export function sha1ThumbprintOf(certificate: X509Certificate): string {
  return Buffer.from(certificate.fingerprint.replaceAll(':', ''), 'hex').toString('base64url');
}

async function createAuthority(subject: string, issuer?: Signer): Promise<Signer> {
  const keys = await createKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    ...validity(3 * YEAR),
    subject,
    issuer: issuer?.certificate.subject ?? subject,
    publicKey: keys.publicKey,
    signingKey: (issuer?.keys ?? keys).privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, issuer ? 0 : 1, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
      ...(await keyIdentifiers(keys, issuer)),
    ],
  });
  return { certificate, keys };
}

/** @param issuer `undefined` for a certificate that its own key has signed */
async function createLeaf(
  issuer: Signer | undefined,
  subject: string,
  usage: 'server' | 'client',
): Promise<Identity> {
  const keys = await createKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    ...validity(YEAR),
    subject,
    issuer: issuer?.certificate.subject ?? subject,
    publicKey: keys.publicKey,
    signingKey: (issuer?.keys ?? keys).privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment,
        true,
      ),
      ...(await keyIdentifiers(keys, issuer)),
      new x509.ExtendedKeyUsageExtension([
        usage === 'server' ? x509.ExtendedKeyUsage.serverAuth : x509.ExtendedKeyUsage.clientAuth,
      ]),
      ...(usage === 'server' ? [loopbackNames()] : []),
    ],
  });
  const leaf = pem(certificate);
  return {
    chain: leaf + (issuer ? pem(issuer.certificate) : ''),
    key: keyText(keys.privateKey),
    leaf: new X509Certificate(leaf),
  };
}

function keyText(key: webcrypto.CryptoKey): string {
  return String(KeyObject.from(key).export({ type: 'pkcs8', format: 'pem' }));
}

function loopbackNames(): x509.Extension {
  return new x509.SubjectAlternativeNameExtension([
    { type: 'dns', value: 'localhost' },
    { type: 'ip', value: '127.0.0.1' },
    { type: 'ip', value: '::1' },
  ]);
}

async function keyIdentifiers(
  keys: webcrypto.CryptoKeyPair,
  issuer?: Signer,
): Promise<x509.Extension[]> {
  return [
    await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    await x509.AuthorityKeyIdentifierExtension.create((issuer?.keys ?? keys).publicKey),
  ];
}

function createKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

function validity(lifetime: number) {
  // One hour back, so that a client whose clock is slightly slow accepts the certificates at once.
  const notBefore = new Date(Date.now() - HOUR);
  // RFC 5280 section 4.1.2.2: positive, at most 20 octets.
  const serial = randomBytes(16);
  serial[0] = (serial[0]! & 0x3f) | 0x40;
  return {
    serialNumber: serial.toString('hex'),
    notBefore,
    notAfter: new Date(notBefore.getTime() + lifetime),
  };
}

function pem(certificate: x509.X509Certificate): string {
  return `${certificate.toString('pem').trim()}\n`;
}
