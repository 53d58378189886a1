import { randomUUID } from 'node:crypto';
import { Slots } from '../../lib/slots';
import { positionOf, type HandedRow, type OpenHandOver } from '../../sync/accountState';
import { committed, opened, released } from '../../sync/handOverChanges';
import type { SyncMemory } from '../../sync/memory';
import type { NewTransaction } from './newTransaction';
import type { SubscriptionOptions } from './options';
import { nameOf, type Batch, type FoundRow, type Waiting } from './waiting';

/** Transactions for one execution. */
export interface HandOver {
  readonly id: string;
  /** The oldest first. */
  readonly items: readonly NewTransaction[];
  /**
   * The execution succeeded. It may be called after {@link failed}, and again if it failed.
   *
   * @throws OpenBankingError those of the store
   */
  committed(): Promise<void>;
  /** The execution failed, or its outcome is not known: its transactions come again. It never fails. */
  failed(): Promise<void>;
}

/** Receives hand-overs. */
export type HandOverReceiver = (handOver: HandOver) => void;

/** Accounts of one hand-over that are written at the same time. */
const AT_ONCE = 16;

/** A hand-over that is neither committed nor failed. */
interface Open {
  readonly batch: Batch;
  /** When it counts as failed, by the clock of this process. */
  readonly until: number;
  readonly end: () => void;
}

/** The rows of one account in a hand-over. */
interface AccountPart {
  readonly consent: string;
  readonly accountKey: string;
  readonly rows: readonly FoundRow[];
}

/** Hands waiting transactions over: first the record of it in the store, then the execution, then the commit. */
export class RecordedHandOvers {
  readonly #open = new Map<string, Open>();

  /** Hand-overs are made in turn. */
  readonly #turn = new Slots(1);

  constructor(
    private readonly sync: SyncMemory,
    private readonly options: SubscriptionOptions,
    private readonly waiting: Waiting,
    private readonly now: () => number,
  ) {}

  /** Whether another hand-over can be made. */
  get hasRoom(): boolean {
    return this.#open.size < this.options.maximumOpen;
  }

  /** Hands over what can go out now, until it is ended. @throws OpenBankingError those of the store: the rest waits */
  async handOver(receiver: HandOverReceiver, signal?: AbortSignal): Promise<void> {
    await this.#turn.use(async () => {
      await this.#endSilent();
      while (this.hasRoom && !signal?.aborted) {
        const batch = this.waiting.take(this.options.maximumRows);
        if (!batch) return;
        await this.#begin(batch, receiver);
      }
    });
  }

  /** Hand-overs whose execution gave no answer in time count as failed. */
  async #endSilent(): Promise<void> {
    const silent = [...this.#open].filter(([, { until }]) => until <= this.now());
    for (const [id, { batch }] of silent) await this.#fail(id, batch);
  }

  async #begin(batch: Batch, receiver: HandOverReceiver): Promise<void> {
    const id = randomUUID();
    const { processes } = this.sync;
    processes.begin(id);
    const written: FoundRow[] = [];
    let failure: unknown;
    const slots = new Slots(AT_ONCE);
    const work = async () => {
      const parts = await Promise.all(
        partsOf(batch).map((part) =>
          slots.use(async () => {
            try {
              return await this.#write(id, part);
            } catch (error) {
              failure ??= error;
              return [];
            }
          }),
        ),
      );
      const out = new Set(parts.flat());
      written.push(...batch.filter((row) => out.has(row)));
    };
    // Its heart beats before others can see the hand-over.
    let end = () => {};
    const whole = new Promise<void>((done) => (end = done));
    void processes.while(() => whole);
    await processes.while(work);
    const others = batch.filter((row) => !written.includes(row));
    const names = new Set(written.map(nameOf));
    this.waiting.free(others.filter((row) => !names.has(nameOf(row))));
    if (written.length === 0) {
      processes.end(id);
      end();
    } else {
      const until = this.now() + this.options.deadline;
      this.#open.set(id, { batch: written, until, end });
      receiver({
        id,
        items: written.map(({ item }) => item),
        committed: () => this.#commit(id, written),
        failed: () => this.#fail(id, written),
      });
    }
    if (failure !== undefined) throw failure as Error;
  }

  /** Stores the record of a hand-over in the memory of an account. @returns the rows that go out */
  async #write(id: string, { consent, accountKey, rows }: AccountPart): Promise<FoundRow[]> {
    const { sync, options } = this;
    const { subscriber, deadline } = options;
    const now = await sync.now();
    const { state } = await sync.account(consent, accountKey);
    const ended = await this.#endedOf(positionOf(state, subscriber).open);
    const handOver: OpenHandOver = {
      id,
      process: sync.processes.own,
      until: now + deadline,
      rows: rows.map(({ row, event, isFinal }): HandedRow => ({ row, event, isFinal })),
    };
    let out: ReadonlySet<number> | undefined;
    let isBlocked = false;
    await sync.changeAccount(consent, accountKey, (present) => {
      const next = opened(present, subscriber, handOver, { ended, now });
      isBlocked = next === 'blocked';
      out = typeof next === 'object' ? new Set(next.rows.map(({ row }) => row)) : new Set();
      return typeof next === 'object' ? next.state : undefined;
    });
    if (isBlocked) {
      this.waiting.delay(rows);
      return [];
    }
    // The subscriber was told of the others meanwhile.
    this.waiting.remove(rows.filter(({ row }) => !out?.has(row)));
    return rows.filter(({ row }) => out?.has(row));
  }

  /** IDs of hand-overs that are over although the store has them. @throws OpenBankingError those of the store */
  async #endedOf(open: readonly OpenHandOver[]): Promise<ReadonlySet<string>> {
    const { processes } = this.sync;
    const ended = new Set<string>();
    for (const { id, process } of open) {
      const isOver =
        process === processes.own ? !processes.isUnderWay(id) : await processes.hasEnded(process);
      if (isOver) ended.add(id);
    }
    return ended;
  }

  async #commit(id: string, batch: Batch): Promise<void> {
    const { sync, options } = this;
    const slots = new Slots(AT_ONCE);
    const parts = partsOf(batch).map(({ consent, accountKey, rows }) =>
      slots.use(() =>
        sync.changeAccount(consent, accountKey, (state) =>
          committed(state, options.subscriber, { id, rows }),
        ),
      ),
    );
    const results = await Promise.allSettled(parts);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    this.waiting.remove(batch);
    this.#end(id, batch);
  }

  async #fail(id: string, batch: Batch): Promise<void> {
    const { sync, options } = this;
    if (!this.#open.has(id)) return;
    this.waiting.postpone(batch);
    this.#end(id, batch);
    const parts = partsOf(batch).map(({ consent, accountKey }) =>
      sync.changeAccount(consent, accountKey, (state) => released(state, options.subscriber, id)),
    );
    // Without it, this process knows that the hand-over is over, and others learn it by its deadline.
    await Promise.allSettled(parts);
  }

  /** A hand-over is not open any more. Has no effect the second time: another one of the same accounts may be open. */
  #end(id: string, batch: Batch): void {
    const open = this.#open.get(id);
    if (!open) return;
    this.#open.delete(id);
    this.waiting.free(batch);
    this.sync.processes.end(id);
    open.end();
  }
}

function partsOf(batch: Batch): AccountPart[] {
  const parts = new Map<string, FoundRow[]>();
  for (const row of batch) {
    const name = nameOf(row);
    const part = parts.get(name);
    if (part) part.push(row);
    else parts.set(name, [row]);
  }
  return [...parts.values()].map((rows) => {
    const { consent, accountKey } = rows[0]!;
    return { consent, accountKey, rows };
  });
}
