import type { KeyObject, X509Certificate } from 'node:crypto';
import { OpenBankingError } from '../errors/OpenBankingError';
import { plainText } from '../lib/displayText';
import type { Certificates } from './certificates';

/** A certificate chain in the order in which TLS sends it (RFC 8446 §4.4.2). */
export interface CertificateChain {
  /** The key's own certificate first, then the issuer of each certificate before. */
  readonly certificates: Certificates;
  /** Warnings: `pem-repaired`, `intermediate-missing`. */
  readonly notices: OpenBankingError[];
}

/**
 * Orders certificates from the one of the key up to the last issuer. Certificates that do not belong to the chain are left out.
 *
 * @param given certificates in any order
 * @param fields names of the fields, for messages
 * @param roots authorities that may end the chain without being part of it
 * @throws OpenBankingError `key-certificate-mismatch` if no certificate has this key
 */
export function orderChain(
  given: Certificates,
  key: KeyObject,
  fields: { certificate: string; key: string },
  roots: readonly X509Certificate[] = [],
): CertificateChain {
  const own = given.find((certificate) => certificate.checkPrivateKey(key));
  if (!own) {
    throw new OpenBankingError('key-certificate-mismatch', {
      values: fields,
    });
  }
  const chain: [X509Certificate, ...X509Certificate[]] = [own];
  const others = given.filter((certificate) => !isSame(certificate, own));
  let last = own;
  for (;;) {
    const issuer = isSelfIssued(last) ? undefined : others.find((other) => hasIssued(other, last));
    if (!issuer) break;
    others.splice(others.indexOf(issuer), 1);
    chain.push(issuer);
    last = issuer;
  }
  return {
    certificates: chain,
    notices: chainNotices(given, chain, others, roots, fields.certificate),
  };
}

function chainNotices(
  given: Certificates,
  chain: readonly X509Certificate[],
  unrelated: readonly X509Certificate[],
  roots: readonly X509Certificate[],
  field: string,
): OpenBankingError[] {
  const notices: OpenBankingError[] = [];
  const inGivenOrder = given.filter((certificate) => chain.includes(certificate));
  if (inGivenOrder.some((certificate, index) => certificate !== chain[index])) {
    notices.push(new OpenBankingError('pem-repaired', { problem: 'order', values: { field } }));
  }
  if (unrelated.length) {
    const names = unrelated.map((certificate) => shortName(certificate.subject)).join(', ');
    const values = { field, names };
    notices.push(new OpenBankingError('pem-repaired', { problem: 'unrelated', values }));
  }
  const last = chain.at(-1)!;
  if (!isSelfIssued(last) && !roots.some((root) => hasIssued(root, last))) {
    const values = { field, name: shortName(last.issuer) };
    notices.push(new OpenBankingError('intermediate-missing', { values }));
  }
  return notices;
}

function isSame(one: X509Certificate, other: X509Certificate): boolean {
  return one === other || one.raw.equals(other.raw);
}

function isSelfIssued(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer;
}

function hasIssued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  try {
    return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  } catch {
    // Node.js does not know this kind of key.
    return false;
  }
}

/** The common name of a subject or issuer, or the whole distinguished name if it has none; at most 100 characters. */
export function shortName(distinguishedName: string): string {
  const commonName = /^CN=(.*)$/m.exec(distinguishedName)?.[1];
  return plainText(commonName ?? distinguishedName).slice(0, 100);
}
