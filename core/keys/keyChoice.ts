import type { KeyObject, X509Certificate } from 'node:crypto';
import { OpenBankingError } from '../errors/OpenBankingError';
import { dateOf, isWithinDates, shortName, unique } from './certificateFacts';
import { usageOf, type CertificateUse } from './certificateUsage';
import { assertKeyIsUsable } from './keyChecks';
import type { ReadKey } from './privateKey';

/** A private key and a certificate for it. */
export interface KeyPair {
  readonly key: ReadKey;
  readonly certificate: X509Certificate;
}

/** A certificate that is not used, and why. */
export interface LeftOut {
  readonly certificate: X509Certificate;
  /** A clause. */
  readonly reason: string;
}

/** The pair that is used, and the others. */
export interface KeyChoice extends KeyPair {
  readonly leftOut: readonly LeftOut[];
  /** The dates of all pairs. At each of them, another one may be the right one. */
  readonly dates: readonly Date[];
}

/**
 * Chooses a key and its certificate: a certificate that is within its dates before others, one that is made for this use before others, and
 * among these the one that was issued last. A renewed certificate stands beside the old one in many files, and a keystore may hold the keys
 * for transport and for signing.
 *
 * @param fields names of the fields, for messages
 * @throws OpenBankingError `key-certificate-mismatch` if no certificate belongs to a key; those of `assertKeyIsUsable` for the key
 */
export function chooseKey(
  keys: readonly ReadKey[],
  certificates: readonly X509Certificate[],
  use: CertificateUse,
  fields: { certificate: string; key: string },
  now: Date,
): KeyChoice {
  // A damaged key belongs to no certificate.
  if (keys.length === 1) assertKeyIsUsable(keys[0]!.key, fields.key);
  const [best, ...others] = unique(certificates)
    .flatMap((certificate): KeyPair[] => {
      const key = keys.find((each) => belongsTo(each.key, certificate));
      return key ? [{ key, certificate }] : [];
    })
    .map((pair) => ({ ...pair, rank: rankOf(pair.certificate, use, now) }))
    .sort(byRank);
  if (!best) throw new OpenBankingError('key-certificate-mismatch', { values: fields });
  if (keys.length > 1) assertKeyIsUsable(best.key.key, fields.key);
  return {
    key: best.key,
    certificate: best.certificate,
    leftOut: others.map(({ certificate, rank }) => ({
      certificate,
      reason: reasonOf(certificate, rank, best.rank, use, now),
    })),
    dates: others.length
      ? [best, ...others].flatMap(({ certificate }) => datesOf(certificate))
      : [],
  };
}

/** From the most to the least important. */
interface Rank {
  readonly isValid: boolean;
  readonly usage: number;
  readonly issued: number;
}

function rankOf(certificate: X509Certificate, use: CertificateUse, now: Date): Rank {
  return {
    isValid: isWithinDates(certificate, now),
    usage: usageOf(certificate, use),
    issued: new Date(certificate.validFrom).getTime() || 0,
  };
}

function byRank({ rank: one }: { rank: Rank }, { rank: other }: { rank: Rank }): number {
  return (
    Number(other.isValid) - Number(one.isValid) ||
    other.usage - one.usage ||
    other.issued - one.issued
  );
}

function reasonOf(
  certificate: X509Certificate,
  rank: Rank,
  best: Rank,
  use: CertificateUse,
  now: Date,
): string {
  if (!rank.isValid && best.isValid) return datesReason(certificate, now);
  if (rank.usage < best.usage) {
    return use === 'transport' ? 'less fit for TLS clients' : 'less fit for signing';
  }
  return `issued earlier, on ${dateOf(certificate.validFrom)}`;
}

/** Why a certificate is not within its dates, as a clause. */
export function datesReason(certificate: X509Certificate, now: Date): string {
  return new Date(certificate.validFrom) > now
    ? `used from ${dateOf(certificate.validFrom)}, when it becomes valid`
    : `expired on ${dateOf(certificate.validTo)}`;
}

/** Whether a certificate is for a private key. */
export function belongsTo(key: KeyObject, certificate: X509Certificate): boolean {
  try {
    return certificate.checkPrivateKey(key);
  } catch {
    // OpenSSL does not know this kind of key.
    return false;
  }
}

/** Beginning and end of a certificate; dates that cannot be read are left out. */
export function datesOf({ validFrom, validTo }: X509Certificate): Date[] {
  return [new Date(validFrom), new Date(validTo)].filter((date) => !Number.isNaN(date.getTime()));
}

/** The first of some dates after now; `undefined` if there is none. */
export function nextOf(dates: readonly Date[], now: Date): Date | undefined {
  return dates
    .filter((date) => date > now)
    .sort((one, other) => one.getTime() - other.getTime())[0];
}

/** The names of certificates that are not used, with the reasons, for a notice. */
export function namesOf(leftOut: readonly LeftOut[]): string {
  const names = leftOut
    .slice(0, 10)
    .map(({ certificate, reason }) => `"${shortName(certificate.subject)}" (${reason})`);
  if (leftOut.length > names.length) names.push(`and ${leftOut.length - names.length} more`);
  return names.join(', ');
}
