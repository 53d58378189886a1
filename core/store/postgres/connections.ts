import { callLater, type Cancel } from '../../lib/timer';
import type { Connection } from './connection';
import { isPassing, isPoolerError, isTransient } from './postgresFailures';
import { StatementQueue, type Waiting } from './statementQueue';

/** Maximum number of connections. */
const MAXIMUM = 5;

/** Maximum number of tries of a statement if its connection is lost: also if all connections were lost, one try is on a new one. */
const TRIES = MAXIMUM + 1;

/** Milliseconds for which callers wait if no connection can be made for a reason that may pass, as while a server is restarted. */
const PATIENCE = 5_000;

/** Milliseconds between two tries to connect meanwhile. */
const PAUSE = 100;

/** Milliseconds for which no further connection is tried after the server refused one, and others work. */
const FEWER_FOR = 30_000;

/** Milliseconds after which an idle connection is closed. */
const IDLE = 10_000;

/** Work that needs a connection. */
interface Job extends Waiting {
  /** Jobs have growing numbers. */
  readonly number: number;
  readonly work: (connection: Connection) => Promise<void>;
  readonly reject: (reason: unknown) => void;
  tries: number;
}

/**
 * The connections of a store, and the queue of the work that waits for them. The time in the queue is not limited, only the time that the
 * server takes for a statement.
 *
 * If no connection can be made, one try shows it for all callers that wait.
 */
export class Connections {
  readonly #queue = new StatementQueue<Job>();
  /** The idle connections, each with the cancellation of its end. */
  readonly #idle = new Map<Connection, Cancel>();
  #lastNumber = 0;
  /** Number of connections, idle or in use. */
  #count = 0;
  /** Number of connections that are being made. */
  #opening = 0;
  #maximum = MAXIMUM;
  /** Until when {@link #maximum} is lower than it could be, by `performance.now()`. */
  #fewerUntil = 0;
  /** Until when callers wait for a server that is away, by `performance.now()`; `undefined` if it answered last. */
  #patienceEnds: number | undefined;
  #nextTry: NodeJS.Timeout | undefined;
  #whenClosed: (() => void) | undefined;

  /** @param open makes a connection */
  constructor(private readonly open: () => Promise<Connection>) {}

  /**
   * Does work over a connection, and does it again if the connection is lost.
   *
   * @param isOfHolder whether the caller holds a lease, so that its work goes before that of others
   * @param work is idempotent
   */
  run<Result>(
    isOfHolder: boolean,
    work: (connection: Connection) => Promise<Result>,
  ): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#queue.add({
        isOfHolder,
        number: ++this.#lastNumber,
        work: async (connection) => resolve(await work(connection)),
        reject,
        tries: 0,
      });
      this.#serve();
    });
  }

  /** Ends the connections as soon as nothing waits for them. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => (this.#whenClosed = resolve));
    for (const connection of this.#idle.keys()) this.#end(connection);
    this.#serve();
    await closed;
  }

  #serve(): void {
    while (this.#queue.size > 0) {
      // The one that rested last, so that those which are not needed become old.
      const connection = [...this.#idle.keys()].at(-1);
      if (!connection) break;
      void this.#carryOut(this.#queue.next()!, connection);
    }
    while (this.#mayOpen()) void this.#openOne();
    if (this.#queue.size + this.#count + this.#opening === 0) this.#whenClosed?.();
  }

  #mayOpen(): boolean {
    if (this.#nextTry || this.#opening >= this.#queue.size) return false;
    if (performance.now() > this.#fewerUntil) this.#maximum = MAXIMUM;
    // The first one shows whether there is a server that lets this user in.
    const maximum = this.#count === 0 ? 1 : this.#maximum;
    return this.#count + this.#opening < maximum;
  }

  async #carryOut(job: Job, connection: Connection): Promise<void> {
    this.#idle.get(connection)?.();
    this.#idle.delete(connection);
    connection.wake();
    try {
      await job.work(connection);
      this.#patienceEnds = undefined;
    } catch (error) {
      // A pooler takes connections although its server is away.
      const isAgain = isPoolerError(error)
        ? this.#isPatient()
        : isTransient(error) && ++job.tries < TRIES;
      if (isAgain) this.#queue.putBack(job);
      else job.reject(error);
      if (!isTransient(error)) this.#patienceEnds = undefined;
    }
    this.#rest(connection);
    this.#serve();
  }

  /** Keeps a connection for the next job, unless it is lost or not needed. */
  #rest(connection: Connection): void {
    if (connection.isLost) {
      this.#count--;
      return;
    }
    connection.rest();
    this.#idle.set(
      connection,
      callLater(IDLE, () => this.#end(connection)),
    );
    if (this.#whenClosed && this.#queue.size === 0) this.#end(connection);
  }

  /** Ends an idle connection. */
  #end(connection: Connection): void {
    this.#idle.get(connection)?.();
    this.#idle.delete(connection);
    void connection.close().finally(() => {
      this.#count--;
      this.#serve();
    });
  }

  async #openOne(): Promise<void> {
    this.#opening++;
    const last = this.#lastNumber;
    try {
      const connection = await this.open();
      this.#count++;
      connection.onLost = () => this.#forget(connection);
      this.#rest(connection);
    } catch (error) {
      this.#refuse(error, last);
    }
    this.#opening--;
    this.#serve();
  }

  /** Forgets an idle connection that was lost. One in use is forgotten after its job. */
  #forget(connection: Connection): void {
    const cancelEnd = this.#idle.get(connection);
    if (!cancelEnd) return;
    cancelEnd();
    this.#idle.delete(connection);
    this.#count--;
    this.#serve();
  }

  /**
   * Decides what becomes of the waiting jobs after a connection could not be made.
   *
   * @param last number of the last job that already waited when the try began
   */
  #refuse(error: unknown, last: number): void {
    if (this.#count > 0) {
      this.#maximum = this.#count;
      this.#fewerUntil = performance.now() + FEWER_FOR;
      return;
    }
    if (isPassing(error) && this.#isPatient()) return;
    for (const { reject } of this.#queue.take(({ number }) => number <= last)) reject(error);
  }

  /** Whether callers wait because the server is away. If so, no connection is made for a moment. */
  #isPatient(): boolean {
    this.#patienceEnds ??= performance.now() + PATIENCE;
    if (performance.now() >= this.#patienceEnds) return false;
    this.#nextTry ??= setTimeout(() => {
      this.#nextTry = undefined;
      this.#serve();
    }, PAUSE);
    return true;
  }
}
