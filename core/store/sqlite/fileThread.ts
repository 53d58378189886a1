import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { OpenBankingError } from '../../errors/OpenBankingError';
import { storeError, unavailable } from '../storeFailure';
import {
  toPlain,
  type Order,
  type Result,
  type Results,
  type Statement,
  type ThreadData,
} from './threadMessages';

/** Statements that the thread carries out at the moment. */
interface UnderWay {
  /** The places in the order of the statements that have no result yet. */
  readonly left: Set<number>;
  readonly answered: (place: number, result: Result) => void;
  readonly done: () => void;
}

/**
 * The thread that owns a SQLite file. The first order starts it, and so does the first order after its end.
 * It keeps the process running only while it carries out an order.
 */
export class FileThread {
  #worker: Worker | undefined;
  #underWay: UnderWay | undefined;

  constructor(private readonly data: ThreadData) {}

  /**
   * Carries out statements, as `SqliteFile.carryOut`. There is one order at a time.
   *
   * @param answered is called with each result. If the thread ends meanwhile, the result is a failure.
   * @returns when all have results; never rejects
   */
  carryOut(
    order: readonly Statement[],
    answered: (place: number, result: Result) => void,
  ): Promise<void> {
    return new Promise((done) => {
      this.#underWay = { left: new Set(order.keys()), answered, done };
      try {
        this.#worker ??= this.#start();
        this.#worker.ref();
        this.#worker.postMessage(order satisfies Order);
      } catch (error) {
        this.#fail(error);
      }
    });
  }

  /** Closes the file and ends the thread. */
  async close(): Promise<void> {
    const worker = this.#worker;
    if (!worker) return;
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    worker.ref();
    worker.postMessage('close' satisfies Order);
    await ended;
  }

  #start(): Worker {
    const worker = new Worker(scriptPath(), { workerData: this.data, name: 'open-banking-tokens' });
    let failure: unknown;
    worker.on('message', (results: Results) => this.#receive(results));
    worker.on('error', (error) => (failure = error));
    worker.on('exit', () => {
      this.#worker = undefined;
      this.#fail(failure);
    });
    return worker;
  }

  #receive(results: Results): void {
    for (const [place, result] of results) this.#answer(place, result);
  }

  #answer(place: number, result: Result): void {
    if (!this.#underWay?.left.delete(place)) return;
    const { left, answered, done } = this.#underWay;
    answered(place, result);
    if (left.size > 0) return;
    this.#underWay = undefined;
    this.#worker?.unref();
    done();
  }

  /** Answers all statements that are under way, after the thread has ended or was not started. */
  #fail(error: unknown): void {
    const failure = { error: toPlain(threadError(this.data.path, error)), isBusy: false };
    for (const place of [...(this.#underWay?.left ?? [])]) this.#answer(place, failure);
  }
}

/** The path of the thread's script. In the tests only its source is beside this file, so the built script runs: a thread needs JavaScript. */
function scriptPath(): string {
  const path = join(__dirname, 'sqliteThread.js');
  return existsSync(path) ? path : join(__dirname, '../../../dist/sqliteThread.js');
}

/** The error if the thread has ended or cannot be started. */
function threadError(path: string, error: unknown): OpenBankingError {
  const { code, name } = (error ?? {}) as { code?: string; name?: string };
  const failure =
    code === 'ERR_ACCESS_DENIED'
      ? unavailable(
          'Node.js runs with "--permission", and may not start threads',
          'Start n8n with "--allow-worker", or without "--permission". Or store tokens in PostgreSQL: in the credential, turn on "Use Custom Settings", and choose it in "Keep Tokens In". The bank was not asked.',
        )
      : unavailable(
          `the thread that uses the file has ended (${code ?? name ?? 'from outside'})`,
          'Run the workflow again: that starts a new thread. If it ends again, give n8n more memory. The bank was not asked.',
        );
  return storeError(JSON.stringify(path), failure);
}
