import { valueOf } from '../lib/byName';
import { DAY, HOUR, isoTime } from '../lib/time';
import type { Told } from './memory';

/**
 * Why a consent needs attention:
 * - `ends-soon`: it, or its refresh token, ends within the days that the user gave;
 * - `ended`: it has ended, or the bank wants the customer to log in again;
 * - `revoked`: it was withdrawn or refused at the bank;
 * - `outcome-unknown`: for an hour it is not known whether a refresh was carried out;
 * - `check-failed`: tokens that came last did not pass the check of their ID token;
 * - `no-more-data`: the range of dates that it covers is over, so that the bank answers with nothing for ever;
 * - `may-have-lost`: a poll noticed that transactions may be missing;
 * - `certificate-ends-soon`, `certificate-ended`: the client certificate of the credential. It concerns all consents.
 */
export type AttentionReason =
  | 'ends-soon'
  | 'ended'
  | 'revoked'
  | 'outcome-unknown'
  | 'check-failed'
  | 'no-more-data'
  | 'may-have-lost'
  | 'certificate-ends-soon'
  | 'certificate-ended';

/** Something that a person has to look after. The names are those of the output. */
export interface Attention {
  /** Missing if it concerns the credential. */
  readonly consent?: string;
  readonly consent_id?: string;
  readonly reason: AttentionReason;
  /** ISO 8601, in UTC or as the bank wrote it. */
  readonly ends_at?: string;
  readonly account_id?: string;
}

/** The known facts about a stored consent. */
export interface ConsentFacts {
  readonly consent: string;
  readonly consentId?: string;
  /** The state of its tokens, as in the list of stored consents. */
  readonly tokens:
    'valid' | 'expiring' | 'outcome unknown' | 'refused' | 'check failed' | 'needs consent';
  /** When the token's outcome was first seen to be unknown: milliseconds since the epoch. */
  readonly unknownSince?: number;
  /** Whether tokens of a renewal did not pass their check, although the tokens in use are good. */
  readonly hasFailedRenewal?: boolean;
  /** The state of the consent at the bank, if the bank was asked. */
  readonly atBank?: string;
  /** When the consent ends, ISO 8601. `undefined` if it is not known, or if it never ends: no end is assumed. */
  readonly endsAt?: string;
  /** When the refresh token ends, ISO 8601. */
  readonly refreshTokenEndsAt?: string;
  /** The last day of the data that it covers, ISO 8601. */
  readonly transactionsTo?: string;
  /** Facts that polls of New Transaction noticed. */
  readonly noticed?: readonly {
    readonly reason: string;
    readonly accountId?: string;
    readonly endsAt?: string;
  }[];
}

/** The known facts about the credential. */
export interface CredentialFacts {
  /** When the first of its certificates ends. */
  readonly certificateEndsAt?: number;
}

/** States of a consent at the bank that its customer has to repair. */
const AT_BANK: Readonly<Record<string, AttentionReason>> = {
  revoked: 'revoked',
  rejected: 'revoked',
  expired: 'ended',
};

/** The reasons that {@link ConsentFacts.noticed} may have. */
const NOTICED: ReadonlySet<string> = new Set<AttentionReason>([
  'ended',
  'no-more-data',
  'may-have-lost',
]);

/**
 * All that needs attention now. A consent that has ended is not also reported as one that ends soon.
 *
 * @param days how long before its end something is reported
 */
export function attentionOf(
  consents: readonly ConsentFacts[],
  credential: CredentialFacts,
  days: number,
  now = Date.now(),
): Attention[] {
  const horizon = now + days * DAY;
  return [
    ...certificateAttention(credential, horizon, now),
    ...consents.flatMap((facts) => attentionOfConsent(facts, horizon, now)),
  ];
}

function certificateAttention(
  { certificateEndsAt }: CredentialFacts,
  horizon: number,
  now: number,
): Attention[] {
  if (certificateEndsAt === undefined || certificateEndsAt > horizon) return [];
  const reason = certificateEndsAt <= now ? 'certificate-ended' : 'certificate-ends-soon';
  return [{ reason, ends_at: isoTime(certificateEndsAt) }];
}

function attentionOfConsent(facts: ConsentFacts, horizon: number, now: number): Attention[] {
  const { consent, consentId, noticed = [] } = facts;
  const found: Omit<Attention, 'consent'>[] = [
    ...overOf(facts, now),
    ...dataOf(facts, now),
    ...noticed
      .filter(({ reason }) => NOTICED.has(reason))
      .map(({ reason, accountId, endsAt }) => ({
        reason: reason as AttentionReason,
        ...(endsAt !== undefined && { ends_at: endsAt }),
        ...(accountId !== undefined && { account_id: accountId }),
      })),
    ...tokensOf(facts, now),
  ];
  const isOver = found.some(({ reason }) => reason === 'ended' || reason === 'revoked');
  const all = isOver ? found : [...found, ...endsSoon(facts, horizon, now)];
  const named = { consent, ...(consentId !== undefined && { consent_id: consentId }) };
  return firstOfEach(all.map((attention) => ({ ...named, ...attention })));
}

/** The bank's word about the consent counts before the state of its tokens. */
function overOf(
  { atBank, endsAt, tokens }: ConsentFacts,
  now: number,
): Omit<Attention, 'consent'>[] {
  const end = endsAt === undefined ? {} : { ends_at: endsAt };
  const reason = valueOf(AT_BANK, atBank ?? '');
  if (reason) return [{ reason, ...end }];
  const isPast = timeOf(endsAt) <= now;
  return isPast || tokens === 'needs consent' ? [{ reason: 'ended', ...end }] : [];
}

function dataOf({ transactionsTo }: ConsentFacts, now: number): Omit<Attention, 'consent'>[] {
  // A bank may still book the last day on the next one.
  if (!(timeOf(transactionsTo) + 2 * DAY <= now)) return [];
  return [{ reason: 'no-more-data', ends_at: transactionsTo }];
}

function tokensOf(facts: ConsentFacts, now: number): Omit<Attention, 'consent'>[] {
  const { tokens, unknownSince = now, hasFailedRenewal } = facts;
  if (tokens === 'check failed' || hasFailedRenewal) return [{ reason: 'check-failed' }];
  // A bank that is away at night must not wake anybody.
  const isLasting = tokens === 'outcome unknown' && now - unknownSince >= HOUR;
  return isLasting ? [{ reason: 'outcome-unknown' }] : [];
}

function endsSoon(
  { endsAt, refreshTokenEndsAt }: ConsentFacts,
  horizon: number,
  now: number,
): Omit<Attention, 'consent'>[] {
  const [first] = [endsAt, refreshTokenEndsAt]
    .filter((end) => timeOf(end) <= horizon)
    .sort((a, b) => timeOf(a) - timeOf(b));
  if (first === undefined) return [];
  // A refresh token that has ended is only known to be bad when the bank refuses it.
  return timeOf(first) <= now && first !== endsAt
    ? [{ reason: 'ended', ends_at: first }]
    : [{ reason: 'ends-soon', ends_at: first }];
}

/** Several sources may say the same. */
function firstOfEach(all: readonly Attention[]): Attention[] {
  const seen = new Set<string>();
  return all.filter(({ reason, account_id }) => {
    const name = JSON.stringify([reason, account_id]);
    return !seen.has(name) && Boolean(seen.add(name));
  });
}

/** `NaN` if there is none, or if it cannot be read: each comparison with it is false. */
function timeOf(text: string | undefined): number {
  return text === undefined ? NaN : Date.parse(text);
}

/** Those that the subscriber was not told of: each state of a consent once, and again if its end is another one or if it had gone. */
export function untold(told: Told, all: readonly Attention[]): Attention[] {
  return all.filter((attention) => told[nameOf(attention)] !== endOf(attention));
}

/**
 * The states that the subscriber was told of, without those that have gone: they are reported when they come back.
 *
 * @param undecided consents about which not everything is known now. Nothing about them is forgotten.
 */
export function stillTrue(
  told: Told,
  all: readonly Attention[],
  undecided: ReadonlySet<string> = new Set(),
): Told {
  const names = new Set(all.map(nameOf));
  return Object.fromEntries(
    Object.entries(told).filter(([name]) => names.has(name) || undecided.has(consentIn(name))),
  );
}

/** The states that the subscriber was told of, after these were handed over. */
export function withTold(told: Told, handedOver: readonly Attention[]): Told {
  const added = handedOver.map((attention): [string, string] => [
    nameOf(attention),
    endOf(attention),
  ]);
  return Object.fromEntries([...Object.entries(told), ...added]);
}

function nameOf({ consent, reason, account_id }: Attention): string {
  return JSON.stringify([consent ?? null, reason, account_id ?? null]);
}

/** The consent in a name of {@link nameOf}; empty if it concerns the credential. */
function consentIn(name: string): string {
  const [consent] = JSON.parse(name) as [string | null];
  return consent ?? '';
}

/** The end without its form, so that a bank that writes it in another way does not make it new. */
function endOf({ ends_at }: Attention): string {
  const time = timeOf(ends_at);
  return Number.isNaN(time) ? '' : isoTime(time);
}
