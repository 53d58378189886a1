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
  /** When it begins to be used; now if `undefined`. */
  readonly usedFrom?: Date;
  /** When another certificate takes its place; never if `undefined`. */
  readonly usedUntil?: Date;
}

/**
 * Validity periods of a chain, that of the key's own certificate first. A root is left out, because servers do not check its dates.
 *
 * @param field the field's name, for messages
 * @param use when the certificates are used
 * @throws OpenBankingError `certificate-malformed` if a date cannot be read
 */
export function validityOf(
  chain: Certificates,
  field: string,
  use: Pick<CertificateValidity, 'usedFrom' | 'usedUntil'> = {},
): CertificateValidity[] {
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
      return { name, notBefore, notAfter, ...use };
    });
}

/** A profile, or anything else with validity periods. */
interface HasValidity {
  readonly validity: readonly CertificateValidity[];
}

/**
 * Warnings about the dates of certificates: `certificate-not-yet-valid`, `certificate-expired`, `certificate-expires-soon`, and those of
 * {@link exchangeFaults}. Empty if all are valid for more than 30 days, or until others take their place.
 */
export function certificateDates({ validity }: HasValidity, now = new Date()): OpenBankingError[] {
  const warnings = validity.flatMap((certificate) => {
    const { name, notBefore, notAfter, usedFrom } = certificate;
    if (usedFrom && usedFrom > now) return [];
    const left = notAfter.getTime() - now.getTime();
    if (notBefore > now) {
      const values = { certificate: name, date: isoDate(notBefore) };
      return new OpenBankingError('certificate-not-yet-valid', { values });
    }
    if (left > 30 * DAY || !endOf(certificate)) return [];
    const code = left <= 0 ? 'certificate-expired' : 'certificate-expires-soon';
    return new OpenBankingError(code, { values: { certificate: name, date: isoDate(notAfter) } });
  });
  return [...warnings, ...exchangeFaults({ validity }, now)];
}

/**
 * Reasons why the exchange of keys that is ahead cannot work at its time: a certificate ends before it, or one that is used from then on is
 * not valid then (`field-malformed`).
 */
export function exchangeFaults({ validity }: HasValidity, now = new Date()): OpenBankingError[] {
  return validity.flatMap(({ name: certificate, notBefore, notAfter, usedFrom, usedUntil }) => {
    const fault = (problem: 'exchangeTooEarly' | 'exchangeTooLate', from: Date, date: Date) =>
      new OpenBankingError('field-malformed', {
        problem,
        values: { from: from.toISOString(), certificate, date: date.toISOString() },
        description:
          'Choose a time at which the certificate that ends and the one that follows are both valid.',
      });
    if (usedUntil && usedUntil > now && usedUntil > notAfter) {
      return fault('exchangeTooLate', usedUntil, notAfter);
    }
    if (!usedFrom || usedFrom <= now) return [];
    if (usedFrom < notBefore) return fault('exchangeTooEarly', usedFrom, notBefore);
    return usedFrom > notAfter ? fault('exchangeTooLate', usedFrom, notAfter) : [];
  });
}

/** When a certificate ends while it is used; `undefined` if another one takes its place before. */
function endOf({ notAfter, usedUntil }: CertificateValidity): Date | undefined {
  return usedUntil && usedUntil <= notAfter ? undefined : notAfter;
}

/** The end of the certificate that ends first; `undefined` if all are valid for more than 30 days, or until others take their place. */
export function expiresSoon({ validity }: HasValidity, now = new Date()): Date | undefined {
  const first = firstEnd({ validity });
  return first && first.getTime() - now.getTime() <= 30 * DAY ? first : undefined;
}

/** The end of the certificate that ends first while it is used; `undefined` if there is none. */
export function firstEnd({ validity }: HasValidity): Date | undefined {
  const ends = validity.map(endOf).filter((end) => end !== undefined);
  return ends.length > 0 ? new Date(Math.min(...ends.map((end) => end.getTime()))) : undefined;
}

function isoDate(date: Date): string {
  return date.toISOString().slice(0, 10);
}
