import { OpenBankingError } from '../errors/OpenBankingError';
import { nameOf } from './certificateChain';
import type { Certificates } from './certificates';

/** From when until when a certificate of the credential is valid. */
export interface CertificateValidity {
  /** How a message names it: the field, and for an intermediate certificate its own name. */
  readonly what: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

const DAY = 24 * 60 * 60 * 1000;

/** The validity of a chain that stands in a field. A root at its end, which nobody looks at, is left out. */
export function validityOf(chain: Certificates, field: string): CertificateValidity[] {
  return chain
    .filter((certificate, index) => index === 0 || certificate.subject !== certificate.issuer)
    .map((certificate, index) => {
      const { subject, validFrom, validTo } = certificate;
      const what = index === 0 ? `"${field}"` : `"${field}", intermediate "${nameOf(subject)}"`;
      return { what, notBefore: new Date(validFrom), notAfter: new Date(validTo) };
    });
}

/** Whether, and from when until when, certificates are valid. */
interface Dated {
  readonly validity: readonly CertificateValidity[];
}

/**
 * What is to be said of the dates of the certificates: `certificate-not-yet-valid`, `certificate-expired`,
 * `certificate-expires-within-7-days`, `certificate-expires-within-30-days`; nothing where all is well.
 */
export function certificateDates({ validity }: Dated, now = new Date()): OpenBankingError[] {
  return validity.flatMap(({ what, notBefore, notAfter }) => {
    const left = notAfter.getTime() - now.getTime();
    if (notBefore > now) {
      const message = `${what} is not valid before ${isoDate(notBefore)}`;
      return new OpenBankingError('certificate-not-yet-valid', { message });
    }
    if (left <= 0) {
      const message = `${what} expired on ${isoDate(notAfter)}`;
      return new OpenBankingError('certificate-expired', { message });
    }
    if (left > 30 * DAY) return [];
    const code =
      left < 7 * DAY ? 'certificate-expires-within-7-days' : 'certificate-expires-within-30-days';
    return new OpenBankingError(code, { message: `${what} expires on ${isoDate(notAfter)}` });
  });
}

/** When the first of the certificates ends. */
export function firstExpiry({ validity }: Dated): Date {
  return new Date(Math.min(...validity.map(({ notAfter }) => notAfter.getTime())));
}

function isoDate(date: Date): string {
  return date.toISOString().slice(0, 10);
}
