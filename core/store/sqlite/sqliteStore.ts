import { setTimeout } from 'node:timers/promises';
import { momentNow, type Moment } from '../../lib/moment';
import { sqliteSchema, type Schema } from '../schema';
import { SqlStore, type Answer, type Values } from '../sqlStore';
import type { StatementName } from '../statements';
import { FileThread } from './fileThread';
import { fromPlain, type Result, type Statement } from './threadMessages';

/** SQL for the machine's clock in milliseconds. */
const CLOCK = "CAST(unixepoch('subsec') * 1000 AS INTEGER)";

/** Milliseconds for which a call waits for another program that has locked the file. */
const MAXIMUM_WAIT = 5_000;

/** Milliseconds between two tries while another program has locked the file. */
const PAUSE = 10;

/** Maximum number of statements that are carried out together. */
const MAXIMUM_TOGETHER = 100;

/** A statement that waits for its answer. */
interface Call extends Statement {
  readonly resolve: (answer: Answer<unknown>) => void;
  readonly reject: (error: Error) => void;
  /** When the call stops waiting for a locked file, by `performance.now()`; `undefined` if it has not met one. */
  waitsUntil?: number;
}

/**
 * A store in a SQLite file of this machine. Several processes may use the file at the same time.
 * The first call opens it, and so does the first call after `close`.
 *
 * A thread owns the file, so that n8n's event loop never waits for the disk. While the thread is busy, calls gather here. Then it gets all of
 * them at once, and they share one write to the disk, or one wait for another program that has locked the file.
 */
export class SqliteStore extends SqlStore {
  readonly #thread: FileThread;
  /** All calls that have no answer yet. */
  readonly #calls = new Set<Promise<unknown>>();
  /** The calls that the thread gets next. */
  readonly #waiting: Call[] = [];
  /** The calls that met a locked file. They are tried again together. */
  readonly #locked: Call[] = [];
  #isThreadBusy = false;
  /** Resolves when the file is closed; `undefined` if it is not being closed. */
  #closing: Promise<void> | undefined;

  /**
   * @param path of the file; the file and its folder are made if they are missing
   * @param schema to which the file is migrated
   * @param clock SQL for the store's clock in milliseconds
   */
  constructor(path: string, schema: Schema = sqliteSchema, clock = CLOCK) {
    super();
    this.#thread = new FileThread({ path, schema, clock });
  }

  protected async run<AnsweredRow>(
    name: StatementName,
    values: Values,
  ): Promise<Answer<AnsweredRow>> {
    while (this.#closing) await this.#closing;
    const call = new Promise<Answer<unknown>>((resolve, reject) => {
      this.#waiting.push({ name, values, resolve, reject });
    });
    this.#calls.add(call);
    this.#pass();
    try {
      return (await call) as Answer<AnsweredRow>;
    } finally {
      this.#calls.delete(call);
    }
  }

  /** Waits for the calls that have no answer yet, and closes the file. */
  close(): Promise<void> {
    this.#closing ??= this.#close().finally(() => (this.#closing = undefined));
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.allSettled(this.#calls);
    await this.#thread.close();
  }

  /** Passes the waiting calls on to the thread, unless it is busy. */
  #pass(): void {
    if (this.#isThreadBusy || this.#waiting.length === 0) return;
    this.#isThreadBusy = true;
    const calls = this.#waiting.splice(0, MAXIMUM_TOGETHER);
    const order = calls.map(({ name, values }) => ({ name, values }));
    const sentAt = momentNow();
    void this.#thread
      .carryOut(order, (place, result) => this.#settle(calls[place]!, result, sentAt))
      .then(() => {
        this.#isThreadBusy = false;
        this.#pass();
      });
  }

  #settle(call: Call, result: Result, sentAt: Moment): void {
    if ('rows' in result) return call.resolve({ rows: [...result.rows], sentAt });
    call.waitsUntil ??= performance.now() + MAXIMUM_WAIT;
    if (!result.isBusy || performance.now() > call.waitsUntil) {
      return call.reject(fromPlain(result.error));
    }
    this.#locked.push(call);
    if (this.#locked.length === 1) void setTimeout(PAUSE).then(() => this.#tryAgain());
  }

  #tryAgain(): void {
    this.#waiting.unshift(...this.#locked.splice(0));
    this.#pass();
  }
}
