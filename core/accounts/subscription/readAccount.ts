import { eachInPieces, inPieces, type Pieces } from '../../lib/pieces';
import {
  awaitedRows,
  isDue,
  positionOf,
  type AccountState,
  type RowMark,
  type Start,
} from '../../sync/accountState';
import { afterRead } from '../../sync/afterRead';
import { dayAt, daysBefore } from '../../sync/days';
import { isFinal } from '../../sync/identities/facts';
import { observed } from '../../sync/identities/observed';
import type { GivenIdentity } from '../../sync/identities/observation';
import type { SeenAccount, SyncMemory } from '../../sync/memory';
import { readPlan } from '../../sync/readPlan';
import { busyMemory } from '../../tokens/sealedMemories';
import type { PullRequest } from '../pullRequest';
import type { Origin } from '../simplified/origin';
import type { SeenRow } from '../simplified/sightings';
import { transactionItem } from '../simplified/transaction';
import { accountRows, type AccountRows } from './accountRows';
import type { SubscriptionOptions } from './options';
import type { FoundRow } from './waiting';

/** The account that is read. */
export interface AccountToRead {
  readonly consent: string;
  readonly accountId: string;
  readonly accountKey: string;
  /** Its memory in the store. */
  readonly seen: SeenAccount;
  /** The start of a subscriber that has not read it yet. */
  readonly start: Start;
  /** The moment of the poll, by the store's clock. */
  readonly at: number;
}

/** The result of a read of an account. */
export interface ReadAccount extends Pick<AccountRows, 'failure' | 'unreadable' | 'refusedFrom'> {
  /** The transactions that the subscriber has to be told of. */
  readonly found: readonly FoundRow[];
  /** Transactions that nobody will be told of any more. */
  readonly lost: number;
  /** The first day that the bank gave. */
  readonly from: string;
}

/** Number of tries to store what a read showed, if other processes read the account at the same time. */
const TRIES = 20;

/** Reads an account, and remembers what it showed. @throws OpenBankingError those of the store */
export async function readAccount(
  sync: SyncMemory,
  request: PullRequest,
  account: AccountToRead,
  options: SubscriptionOptions,
): Promise<ReadAccount> {
  const { consent, accountKey, at, start } = account;
  const { subscriber, windowDays, withPending } = options;
  const wideDays = Math.max(options.wideDays, windowDays);
  const today = dayAt(at);
  const plan = readPlan(account.seen.state, subscriber, { start, now: at, windowDays, wideDays });
  const shortest = daysBefore(today, windowDays + 1);
  const ask = () => accountRows(request, account.accountId, { ...plan, today, shortest });
  let read = await ask();
  if (await mayHaveShifted(read, account, { today, wideDays })) {
    // The same pages do not shift in the same way twice: rows that come twice again are two transactions.
    const again = await ask();
    if (!again.failure) read = again;
  }
  const { rows, isComplete, from, failure, unreadable, refusedFrom } = read;
  const isCut = refusedFrom !== undefined && from > plan.neededFrom;
  const result = { failure, unreadable, refusedFrom: isCut ? plan.neededFrom : undefined, from };
  // An empty answer says nothing: some banks give one although there are transactions.
  if (rows.length === 0) return { ...result, found: [], lost: 0 };
  const sightings = sightingsIn(rows);
  let { seen } = account;
  for (let tries = 0; tries < TRIES; tries++) {
    const awaited = awaitedRows(seen.state);
    const asked = { rows: sightings, isComplete, from, today, wideDays, awaited };
    const observation = await inPieces(observed(seen.state.known, asked, accountKey));
    const { state, lost } = await inPieces(
      afterRead(seen.state, observation, sightings, {
        ...{ subscriber, withPending, start, at, today, isComplete, wideDays },
        isWide: plan.isWide,
      }),
    );
    if (await sync.replaceAccount(consent, accountKey, seen, state)) {
      for (const remark of observation.remarks) request.remarks.add(remark);
      const given = { rows, given: observation.given };
      const found = await inPieces(foundRows(state, subscriber, given, account, request));
      return { ...result, found, lost };
    }
    seen = await sync.account(consent, accountKey);
  }
  throw busyMemory(consent);
}

/**
 * Whether rows that are new to the account may have come twice because the pages shifted while they were read. Nothing but a second read
 * tells them from equal payments.
 */
async function mayHaveShifted(
  { rows, doubtful, isComplete, from }: AccountRows,
  { seen, accountKey }: AccountToRead,
  { today, wideDays }: { readonly today: string; readonly wideDays: number },
): Promise<boolean> {
  if (doubtful.size === 0) return false;
  const asked = { rows: sightingsIn(rows), isComplete, from, today, wideDays };
  const { given } = await inPieces(observed(seen.state.known, asked, accountKey));
  return given.some((one, at) => one?.isNew && doubtful.has(rows[at]!.row));
}

function sightingsIn(rows: readonly SeenRow[]): readonly (SeenRow | undefined)[] {
  return rows.map((row) => (row.amount === '' ? undefined : row));
}

interface GivenRows {
  readonly rows: readonly SeenRow[];
  readonly given: readonly (GivenIdentity | undefined)[];
}

/** The events of a read. */
function* foundRows(
  state: AccountState,
  subscriber: string,
  { rows, given }: GivenRows,
  { consent, accountId, accountKey }: AccountToRead,
  { origin, remarks }: PullRequest,
): Pieces<FoundRow[]> {
  const position = positionOf(state, subscriber);
  const due = new Map(
    position.marks.flatMap((mark) => (isDue(mark, position) ? [[mark.row, mark] as const] : [])),
  );
  const mayBePending = new Set(position.withPending ? state.unbooked : []);
  const whole = { ...origin, accountId, accountKey };
  const place = { consent, accountKey };
  const found: FoundRow[] = [];
  yield* eachInPieces(given, (one, at) => {
    const mark = one && due.get(one.row);
    if (!one || !mark || mark.at === 'vanished') return;
    const row = rows[at]!;
    // A row that was booked before, and is shown as pending now, waits until it is shown as booked.
    if (!isFinal(row) && (mark.at === 'booked' || !mayBePending.has(one.row))) return;
    const item = { ...transactionItem(row, one, whole, remarks), event: mark.at };
    if (mark.was !== undefined) Object.assign(item, { was: mark.was });
    found.push({ ...place, row: one.row, event: mark.at, isFinal: isFinal(row), item });
  });
  for (const mark of due.values()) {
    if (mark.at !== 'vanished') continue;
    const item = vanishedItem(mark, whole);
    found.push({ ...place, row: mark.row, event: mark.at, isFinal: false, item });
  }
  return found;
}

/** The item of a pending transaction that the bank no longer has. */
function vanishedItem({ id = '' }: RowMark, origin: Origin) {
  const { accountId, accountKey = accountId, consent, consentId } = origin;
  return {
    transaction_id: id,
    account_id: accountId,
    account_key: accountKey,
    ...(consent !== undefined && { consent }),
    ...(consentId !== undefined && { consent_id: consentId }),
    status: 'pending' as const,
    event: 'vanished' as const,
  };
}
