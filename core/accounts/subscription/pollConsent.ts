import { randomUUID } from 'node:crypto';
import type { ErrorCode } from '../../errors/catalogue';
import type { OpenBankingError } from '../../errors/OpenBankingError';
import { leastOf } from '../../lib/extremes';
import { Remarks } from '../../lib/remarks';
import type { Slots } from '../../lib/slots';
import { DAY } from '../../lib/time';
import type { Start } from '../../sync/accountState';
import {
  emptyConsent,
  noticedAfter,
  startOf,
  withStart,
  type ConsentState,
  type ConsentAccount,
  type Noticed,
} from '../../sync/consentState';
import { seenAccount, type ConsentMemory, type SeenAccount } from '../../sync/memory';
import { limitOf, LIST, type Counted } from '../../sync/reads';
import { ownError } from '../collectedRows';
import { readAccountsOf } from './consentAccounts';
import { consentSource, type ConsentSource } from './consentSource';
import { dueAccounts, isListDue, mayList, type Reader } from './dueAccounts';
import type { PollFailure, PollReport, ReadContext } from './options';
import { foreignMemory, forgottenRows, refusedPeriod } from './pollRemarks';
import { readAccount, type ReadAccount } from './readAccount';
import type { FoundRow } from './waiting';

/** A poll, for all its consents. */
export interface Poll {
  /** Its moment, by the store's clock. */
  readonly at: number;
  /** All accounts that are read share them. */
  readonly slots: Slots;
  readonly signal?: AbortSignal;
  /** Whether further accounts may be read: what they bring has to fit into the memory. */
  readonly hasRoom: () => boolean;
  /** Receives what an account brought. */
  readonly onFound: (found: readonly FoundRow[]) => void;
}

/** Failures after which nothing counts as read: the bank never answered. */
const UNANSWERED = new Set<ErrorCode>(['connection-lost', 'timeout', 'host-unreachable']);

/** Failures that say that the consent gives no data any more, until the customer consents or logs in again. */
const ENDED = new Set<ErrorCode>([
  'consent-not-accepted',
  'reauthentication-needed',
  'consent-ended',
  'invalid-grant',
  'consent-withdrawn',
]);

/** The longest pause that a bank may ask for. Some write milliseconds in place of seconds, and nobody would see that nothing comes. */
const LONGEST_PAUSE = DAY;

/**
 * Reads the accounts of a consent that are due, and passes on what they brought.
 *
 * @throws OpenBankingError those of the store
 */
export async function pollConsent(
  context: ReadContext,
  consent: string,
  poll: Poll,
): Promise<PollReport> {
  return new ConsentPoll(context, consent, poll).run();
}

class ConsentPoll {
  readonly #remarks = new Remarks();

  readonly #failures: PollFailure[] = [];

  readonly #noticed: Noticed[] = [];

  /** Identifies the reads of this poll. */
  readonly #reading = randomUUID();

  #notBefore = 0;

  #wantsList = false;

  #source: ConsentSource | undefined;

  constructor(
    private readonly context: ReadContext,
    private readonly consent: string,
    private readonly poll: Poll,
  ) {}

  async run(): Promise<PollReport> {
    const { context, consent, poll } = this;
    const { sync, options } = context;
    const memory = await sync.ofConsent(consent);
    if (memory.hasForeign && !memory.consent) this.#mayHaveLost(foreignMemory(consent));
    const state = memory.consent ?? emptyConsent();
    if (state.notBefore !== undefined && state.notBefore > poll.at) {
      return this.#report(state.notBefore);
    }
    const start = startOf(state, options.subscriber) ?? (await this.#begin());
    const resources = [LIST, ...state.accounts.map(({ accountId }) => accountId)];
    const counted = await sync.reads.counted(consent, resources);
    const due = dueAccounts(memory, state.accounts, counted, this.#reader);
    const wantsList = isListDue(state, counted, this.#reader);
    const isAnyDue = wantsList || due.some(({ at }) => at <= poll.at);
    if (!isAnyDue || poll.signal?.aborted || !poll.hasRoom()) {
      return this.#report(leastOf(due.map(({ at }) => at)));
    }
    try {
      this.#source = await consentSource(context, consent, this.#remarks, poll.signal);
    } catch (error) {
      this.#failed(ownError(error));
      await this.#remember(state);
      return this.#report(undefined);
    }
    // The consent was deleted, and the customer has consented again. A read that brings nothing writes nothing.
    if (memory.isEnding) await sync.keep(consent);
    const accounts = await this.#accounts(memory, wantsList, counted);
    const present =
      accounts === state.accounts ? due : dueAccounts(memory, accounts, counted, this.#reader);
    const taken = await this.#take(present.filter(({ at }) => at <= poll.at));
    const read = await Promise.all(
      taken.map(({ account }) =>
        poll.slots.use(() => this.#read(account, memory.accounts.get(account.accountKey), start)),
      ),
    );
    await this.#takeBack(read.filter((id) => id !== undefined));
    await this.#remember(state);
    const pause = this.#limit?.pause ?? 0;
    const later = taken.map(() => poll.at + pause);
    const others = present.filter(({ at }) => at > poll.at).map(({ at }) => at);
    return this.#report(options.readsPerDay && leastOf([...later, ...others]));
  }

  get #limit() {
    const { readsPerDay } = this.context.options;
    return readsPerDay ? limitOf(readsPerDay) : undefined;
  }

  get #reader(): Reader {
    const { subscriber } = this.context.options;
    return { subscriber, limit: this.#limit, at: this.poll.at };
  }

  /** Stores that the subscriber begins with the consent at this poll. */
  async #begin(): Promise<Start> {
    const { sync, options } = this.context;
    const start: Start =
      options.start === 'now' ? { at: this.poll.at } : { day: options.start.from };
    const changed = await sync.changeConsent(this.consent, (state) =>
      startOf(state, options.subscriber)
        ? undefined
        : withStart(state, options.subscriber, { start, at: this.poll.at }),
    );
    return startOf(changed, options.subscriber)!;
  }

  /** The accounts of the consent, from the bank if they are due or the customer has consented again. */
  async #accounts(
    memory: ConsentMemory,
    wantsList: boolean,
    counted: ReadonlyMap<string, Counted>,
  ): Promise<readonly ConsentAccount[]> {
    const { consent, poll } = this;
    const { consent: state = emptyConsent(), accounts: seen } = memory;
    const { sync } = this.context;
    const source = this.#source!;
    const isRenewed = source.grant !== undefined && source.grant !== state.grant;
    if (!wantsList && !(isRenewed && mayList(counted, this.#reader))) return state.accounts;
    await sync.reads.add(consent, [LIST], this.#reading);
    const { accounts, failure } = await poll.slots.use(() =>
      readAccountsOf(sync, consent, state, source, poll.at, this.#readersOf(seen)),
    );
    if (failure) this.#failed(failure);
    if (failure && UNANSWERED.has(failure.code)) {
      await sync.reads.takeBack(consent, [LIST], this.#reading);
    }
    // If the bank is away, or wants no reads, the accounts cannot be read either.
    return failure ? [] : accounts;
  }

  /** The subscribers that have a position in an account, and this one. */
  #readersOf(accounts: ConsentMemory['accounts']): ReadonlySet<string> {
    const names = [...accounts.values()].flatMap(({ state }) => Object.keys(state.positions));
    return new Set([...names, this.context.options.subscriber]);
  }

  /** Counts the reads of accounts. @returns those that may be read */
  async #take<Due extends { account: ConsentAccount }>(due: readonly Due[]): Promise<Due[]> {
    const { consent } = this;
    const { reads } = this.context.sync;
    const ids = due.map(({ account }) => account.accountId);
    if (ids.length === 0) return [];
    const limit = this.#limit;
    if (!limit) {
      await reads.add(consent, ids, this.#reading);
      return [...due];
    }
    const taken = await reads.take(consent, ids, this.#reading, limit);
    return due.filter(({ account }) => taken.has(account.accountId));
  }

  async #takeBack(accountIds: readonly string[]): Promise<void> {
    if (accountIds.length === 0) return;
    await this.context.sync.reads.takeBack(this.consent, accountIds, this.#reading);
  }

  /** Reads an account. @returns its ID if the bank never saw the read */
  async #read(
    { accountId, accountKey }: ConsentAccount,
    known: SeenAccount | undefined,
    start: Start,
  ): Promise<string | undefined> {
    const { consent, poll, context } = this;
    if (poll.signal?.aborted || this.#notBefore > 0 || !poll.hasRoom()) return accountId;
    const seen = known ?? seenAccount(undefined);
    const account = { consent, accountId, accountKey, seen, start, at: poll.at };
    const { request } = this.#source!;
    const read = await readAccount(context.sync, request, account, context.options);
    poll.onFound(read.found);
    return this.#judge(read, account) ? accountId : undefined;
  }

  /** Notes what a read says beside transactions. @returns whether the bank never answered */
  #judge(
    { failure, unreadable, refusedFrom, from, lost }: ReadAccount,
    { accountId }: ConsentAccount,
  ): boolean {
    if (refusedFrom !== undefined) {
      this.#mayHaveLost(refusedPeriod(accountId, refusedFrom, from), accountId);
    }
    if (lost > 0) this.#mayHaveLost(forgottenRows(accountId, lost), accountId);
    if (unreadable) this.#failures.push({ consent: this.consent, accountId, error: unreadable });
    if (!failure) return false;
    if (failure.code === 'account-unknown') this.#wantsList = true;
    this.#failed(failure, accountId);
    return UNANSWERED.has(failure.code);
  }

  #failed(error: OpenBankingError, accountId?: string): void {
    const { consent, poll } = this;
    this.#failures.push({ consent, ...(accountId !== undefined && { accountId }), error });
    if (error.retryAfter !== undefined) {
      const pause = Math.min(error.retryAfter, LONGEST_PAUSE);
      this.#notBefore = Math.max(this.#notBefore, poll.at + pause);
    }
    if (ENDED.has(error.code)) this.#noticed.push({ reason: 'ended', at: poll.at });
  }

  #mayHaveLost(remark: string, accountId?: string): void {
    this.#remarks.add(remark);
    const { at } = this.poll;
    this.#noticed.push({
      reason: 'may-have-lost',
      at,
      ...(accountId !== undefined && { accountId }),
    });
  }

  /** Stores what the poll says about the consent, if anything changed. */
  async #remember(before: ConsentState): Promise<void> {
    const { poll } = this;
    const noticed = (state: ConsentState) => noticedAfter(state.noticed, this.#noticed, poll.at);
    const isSame =
      JSON.stringify(noticed(before)) === JSON.stringify(before.noticed) &&
      this.#notBefore === 0 &&
      !this.#wantsList;
    if (isSame) return;
    await this.context.sync.changeConsent(this.consent, (state) => {
      const { listedAt, ...rest } = state;
      return {
        ...rest,
        noticed: noticed(state),
        ...(listedAt !== undefined && !this.#wantsList && { listedAt }),
        ...(this.#notBefore > 0 && { notBefore: this.#notBefore }),
      };
    });
  }

  #report(nextReadAt: number | undefined): PollReport {
    const isKnown = nextReadAt !== undefined && nextReadAt > 0 && nextReadAt < Infinity;
    return {
      remarks: [...this.#remarks.texts, ...(this.#source?.remarks() ?? [])],
      failures: this.#failures,
      ...(isKnown && { nextReadAt }),
    };
  }
}
