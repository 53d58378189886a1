import { OpenBankingError } from '../errors/OpenBankingError';
import { DAY } from '../lib/time';
import { shortName } from './certificateFacts';
import type { Certificates } from './certificates';

/** Validity period of a certificate of the credential (RFC 5280 §4.1.2.5). */
export interface CertificateValidity {
  /** The certificate's name in messages: its field, and the name of an intermediate certificate. */
  readonly name: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/**
 * Validity periods of a chain, that of the key's own certificate first. A root is left out, because servers do not check its dates.
 *
 * @param field the field's name, for messages
 * @throws OpenBankingError `certificate-malformed` if a date cannot be read
 */
export function validityOf(chain: Certificates, field: string): CertificateValidity[] {
  return chain
    .filter((certificate, index) => index === 0 || certificate.subject !== certificate.issuer)
    .map((certificate, index) => {
      const { subject, validFrom, validTo } = certificate;
      const name = index === 0 ? `"${field}"` : `"${field}", intermediate "${shortName(subject)}"`;
      const [notBefore, notAfter] = [new Date(validFrom), new Date(validTo)];
      // OpenSSL accepts such a certificate.
      if (Number.isNaN(notBefore.getTime()) || Number.isNaN(notAfter.getTime())) {
        throw new OpenBankingError('certificate-malformed', {
          problem: 'dates',
          values: { field },
        });
      }
      return { name, notBefore, notAfter };
    });
}

/** A profile, or anything else with validity periods. */
interface HasValidity {
  readonly validity: readonly CertificateValidity[];
}

/**
 * Warnings about the dates of certificates: `certificate-not-yet-valid`, `certificate-expired`, `certificate-expires-soon`.
 * Empty if all are valid for more than 30 days.
 */
export function certificateDates({ validity }: HasValidity, now = new Date()): OpenBankingError[] {
  return validity.flatMap(({ name, notBefore, notAfter }) => {
    const left = notAfter.getTime() - now.getTime();
    if (notBefore > now) {
      const values = { certificate: name, date: isoDate(notBefore) };
      return new OpenBankingError('certificate-not-yet-valid', { values });
    }
    if (left > 30 * DAY) return [];
    const code = left <= 0 ? 'certificate-expired' : 'certificate-expires-soon';
    return new OpenBankingError(code, { values: { certificate: name, date: isoDate(notAfter) } });
  });
}

/** The end of the certificate that ends first; `undefined` if it is valid for more than 30 days. */
export function expiresSoon({ validity }: HasValidity, now = new Date()): Date | undefined {
  const first = Math.min(...validity.map(({ notAfter }) => notAfter.getTime()));
  return first - now.getTime() > 30 * DAY ? undefined : new Date(first);
}

function isoDate(date: Date): string {
  return date.toISOString().slice(0, 10);
}
