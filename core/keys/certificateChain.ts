import type { KeyObject, X509Certificate } from 'node:crypto';
import { OpenBankingError } from '../errors/OpenBankingError';
import { bankText } from '../lib/bankText';
import type { Certificates } from './certificates';

/** The certificates of a field in the order in which TLS sends them (RFC 8446 §4.4.2), and what is worth a word about them. */
export interface CertificateChain {
  /** The key's own certificate first, then the issuer of each. */
  readonly certificates: Certificates;
  /** `chain-reordered`, `certificate-unrelated`, `intermediate-missing`. */
  readonly notices: OpenBankingError[];
}

/**
 * Puts certificates into order, beginning with that of the key. What does not belong to the chain is left out.
 *
 * @param roots authorities that end a chain although they are not part of it
 * @throws OpenBankingError `key-certificate-mismatch`, where none of them is the key's
 */
export function certificateChain(
  given: Certificates,
  key: KeyObject,
  fields: { certificate: string; key: string },
  roots: readonly X509Certificate[] = [],
): CertificateChain {
  const own = given.find((certificate) => certificate.checkPrivateKey(key));
  if (!own) {
    throw new OpenBankingError('key-certificate-mismatch', {
      message: `"${fields.key}" does not belong to "${fields.certificate}"`,
    });
  }
  const chain: [X509Certificate, ...X509Certificate[]] = [own];
  const rest = given.filter((certificate) => !isSame(certificate, own));
  let last = own;
  for (;;) {
    const issuer = isSelfIssued(last) ? undefined : rest.find((other) => issued(other, last));
    if (!issuer) break;
    rest.splice(rest.indexOf(issuer), 1);
    chain.push(issuer);
    last = issuer;
  }
  return { certificates: chain, notices: noticesOf(given, chain, rest, roots, fields.certificate) };
}

function noticesOf(
  given: Certificates,
  chain: readonly X509Certificate[],
  unrelated: readonly X509Certificate[],
  roots: readonly X509Certificate[],
  field: string,
): OpenBankingError[] {
  const notices: OpenBankingError[] = [];
  const inGivenOrder = given.filter((certificate) => chain.includes(certificate));
  if (inGivenOrder.some((certificate, index) => certificate !== chain[index])) {
    const message = `"${field}" holds its certificates in another order: they are sent in the right one`;
    notices.push(new OpenBankingError('chain-reordered', { message }));
  }
  if (unrelated.length) {
    const names = unrelated.map((certificate) => nameOf(certificate.subject)).join(', ');
    const message = `"${field}" also holds certificates that do not belong to the chain: ${names}`;
    notices.push(new OpenBankingError('certificate-unrelated', { message }));
  }
  const last = chain.at(-1)!;
  if (!isSelfIssued(last) && !roots.some((root) => issued(root, last))) {
    const message = `"${field}" ends before the issuer "${nameOf(last.issuer)}"`;
    notices.push(new OpenBankingError('intermediate-missing', { message }));
  }
  return notices;
}

function isSame(one: X509Certificate, other: X509Certificate): boolean {
  return one === other || one.raw.equals(other.raw);
}

function isSelfIssued(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer;
}

function issued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  try {
    return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  } catch {
    // A key of a kind that this Node.js does not know.
    return false;
  }
}

/** The common name of a subject or issuer, or all of it where it has none; 100 characters at most. */
export function nameOf(distinguishedName: string): string {
  const commonName = /^CN=(.*)$/m.exec(distinguishedName)?.[1];
  return bankText(commonName ?? distinguishedName, []).slice(0, 100);
}
