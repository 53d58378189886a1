import type { X509Certificate } from 'node:crypto';
import { OpenBankingError } from '../errors/OpenBankingError';
import { isSame, isSelfIssued, isWithinDates, shortName, unique } from './certificateFacts';
import type { Certificates } from './certificates';
import { datesOf, datesReason, namesOf, type LeftOut } from './keyChoice';

/** A certificate chain in the order in which TLS sends it (RFC 8446 §4.4.2). */
export interface CertificateChain {
  /** The key's own certificate first, then the issuer of each certificate before. */
  readonly certificates: Certificates;
  /** Warnings: `pem-repaired`, `intermediate-missing`. */
  readonly notices: OpenBankingError[];
  /** Dates at which another chain may be the right one. */
  readonly dates: readonly Date[];
}

/** Circumstances of a chain. */
export interface ChainOptions {
  /** Name of the field, for messages. */
  readonly field: string;
  /** Authorities that may end the chain without being part of it. */
  readonly roots?: readonly X509Certificate[];
  readonly now: Date;
  /** Whether a wrong order of the certificates causes a notice; `false` for a PKCS#12 file, whose order nobody sees. */
  readonly hasVisibleOrder?: boolean;
  /** Certificates of the same field that were left out before, with the reasons. */
  readonly leftOut?: readonly LeftOut[];
}

/** Maximum number of steps of the search: certificates with the same name and key, which only an attacker makes, would take for ever. */
const MAXIMUM_STEPS = 500;

/** Maximum number of issuers above each other. Real chains have three. */
const MAXIMUM_DEPTH = 10;

/** Maximum number of signatures that are verified, for the same reason. */
const MAXIMUM_VERIFICATIONS = 300;

/** Maximum number of certificates that are sent behind the chain: each TLS handshake sends them, and banks limit its size. */
const MAXIMUM_ALTERNATIVES = 8;

/**
 * Orders certificates from the one of the key up to the last issuer. If an issuer has several certificates (cross-signed, or renewed), the
 * chain whose certificates are within their dates is taken. Further issuers within their dates are sent behind it, because the bank may
 * know only the root of one of them. All others are left out and named.
 *
 * @param given certificates in any order
 * @param own the certificate of the key
 */
export function orderChain(
  given: readonly X509Certificate[],
  own: X509Certificate,
  { field, roots = [], now, leftOut = [], hasVisibleOrder = true }: ChainOptions,
): CertificateChain {
  const all = unique(given);
  const search = new ChainSearch(all, roots, now);
  const path = search.bestFrom(own);
  const chain: [X509Certificate, ...X509Certificate[]] = [own, ...path];
  const alternatives = search.alternativesTo(chain);
  const sent = [...chain, ...alternatives];

  const named = [...leftOut];
  for (const certificate of all) {
    const isNamed = named.some((each) => isSame(each.certificate, certificate));
    if (isNamed || sent.some((each) => isSame(each, certificate))) continue;
    const isIssuer = search.isIssuer(certificate);
    const reason =
      isIssuer && !isWithinDates(certificate, now)
        ? datesReason(certificate, now)
        : 'not part of the chain';
    named.push({ certificate, reason });
  }
  return {
    certificates: [own, ...path, ...alternatives],
    notices: chainNotices(
      hasVisibleOrder ? given : [],
      chain,
      named,
      search.isComplete(chain.at(-1)!),
      field,
    ),
    dates: search.hasChoice ? all.filter((each) => search.isIssuer(each)).flatMap(datesOf) : [],
  };
}

/** Looks for issuers among some certificates. */
class ChainSearch {
  /** Whether a certificate has several issuers. */
  hasChoice = false;
  readonly #issuers = new Map<X509Certificate, X509Certificate[]>();
  readonly #met = new Set<X509Certificate>();
  readonly #complete = new Map<X509Certificate, boolean>();
  #steps = 0;
  #verifications = 0;

  constructor(
    private readonly given: readonly X509Certificate[],
    private readonly roots: readonly X509Certificate[],
    private readonly now: Date,
  ) {}

  /** The best chain of issuers above a certificate: with the fewest certificates outside their dates, and complete. */
  bestFrom(
    certificate: X509Certificate,
    below: readonly X509Certificate[] = [],
  ): X509Certificate[] {
    let best: X509Certificate[] = [];
    let bestScore: number | undefined;
    if (below.length >= MAXIMUM_DEPTH) return best;
    for (const issuer of this.#issuersOf(certificate)) {
      if (below.some((each) => isSame(each, issuer)) || ++this.#steps > MAXIMUM_STEPS) continue;
      const path = [issuer, ...this.bestFrom(issuer, [...below, certificate])];
      const score = this.#score(path);
      if (bestScore === undefined || score > bestScore) [best, bestScore] = [path, score];
    }
    return best;
  }

  /** Some issuers within their dates that are not in the chain. Roots are left out, because servers have their own. */
  alternativesTo(chain: readonly X509Certificate[]): X509Certificate[] {
    const found: X509Certificate[] = [];
    const visit = (certificate: X509Certificate) => {
      for (const issuer of this.#issuersOf(certificate)) {
        if (found.length >= MAXIMUM_ALTERNATIVES) return;
        const isKnown = [...chain, ...found].some((each) => isSame(each, issuer));
        if (isKnown || isSelfIssued(issuer) || !isWithinDates(issuer, this.now)) continue;
        found.push(issuer);
        visit(issuer);
      }
    };
    chain.forEach(visit);
    return found;
  }

  /** Whether a certificate is the issuer of one that the search has met. */
  isIssuer(certificate: X509Certificate): boolean {
    return this.#met.has(certificate);
  }

  /** Whether a chain that ends with this certificate has a root. */
  isComplete(last: X509Certificate): boolean {
    let isComplete = this.#complete.get(last);
    if (isComplete === undefined) {
      isComplete = isSelfIssued(last) || this.roots.some((root) => this.#hasIssued(root, last));
      this.#complete.set(last, isComplete);
    }
    return isComplete;
  }

  /** Certificates of the issuer of a certificate, in the order of the field. */
  #issuersOf(certificate: X509Certificate): X509Certificate[] {
    const known = this.#issuers.get(certificate);
    if (known) return known;
    const issuers = isSelfIssued(certificate)
      ? []
      : this.given.filter((other) => other !== certificate && this.#hasIssued(other, certificate));
    if (issuers.length > 1) this.hasChoice = true;
    this.#issuers.set(certificate, issuers);
    issuers.forEach((issuer) => this.#met.add(issuer));
    return issuers;
  }

  #hasIssued(issuer: X509Certificate, certificate: X509Certificate): boolean {
    try {
      return (
        certificate.checkIssued(issuer) &&
        ++this.#verifications <= MAXIMUM_VERIFICATIONS &&
        certificate.verify(issuer.publicKey)
      );
    } catch {
      // Node.js does not know this kind of key.
      return false;
    }
  }

  #score(path: readonly X509Certificate[]): number {
    const outside = path.filter(
      (certificate) => !isSelfIssued(certificate) && !isWithinDates(certificate, this.now),
    ).length;
    return (this.isComplete(path.at(-1)!) ? 1 : 0) - 2 * outside;
  }
}

function chainNotices(
  given: readonly X509Certificate[],
  chain: readonly X509Certificate[],
  leftOut: readonly LeftOut[],
  isComplete: boolean,
  field: string,
): OpenBankingError[] {
  const notices: OpenBankingError[] = [];
  const inGivenOrder = given.filter((certificate) => chain.includes(certificate));
  if (inGivenOrder.some((certificate, index) => certificate !== chain[index])) {
    notices.push(new OpenBankingError('pem-repaired', { problem: 'order', values: { field } }));
  }
  if (leftOut.length) {
    const values = { field, names: namesOf(leftOut) };
    notices.push(new OpenBankingError('pem-repaired', { problem: 'leftOut', values }));
  }
  if (!isComplete) {
    const values = { field, name: shortName(chain.at(-1)!.issuer) };
    notices.push(new OpenBankingError('intermediate-missing', { values }));
  }
  return notices;
}
