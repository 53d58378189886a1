import { setImmediate, setTimeout } from 'node:timers/promises';
import { momentNow, type Moment } from '../../lib/moment';
import { sqliteSchema, type Schema } from '../schema';
import { SqlStore, type Answer, type Values } from '../sqlStore';
import type { StatementName } from '../statements';
import { FileThread } from './fileThread';
import { fromPlain, type Result, type Statement } from './threadMessages';

/** SQL for the machine's clock in milliseconds. */
const CLOCK = "CAST(unixepoch('subsec') * 1000 AS INTEGER)";

/** Milliseconds for which calls wait for another program that has locked the file. */
const MAXIMUM_WAIT = 5_000;

/** Milliseconds between two tries while another program has locked the file. */
const PAUSE = 10;

/** A statement that waits for its answer. */
interface Call extends Statement {
  readonly resolve: (answer: Answer<unknown>) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A store in a SQLite file of this machine. Several processes may use the file at the same time.
 * The first call opens it, and so does the first call after `close`.
 *
 * A thread owns the file, so that n8n's event loop never waits for the disk. Calls that come while the thread is busy wait here. Then the
 * thread gets all of them at once: they share one write to the disk, or one wait for another program that has locked the file.
 */
export class SqliteStore extends SqlStore {
  readonly #thread: FileThread;
  /** All calls that have no answer yet. */
  readonly #calls = new Set<Promise<unknown>>();
  /** The calls that the thread gets next. */
  readonly #waiting: Call[] = [];
  /** The calls that met a locked file, and have no answer yet. They share one wait. */
  readonly #locked = new Set<Call>();
  /** Those of them that are tried again after the pause. */
  readonly #retried: Call[] = [];
  /** When the wait of the {@link #locked} calls ends, by `performance.now()`. */
  #lockedUntil = 0;
  /** Whether the thread has statements, or gets those of this turn of the event loop. */
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
    void this.#pass();
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

  /** Passes calls on to the thread, until none waits. */
  async #pass(): Promise<void> {
    if (this.#isThreadBusy) return;
    this.#isThreadBusy = true;
    while (this.#waiting.length > 0) {
      // All calls of this turn of the event loop go out together.
      await setImmediate();
      const calls = this.#waiting.splice(0);
      const order = calls.map(({ name, values }) => ({ name, values }));
      const sentAt = momentNow();
      await this.#thread.carryOut(order, (place, result) =>
        this.#settle(calls[place]!, result, sentAt),
      );
    }
    this.#isThreadBusy = false;
  }

  #settle(call: Call, result: Result, sentAt: Moment): void {
    if ('error' in result && result.isBusy && this.#mayWait(call)) return;
    this.#locked.delete(call);
    if ('rows' in result) call.resolve({ rows: [...result.rows], sentAt });
    else call.reject(fromPlain(result.error));
  }

  /** Tries a call again after a pause, unless the wait for the program that has locked the file is over. */
  #mayWait(call: Call): boolean {
    if (this.#locked.size === 0) this.#lockedUntil = performance.now() + MAXIMUM_WAIT;
    if (performance.now() > this.#lockedUntil) return false;
    this.#locked.add(call);
    this.#retried.push(call);
    if (this.#retried.length === 1) void setTimeout(PAUSE).then(() => this.#retry());
    return true;
  }

  #retry(): void {
    this.#waiting.unshift(...this.#retried.splice(0));
    void this.#pass();
  }
}
