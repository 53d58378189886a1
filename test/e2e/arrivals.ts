import { Client } from 'pg';
import { execute as query } from '../support/stores/postgres';
import { opening } from './opened';

/** A transaction that an execution has received. */
export interface Arrival {
  workflow: string;
  execution: string;
  key: string;
  /** Milliseconds since the epoch; `null` if the execution did not come so far. */
  at: number;
  marked: number | null;
  done: number | null;
}

/** What became of the transactions of a workflow. */
export interface Verdict {
  /** Transactions of the bank that no execution received that came to its end. */
  lost: string[];
  /** Arrivals of a transaction after it was marked as processed, or if the workflow marks nothing, after an execution with it had ended. */
  repeated: number;
  /** Transactions that came to the end of an execution. */
  received: number;
  /** `transaction_id`s that were handed over and that the bank's rows do not have. */
  unknown: string[];
}

/** The table in which workflows write what they receive, and gates at which they wait. */
export class Arrivals {
  private constructor(
    readonly connectionString: string,
    private readonly gates: Client,
  ) {}

  static async create(connectionString: string): Promise<Arrivals> {
    await query(
      connectionString,
      `CREATE TABLE arrivals (
        workflow text, execution text, consent text, account_id text, account_key text, transaction_id text,
        at timestamptz NOT NULL DEFAULT clock_timestamp(), marked timestamptz, done timestamptz)`,
    );
    const gates = await opening(new Client({ connectionString }), (client) => client.end());
    await gates.connect();
    return new Arrivals(connectionString, gates);
  }

  /** Executions wait at this gate from now on. */
  async close(gate: 1 | 2): Promise<void> {
    await this.gates.query('SELECT pg_advisory_lock($1)', [gate]);
  }

  /** Opens all gates. */
  async open(): Promise<void> {
    await this.gates.query('SELECT pg_advisory_unlock_all()');
  }

  /** Ends the sessions of a killed n8n, which would wait for ever. */
  async endSessions(): Promise<void> {
    await query(
      this.connectionString,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()`,
    );
  }

  async all(): Promise<Arrival[]> {
    const rows = await query(
      this.connectionString,
      `SELECT workflow, execution, account_key || ' ' || transaction_id AS key,
        extract(epoch FROM at)::float8 AS at, extract(epoch FROM marked)::float8 AS marked,
        extract(epoch FROM done)::float8 AS done FROM arrivals`,
    );
    return rows as unknown as Arrival[];
  }

  /** Whether each of the workflows has an arrival since a moment for which the condition is true. */
  async has(
    workflows: readonly string[],
    since: ReadonlySet<string>,
    condition: (arrival: Arrival) => boolean = () => true,
  ): Promise<boolean> {
    const arrivals = (await this.all()).filter(
      (arrival) => !since.has(executionOf(arrival)) && condition(arrival),
    );
    return workflows.every((id) => arrivals.some(({ workflow }) => workflow === id));
  }

  /** The executions that have begun. */
  async executions(): Promise<Set<string>> {
    return new Set((await this.all()).map(executionOf));
  }
}

const executionOf = ({ workflow, execution }: Arrival) => `${workflow}/${execution}`;

/** Judges a workflow by the keys of all transactions that the bank has booked. */
export function verdictOf(
  arrivals: readonly Arrival[],
  workflow: string,
  booked: readonly string[],
): Verdict {
  const own = arrivals.filter((arrival) => arrival.workflow === workflow);
  const received = new Set(own.flatMap(({ key, done }) => (done === null ? [] : [key])));
  const processedAt = new Map<string, number>();
  for (const { key, marked, done } of own) {
    const at = marked ?? done;
    if (at !== null) processedAt.set(key, Math.min(at, processedAt.get(key) ?? Infinity));
  }
  const processed = new Set([...received, ...processedAt.keys()]);
  const known = new Set(booked);
  const marks = own.some(({ marked }) => marked !== null);
  const arrived = new Set(own.map(({ key }) => key));
  return {
    // A kill between Mark as Processed and the next node leaves no trace in the table: then the arrival itself counts.
    lost: booked.filter((key) => !processed.has(key) && !(marks && arrived.has(key))),
    repeated: own.filter(({ key, at }) => at > (processedAt.get(key) ?? Infinity)).length,
    received: received.size,
    unknown: [...new Set(own.map(({ key }) => key))].filter((key) => !known.has(key)),
  };
}
