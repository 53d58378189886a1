import { X509Certificate } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  certificateAuthority,
  clientCertificate,
  generatePrivateKey,
  serverCertificate,
} from '../test/support/keys/certificates';

/** Certificates and keys of a run, as absolute paths of PEM files. All contenders use the same ones, RSA-2048. */
export interface BenchFiles {
  certificateAuthority: string;
  serverCertificate: string;
  serverKey: string;
  clientCertificate: string;
  /** PKCS#8. */
  clientKey: string;
}

/** The key ID of a certificate as WSO2 computes it: its SHA-1 thumbprint in base64url. */
export function keyIdOf(certificate: string): string {
  const { fingerprint } = new X509Certificate(certificate);
  return Buffer.from(fingerprint.replaceAll(':', ''), 'hex').toString('base64url');
}

/** Makes the certificates and keys of a run in a folder that only its owner can read. */
export async function writeCertificates(directory: string): Promise<BenchFiles> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const write = async (name: string, content: string): Promise<string> => {
    const path = join(directory, name);
    await writeFile(path, content, { mode: 0o600 });
    return path;
  };
  const server = await serverCertificate({ key: generatePrivateKey('rsa') });
  const client = await clientCertificate({ key: 'rsa' });
  return {
    certificateAuthority: await write('ca.pem', (await certificateAuthority()).certificate),
    serverCertificate: await write('server.pem', server.certificate),
    serverKey: await write('server.key', server.privateKey),
    clientCertificate: await write('client.pem', client.certificate),
    clientKey: await write('client.key', client.privateKey),
  };
}

/**
 * Writes a number of client certificates to a file. They have the same key, because making keys takes long.
 *
 * @returns the path of a JSON array of PEM texts
 */
export async function writeClientCertificates(directory: string, count: number): Promise<string> {
  const certificates: string[] = [];
  while (certificates.length < count) {
    certificates.push((await clientCertificate({ key: 'rsa' })).certificate);
  }
  const path = join(directory, 'clients.json');
  await writeFile(path, JSON.stringify(certificates), { mode: 0o600 });
  return path;
}
