import { createHmac } from 'node:crypto';
import { valueOf, withValue } from '../lib/byName';
import { randomValue } from '../lib/randomValue';
import { DAY } from '../lib/time';
import type { ConsentedCustomer } from '../oauth/jwt/customer';
import type { Start } from './accountState';
import type { KnownAccount } from './identities/accountKeys';

/** A fact about a consent that a poll noticed, for *Consent Needs Attention*. */
export interface Noticed {
  readonly reason: 'ended' | 'no-more-data' | 'may-have-lost';
  /** Milliseconds since the epoch, by the store's clock. */
  readonly at: number;
  readonly accountId?: string;
  /** ISO 8601. */
  readonly endsAt?: string;
}

/** An account of a consent. */
export interface ConsentAccount {
  readonly accountId: string;
  readonly accountKey: string;
}

/** The first poll of a subscriber. */
export interface Beginning {
  readonly start: Start;
  /** When it was. */
  readonly at: number;
}

/** The memory of a consent. Times are milliseconds since the epoch, by the store's clock. */
export interface ConsentState {
  /** 256 random bits in base64url, for digests of the accounts' identifications. */
  readonly digestKey: string;
  /** All accounts that were ever seen. */
  readonly known: readonly KnownAccount[];
  /** The accounts of the last list. */
  readonly accounts: readonly ConsentAccount[];
  /** When the list was read. */
  readonly listedAt?: number;
  /** The grant of the tokens that it was read with, see `RecordContent.grant`: the list is read again after the customer has consented again. */
  readonly grant?: string;
  /** Digests of the names of the customer whose list it was, see {@link customerDigests}. */
  readonly customer?: readonly string[];
  /** Nothing is read before, because the bank said so. */
  readonly notBefore?: number;
  readonly noticed: readonly Noticed[];
  /** The beginning of each subscriber. */
  readonly starts: Readonly<Record<string, Beginning>>;
}

/** The memory of a consent that was never read. */
export function emptyConsent(): ConsentState {
  return { digestKey: randomValue(), known: [], accounts: [], noticed: [], starts: {} };
}

/** The known facts about the customer of a consent. */
export interface CustomerFacts extends ConsentedCustomer {
  /** See `RecordContent.lineage`. */
  readonly lineage: string;
}

/**
 * Digests of the names of a customer: `iss` and `sub`; `iss` alone if `sub` is the consent ID, which changes with each consent; and the
 * lineage of the consent. Two consents are of one customer if they share a name.
 *
 * @param digestKey in base64url
 */
export function customerDigests(facts: CustomerFacts, digestKey: string): string[] {
  const { customer, consentId, lineage } = facts;
  const names: string[][] = [['lineage', lineage]];
  if (customer) names.push(['customer', customer.iss, customer.sub]);
  if (customer && customer.sub === consentId) names.push(['consent', customer.iss]);
  const key = Buffer.from(digestKey, 'base64url');
  return names.map((name) =>
    createHmac('sha256', key).update(JSON.stringify(name)).digest('base64url'),
  );
}

/** Whether the last list was that of a customer. If nothing was listed, it is. @param now digests of the customer */
export function isCustomerOf({ known, customer = [] }: ConsentState, now: readonly string[]) {
  if (known.length === 0 || (customer.length === 0 && now.length === 0)) return true;
  return customer.some((name) => now.includes(name));
}

/** Milliseconds for which a possible loss is reported. */
const LOSS_TIME = 30 * DAY;

/** The start of a subscriber; `undefined` if it has not begun with the consent. */
export function startOf(state: ConsentState | undefined, subscriber: string): Start | undefined {
  return valueOf(state?.starts, subscriber)?.start;
}

/** The consent with the beginning of a subscriber. */
export function withStart(
  state: ConsentState,
  subscriber: string,
  beginning: Beginning,
): ConsentState {
  return { ...state, starts: withValue(state.starts, subscriber, beginning) };
}

/**
 * The facts after a poll: those that it found, and earlier possible losses. A fact that stays has the time at which it was first noticed.
 *
 * @param found by this poll
 */
export function noticedAfter(
  before: readonly Noticed[],
  found: readonly Noticed[],
  now: number,
): readonly Noticed[] {
  const nameOf = ({ reason, accountId }: Noticed) => JSON.stringify([reason, accountId]);
  const former = new Map(before.map((one) => [nameOf(one), one]));
  const names = new Set(found.map(nameOf));
  const losses = before.filter(
    (one) => one.reason === 'may-have-lost' && !names.has(nameOf(one)) && now - one.at < LOSS_TIME,
  );
  const present = found.map((one) =>
    one.reason === 'may-have-lost' ? one : (former.get(nameOf(one)) ?? one),
  );
  return [...losses, ...present];
}
