import { X509Certificate } from 'node:crypto';
import { OpenBankingError } from '../errors/OpenBankingError';
import { foreignContentError } from './foreignContent';
import { KEY_LIMITS } from './keyLimits';
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
  const parsed = parse(given, field);
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
  const parsed = parse(given, field, KEY_LIMITS.authorities);
  if (!parsed) throw malformed(given, field);
  return parsed;
}

/** Writes certificates in PEM, one below the other. */
export function pemOf(certificates: readonly X509Certificate[]): string {
  return certificates.map((certificate) => certificate.toString()).join('');
}

/**
 * Certificates that a field for a private key holds besides the key; empty if there are none that can be read.
 *
 * @throws OpenBankingError `certificate-malformed` if there are too many, or if one is too large
 */
export function certificatesBeside(given: string, field: string): readonly X509Certificate[] {
  return parse(given, field)?.certificates ?? [];
}

/**
 * Certificates in DER, in base64 each, as `x5c` of a JWK has them (RFC 7517 §4.7).
 *
 * @throws OpenBankingError `certificate-malformed` if there are too many, or if one is too large; Error if one is none
 */
export function certificatesOf(chain: readonly unknown[], field: string): X509Certificate[] {
  const encoded = chain.map((each) => Buffer.from(String(each), 'base64'));
  assertWithinLimits(encoded, field);
  return encoded.map((der) => new X509Certificate(der));
}

/**
 * Refuses what is more than a credential needs.
 *
 * @throws OpenBankingError `certificate-malformed`
 */
export function assertWithinLimits(
  certificates: readonly Buffer[],
  field: string,
  maximum: number = KEY_LIMITS.certificates,
): void {
  if (certificates.length > maximum) {
    throw new OpenBankingError('certificate-malformed', {
      problem: 'count',
      values: { field, maximum },
      description:
        'Leave only the certificate of the key in it, and the certificates of its issuers.',
    });
  }
  if (certificates.some(({ length }) => length > KEY_LIMITS.certificateSize)) {
    throw new OpenBankingError('certificate-malformed', { problem: 'size', values: { field } });
  }
}

/** `undefined` if there is no certificate, or if one does not parse or has no end: an incomplete chain cannot be used. */
function parse(given: string, field: string, maximum?: number): ParsedCertificates | undefined {
  const { blocks, broken, repairs } = readPem(given);
  if (broken.includes('CERTIFICATE')) return undefined;
  const certificates = blocks
    // The form of a bare block is not known if OpenSSL alone can read it.
    .filter(({ kind }) => kind === 'CERTIFICATE' || kind === '')
    .map(({ der }) => der);
  assertWithinLimits(certificates, field, maximum);
  try {
    const [first, ...rest] = certificates.map((der) => new X509Certificate(der));
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
