import { DAY } from '../../lib/time';
import type { ReadLimit } from '../../store/memories';
import { positionOf } from '../../sync/accountState';
import type { ConsentAccount, ConsentState } from '../../sync/consentState';
import { seenAccount, type ConsentMemory } from '../../sync/memory';
import { dueAt, LIST, type Counted } from '../../sync/reads';

/** The subscriber that polls a consent. */
export interface Reader {
  readonly subscriber: string;
  /** The reads of a resource that the bank allows; `undefined` if there is no limit. */
  readonly limit: ReadLimit | undefined;
  /** The moment of the poll, by the store's clock, in milliseconds since the epoch. */
  readonly at: number;
}

/** An account, and when it may be read. */
export interface DueAccount {
  readonly account: ConsentAccount;
  /** Milliseconds since the epoch, by the store's clock; 0 if there is no limit. */
  readonly at: number;
}

/** The reads of the last 24 hours: by `AccountId`, and by {@link LIST} for the list of accounts. */
type CountedReads = ReadonlyMap<string, Counted>;

/** Milliseconds after which the list of accounts is read again. */
const LIST_PAUSE = 0.95 * DAY;

/** Milliseconds after its last read for which a subscriber keeps its turn. */
const ACTIVE = 2 * DAY;

/** When each account may be read. Subscribers of a consent take turns. */
export function dueAccounts(
  memory: ConsentMemory,
  accounts: readonly ConsentAccount[],
  counted: CountedReads,
  { subscriber, limit, at: now }: Reader,
): DueAccount[] {
  return accounts.map((account) => {
    if (!limit) return { account, at: 0 };
    const { state } = memory.accounts.get(account.accountKey) ?? seenAccount(undefined);
    // One that has not read yet waits for its turn, too.
    const others = Object.entries(memory.consent?.starts ?? {}).filter(([name, begun]) => {
      const { readAt = begun.at } = positionOf(state, name);
      return name !== subscriber && now - readAt < ACTIVE;
    });
    const { readAt } = positionOf(state, subscriber);
    const subscribers = others.length + 1;
    const own = { subscribers, ...(readAt !== undefined && { readAt }) };
    return { account, at: dueAt(counted.get(account.accountId), limit, own) };
  });
}

/** Whether the list of accounts has to be read and may be. */
export function isListDue(
  { listedAt, accounts }: ConsentState,
  counted: CountedReads,
  reader: Reader,
): boolean {
  const isOld = listedAt === undefined || reader.at - listedAt >= LIST_PAUSE;
  return (isOld || accounts.length === 0) && mayList(counted, reader);
}

/** Whether the limit allows a read of the list of accounts. */
export function mayList(counted: CountedReads, { limit, at }: Reader): boolean {
  return !limit || dueAt(counted.get(LIST), { ...limit, pause: 0 }) <= at;
}
