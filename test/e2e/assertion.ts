import { spawnSync } from 'node:child_process';
import { constants, createPublicKey, verify, type X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A decoded JWT. It is decoded without the library that made it. */
export interface TakenApart {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
  signingInput: string;
  signature: Buffer;
}

/** Decodes a compact JWT without verifying it. */
export function takeApart(jwt: string): TakenApart {
  const [header = '', claims = '', signature = ''] = jwt.split('.');
  return {
    header: JSON.parse(Buffer.from(header, 'base64url').toString()) as Record<string, unknown>,
    claims: JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>,
    signingInput: `${header}.${claims}`,
    signature: Buffer.from(signature, 'base64url'),
  };
}

/**
 * Verifies a PS256 signature (RFC 7518 section 3.5: PSS, SHA-256, salt of 32 bytes) with OpenSSL's command line,
 * or with node:crypto if the machine has no such command.
 */
export function isSignedBy(
  certificate: X509Certificate,
  { signingInput, signature }: TakenApart,
): boolean {
  const publicKey = certificate.publicKey.export({ type: 'spki', format: 'pem' });
  const directory = mkdtempSync(join(tmpdir(), 'assertion-'));
  try {
    const [keyFile, signatureFile] = [join(directory, 'key'), join(directory, 'signature')];
    writeFileSync(keyFile, publicKey);
    writeFileSync(signatureFile, signature);
    const openssl = spawnSync(
      'openssl',
      [
        ...['dgst', '-sha256', '-verify', keyFile, '-signature', signatureFile],
        ...['-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:32'],
      ],
      { input: signingInput },
    );
    if (!openssl.error) return openssl.status === 0;
    return verify(
      'sha256',
      Buffer.from(signingInput),
      {
        key: createPublicKey(publicKey),
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: 32,
      },
      signature,
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
}
