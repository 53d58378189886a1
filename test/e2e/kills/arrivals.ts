import { Client } from 'pg';
import { execute as query } from '../../support/stores/postgres';
import { opening } from '../opened';

/** A transaction that an execution has received. Times are seconds since the epoch, by the clock of the table's server. */
export interface Arrival {
  workflow: string;
  execution: string;
  /** The key of the account and the `transaction_id`. */
  key: string;
  at: number;
  /** When the execution was about to mark it as processed; `null` if it did not come so far. */
  marking: number | null;
  /** When the execution came to its last node; `null` if it did not. */
  done: number | null;
}

/** The gates of a workflow at which its executions wait: before Mark as Processed, and directly after it. */
export type Gate = 1 | 2;

/** The table in which workflows write what they receive, and the gates at which they wait. */
export class Arrivals {
  private constructor(
    readonly connectionString: string,
    private readonly gates: Client,
  ) {}

  /** @param connectionString of an empty database */
  static async create(connectionString: string): Promise<Arrivals> {
    await query(
      connectionString,
      `CREATE TABLE arrivals (
        workflow text, execution text, consent text, account_id text, account_key text, transaction_id text,
        at timestamptz NOT NULL DEFAULT clock_timestamp(), marking timestamptz, done timestamptz)`,
    );
    const gates = await opening(new Client({ connectionString }), (client) => client.end());
    await gates.connect();
    return new Arrivals(connectionString, gates);
  }

  /** The present time. */
  async now(): Promise<number> {
    const [row] = await this.#query<{ now: number }>(
      'SELECT extract(epoch FROM clock_timestamp())::float8 AS now',
    );
    return row!.now;
  }

  /** Executions wait at this gate from now on. */
  async close(gate: Gate): Promise<void> {
    await this.gates.query('SELECT pg_advisory_lock($1)', [gate]);
  }

  /** Opens all gates. */
  async open(): Promise<void> {
    await this.gates.query('SELECT pg_advisory_unlock_all()');
  }

  /** The workflows with an execution that waits at a closed gate. */
  async waiting(): Promise<Set<string>> {
    const rows = await this.#query<{ workflow: string }>(
      `SELECT substring(query FROM '''(\\w+)'' AS at_gate') AS workflow FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '% AS at_gate'`,
    );
    return new Set(rows.map(({ workflow }) => workflow));
  }

  all(): Promise<Arrival[]> {
    return this.#query<Arrival>(
      `SELECT workflow, execution, account_key || ' ' || transaction_id AS key,
        extract(epoch FROM at)::float8 AS at, extract(epoch FROM marking)::float8 AS marking,
        extract(epoch FROM done)::float8 AS done FROM arrivals ORDER BY at`,
    );
  }

  async #query<Row>(text: string): Promise<Row[]> {
    return (await query(this.connectionString, text)) as unknown as Row[];
  }
}
