import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestCertificate } from './certificates';

/**
 * A PKCS#12 file as the command openssl writes it, in base64.
 *
 * @param options of `openssl pkcs12 -export`
 */
export function pkcs12Of(
  { certificate, privateKey }: TestCertificate,
  passphrase: string,
  options: string[] = [],
): string {
  return openssl({ certificate, privateKey }, (file) => [
    ...['pkcs12', '-export', '-in', file('certificate'), '-inkey', file('privateKey')],
    ...['-passout', `pass:${passphrase}`, ...options],
  ]).toString('base64');
}

/** A private key in PEM, encrypted with a cipher that only OpenSSL's legacy provider has. */
export function outdatedKeyOf(privateKey: string, passphrase: string, scheme: string): string {
  return openssl({ privateKey }, (file) => [
    ...['pkcs8', '-topk8', '-v1', scheme, '-provider', 'legacy', '-provider', 'default'],
    ...['-in', file('privateKey'), '-passout', `pass:${passphrase}`],
  ]).toString();
}

/** A private key in PEM, encrypted by `openssl pkcs8 -topk8` with these options and the passphrase "secret". */
export function encryptedKeyOf(privateKey: string, options: string[]): string {
  return openssl({ privateKey }, (file) => [
    ...['pkcs8', '-topk8', '-in', file('privateKey'), '-passout', 'pass:secret', ...options],
  ]).toString();
}

/** The output of the command openssl. Its arguments may name files with these contents. */
function openssl(
  contents: Record<string, string>,
  command: (file: (name: string) => string) => string[],
): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'open-banking-test-'));
  try {
    for (const [name, content] of Object.entries(contents)) {
      writeFileSync(join(folder, name), content, { mode: 0o600 });
    }
    const options = command((name) => join(folder, name));
    return execFileSync('openssl', options, { stdio: ['ignore', 'pipe', 'pipe'] });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
