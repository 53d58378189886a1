import type { X509Certificate } from 'node:crypto';
import { plainText } from '../lib/displayText';

/** The common name of a subject or issuer, or the whole distinguished name if it has none; at most 100 characters. */
export function shortName(distinguishedName: string): string {
  const commonName = /^CN=(.*)$/m.exec(distinguishedName)?.[1];
  return plainText(commonName ?? distinguishedName).slice(0, 100);
}

/** Whether two certificates have the same bytes. */
export function isSame(one: X509Certificate, other: X509Certificate): boolean {
  return one === other || one.raw.equals(other.raw);
}

/** Each certificate once, in their order. */
export function unique(certificates: readonly X509Certificate[]): X509Certificate[] {
  const seen = new Map<string, X509Certificate>();
  for (const certificate of certificates) {
    const name = certificate.fingerprint256;
    if (!seen.has(name)) seen.set(name, certificate);
  }
  return [...seen.values()];
}

/** Whether subject and issuer are the same, as of a root. */
export function isSelfIssued(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer;
}

/** Whether a certificate is valid at a time. */
export function isWithinDates({ validFrom, validTo }: X509Certificate, now: Date): boolean {
  return new Date(validFrom) <= now && now <= new Date(validTo);
}

/** A date of Node.js as `2027-01-31`; empty if it cannot be read. */
export function dateOf(text: string): string {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, 10);
}
