import { X509Certificate } from 'node:crypto';
import { OpenBankingError } from '../errors/OpenBankingError';
import { foreignContentError } from './foreignContent';
import { readPem } from './pem';

/** At least one certificate. */
export type Certificates = readonly [X509Certificate, ...X509Certificate[]];

/** Certificates as a person pasted them into a field. */
export interface ParsedCertificates {
  readonly certificates: Certificates;
  /** Repairs to the text, see `readPem`. */
  readonly repairs: string[];
}

/**
 * Reads the certificates of a PEM text, in its order. Blocks of other kinds are ignored.
 *
 * @param field the field's name, for the message
 * @throws OpenBankingError `field-missing`, `certificate-malformed`
 */
export function parseCertificates(given: string | undefined, field: string): ParsedCertificates {
  if (!given?.trim()) {
    throw new OpenBankingError('field-missing', {
      problem: 'empty',
      values: { field },
      description:
        'Paste the certificate in PEM, from "-----BEGIN CERTIFICATE-----" to "-----END CERTIFICATE-----", followed by its intermediate certificates if there are any.',
    });
  }
  const parsed = parse(given);
  if (!parsed) throw malformed(given, field);
  return parsed;
}

/**
 * Reads a bundle of certificate authorities in PEM.
 *
 * @returns `undefined` if the field is empty
 * @throws OpenBankingError `certificate-malformed`
 */
export function parseCertificateAuthorities(
  given: string | undefined,
  field: string,
): ParsedCertificates | undefined {
  if (!given?.trim()) return undefined;
  const parsed = parse(given);
  if (!parsed) throw malformed(given, field);
  return parsed;
}

/** Writes certificates in PEM, one below the other. */
export function pemOf(certificates: readonly X509Certificate[]): string {
  return certificates.map((certificate) => certificate.toString()).join('');
}

/** Certificates that a field for a private key holds besides the key; empty if there are none that can be read. */
export function certificatesBeside(given: string): readonly X509Certificate[] {
  return parse(given)?.certificates ?? [];
}

/** Certificates in DER, in base64 each, as `x5c` of a JWK has them (RFC 7517 §4.7). @throws Error if one is none */
export function certificatesOf(chain: readonly unknown[]): X509Certificate[] {
  return chain.map((encoded) => new X509Certificate(Buffer.from(String(encoded), 'base64')));
}

/** `undefined` if there is no certificate, or if one does not parse or has no end: an incomplete chain cannot be used. */
function parse(given: string): ParsedCertificates | undefined {
  const { blocks, broken, repairs } = readPem(given);
  if (broken.includes('CERTIFICATE')) return undefined;
  try {
    const [first, ...rest] = blocks
      // The form of a bare block is not known if OpenSSL alone can read it.
      .filter(({ kind }) => kind === 'CERTIFICATE' || kind === '')
      .map(({ der }) => new X509Certificate(der));
    return first && { certificates: [first, ...rest], repairs };
  } catch {
    return undefined;
  }
}

function malformed(given: string, field: string): OpenBankingError {
  return (
    foreignContentError(given, 'certificate', field) ??
    new OpenBankingError('certificate-malformed', { problem: 'unreadable', values: { field } })
  );
}
