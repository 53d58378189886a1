/** The statuses of a consent at the bank, in one set of words for all versions and countries. */
const STATUSES = {
  awaiting: [
    ...['AwaitingAuthorisation', 'AwaitingAuthorization', 'AWAU'],
    'AWAITING_AUTHORISATION',
  ],
  authorised: ['Authorised', 'Authorized', 'AUTH'],
  rejected: ['Rejected', 'RJCT'],
  revoked: ['Revoked', 'Cancelled', 'CANC'],
  expired: ['Expired', 'EXPD'],
  consumed: ['Consumed', 'COND'],
  /** Saudi Arabia: it has expired, was revoked, or has served its purpose. */
  finished: ['Finished'],
} as const;

/** The status of a consent. */
export type ConsentStatus = keyof typeof STATUSES;

const byWord = new Map(
  Object.entries(STATUSES).flatMap(([status, words]) =>
    words.map((word) => [word.toLowerCase(), status as ConsentStatus] as const),
  ),
);

/** Statuses after which a consent gives no data, unless the customer authorizes it again. */
const OVER: ReadonlySet<string> = new Set<ConsentStatus>([
  ...(['rejected', 'revoked', 'expired', 'finished'] as const),
]);

/**
 * The status of a consent: of OBIE v3.1 (`Authorised`) and v4.0 (`AUTH`), whatever their case. v3.1 has no word for a consent that has expired,
 * so an authorized one whose end has passed counts as expired.
 *
 * @param word the bank's word
 * @param expiresAt ISO 8601; `undefined` if the consent has no end
 * @param now milliseconds since the epoch
 * @returns the bank's own word if it is not known
 */
export function consentStatus(
  word: string,
  expiresAt: string | undefined,
  now: number,
): ConsentStatus | (string & {}) {
  const status = byWord.get(word.trim().toLowerCase()) ?? word;
  const isPast = expiresAt !== undefined && Date.parse(expiresAt) <= now;
  return status === 'authorised' && isPast ? 'expired' : status;
}

/** Whether a consent with this status gives no data any more. */
export function isOver(status: string): boolean {
  return OVER.has(status);
}
