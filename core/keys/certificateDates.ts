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

/**
 * The validity of a chain that stands in a field; that of the key's own certificate comes first. A root at its end, which nobody looks at,
 * is left out.
 *
 * @throws OpenBankingError `certificate-malformed`, where a date is none
 */
export function validityOf(chain: Certificates, field: string): CertificateValidity[] {
  return chain
    .filter((certificate, index) => index === 0 || certificate.subject !== certificate.issuer)
    .map((certificate, index) => {
      const { subject, validFrom, validTo } = certificate;
      const what = index === 0 ? `"${field}"` : `"${field}", intermediate "${nameOf(subject)}"`;
      const [notBefore, notAfter] = [new Date(validFrom), new Date(validTo)];
      // OpenSSL reads certificates whose dates it cannot read.
      if (Number.isNaN(notBefore.getTime()) || Number.isNaN(notAfter.getTime())) {
        throw new OpenBankingError('certificate-malformed', {
          message: `"${field}" holds a certificate whose dates cannot be read`,
        });
      }
      return { what, notBefore, notAfter };
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

/** When the first of the certificates ends, where that is within 30 days or over. */
export function expiresSoon({ validity }: Dated, now = new Date()): Date | undefined {
  const first = Math.min(...validity.map(({ notAfter }) => notAfter.getTime()));
  return first - now.getTime() > 30 * DAY ? undefined : new Date(first);
}

function isoDate(date: Date): string {
  return date.toISOString().slice(0, 10);
}
