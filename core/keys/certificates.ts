import { X509Certificate } from 'node:crypto';
import type { ProblemOf } from '../errors/catalogue';
import { OpenBankingError } from '../errors/OpenBankingError';
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
  if (!parsed) {
    throw new OpenBankingError('certificate-malformed', {
      problem: problemOf(given),
      values: { field },
    });
  }
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
  if (parsed) return parsed;
  throw new OpenBankingError('certificate-malformed', {
    problem: 'unreadable',
    values: { field },
  });
}

/** Writes certificates in PEM, one below the other. */
export function pemOf(certificates: readonly X509Certificate[]): string {
  return certificates.map((certificate) => certificate.toString()).join('');
}

/** `undefined` if there is no certificate, or if one does not parse or has no end: an incomplete chain cannot be used. */
function parse(given: string): ParsedCertificates | undefined {
  const { blocks, broken, repairs } = readPem(given, () => 'CERTIFICATE');
  if (broken.includes('CERTIFICATE')) return undefined;
  try {
    const [first, ...rest] = blocks
      .filter(({ kind }) => kind === 'CERTIFICATE')
      .map(({ der }) => new X509Certificate(der));
    return first && { certificates: [first, ...rest], repairs };
  } catch {
    return undefined;
  }
}

function problemOf(given: string): ProblemOf<'certificate-malformed'> {
  const { blocks } = readPem(given, () => 'CERTIFICATE');
  const kinds = blocks.map(({ kind }) => kind).join();
  if (kinds.includes('REQUEST')) return 'request';
  if (kinds.includes('TRUSTED')) return 'trusted';
  if (kinds.includes('PKCS7')) return 'pkcs7';
  return kinds.includes('PRIVATE KEY') ? 'privateKey' : 'unreadable';
}
