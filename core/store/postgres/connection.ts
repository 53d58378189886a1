import type { Client as PgClient } from 'pg';
import { isSocketFolder, type ConnectionSettings } from './connectionSettings';
import { endsConnection, isPoolerError, noAnswer, passwordInClear } from './postgresFailures';

/** Milliseconds after which the server ends a statement. */
const STATEMENT_TIMEOUT = 5_000;

/** Milliseconds to wait for the answer to a statement: longer than {@link STATEMENT_TIMEOUT}, so that no statement is carried out later. */
const ANSWER_TIMEOUT = 8_000;

/** Milliseconds to wait for a new connection. */
const CONNECT_TIMEOUT = 8_000;

/** Milliseconds to wait until the server has ended a connection. */
const END_TIMEOUT = 1_000;

/**
 * SQL that limits the present transaction in time, and makes its changes durable before the server confirms them, whatever the database
 * has as its default, and whatever a pooler did with the parameters of the session.
 */
const SET_TRANSACTION = `SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT};
  SET LOCAL idle_in_transaction_session_timeout = ${STATEMENT_TIMEOUT};
  SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'`;

/** A client of `pg`, with two methods that its types lack. */
type Client = PgClient & { ref(): void; unref(): void };

/** Carries out an SQL statement, and returns its rows. */
export type Query = <Row>(text: string, values?: unknown[]) => Promise<Row[]>;

/** Facts about a server that its connections have learned. */
export interface ServerTraits {
  /** Whether a pooler refuses the parameter `statement_timeout` at the start of a session, as PgBouncer does. */
  refusesTimeout: boolean;
}

/** A connection to a PostgreSQL server, or to a pooler in front of it. It carries out one thing at a time. */
export class Connection {
  /** Whether it can no longer be used. */
  isLost = false;
  /** Called when it is lost. */
  onLost: () => void = () => undefined;

  /** Whether the session has what {@link SET_TRANSACTION} sets, so that a statement needs no transaction for it. */
  #isSet = false;
  /** Whether a transaction was begun before. */
  #hasBegun = false;

  private constructor(private readonly client: Client) {
    const lose = (): void => {
      if (this.isLost) return;
      this.isLost = true;
      this.onLost();
    };
    client.on('error', lose);
    client.on('end', lose);
  }

  /**
   * Connects. A statement of this package ends after {@link STATEMENT_TIMEOUT}, also if it was given up. A pooler in transaction mode
   * refuses to set this for a session, or ignores it. Then each statement runs in a transaction that sets it, and so it does if the
   * server would confirm changes that are not durable.
   */
  static async open(settings: ConnectionSettings, traits: ServerTraits): Promise<Connection> {
    if (!traits.refusesTimeout) {
      try {
        const timeout = { statement_timeout: String(STATEMENT_TIMEOUT) };
        const connection = new Connection(await connected(settings, timeout));
        connection.#isSet = await connection.#isSetUp();
        return connection;
      } catch (error) {
        if (!isPoolerError(error)) throw error;
      }
    }
    const connection = new Connection(await connected(settings, {}));
    traits.refusesTimeout = true;
    return connection;
  }

  async #isSetUp(): Promise<boolean> {
    const interval = `INTERVAL '${STATEMENT_TIMEOUT} milliseconds'`;
    const question = `SELECT CAST(current_setting('statement_timeout') AS INTERVAL) = ${interval}
      AND current_setting('synchronous_commit') <> 'off' AS is_set`;
    try {
      const [row] = await this.#limited(() => query(this.client)<{ is_set: boolean }>(question));
      return row?.is_set === true;
    } catch (error) {
      this.#destroy();
      throw error;
    }
  }

  /** Carries out a statement, in one round trip but for the first one behind a pooler. */
  async statement<Row>(text: string, values: unknown[]): Promise<Row[]> {
    const run = query(this.client);
    const begin = `BEGIN; ${SET_TRANSACTION}`;
    return this.#limited(async () => {
      if (this.#isSet) return run<Row>(text, values);
      // Once alone: if a pooler refuses transactions, it also closes the connection, and a second write could lose its answer.
      if (!this.#hasBegun) await run(begin);
      // All are sent at once. If the statement fails, COMMIT ends the transaction without a change.
      const steps = await Promise.allSettled([
        ...(this.#hasBegun ? [run(begin)] : []),
        run<Row>(text, values),
        run('COMMIT'),
      ]);
      this.#hasBegun = true;
      const failed = steps.find(({ status }) => status === 'rejected') as
        PromiseRejectedResult | undefined;
      if (failed) throw failed.reason;
      return (steps.at(-2) as PromiseFulfilledResult<Row[]>).value;
    });
  }

  /** Carries out several statements in a transaction. If one fails, nothing is changed, and the connection is closed. */
  async transaction<Result>(work: (run: Query) => Promise<Result>): Promise<Result> {
    const run: Query = (text, values) => this.#limited(() => query(this.client)(text, values));
    try {
      // At other levels, statements that wait for a lock would see the tables as they were before it.
      await run(`BEGIN ISOLATION LEVEL READ COMMITTED; ${SET_TRANSACTION}`);
      const result = await work(run);
      await run('COMMIT');
      return result;
    } catch (error) {
      this.#destroy();
      throw error;
    }
  }

  /** Lets the process end while the connection is idle. */
  rest(): void {
    this.client.unref();
  }

  /** The opposite of {@link rest}. */
  wake(): void {
    this.client.ref();
  }

  /** Ends the connection. */
  async close(): Promise<void> {
    this.isLost = true;
    const ended = this.client.end();
    const timer = setTimeout(() => this.#destroy(), END_TIMEOUT);
    await ended.catch(() => undefined);
    clearTimeout(timer);
  }

  #destroy(): void {
    this.isLost = true;
    this.client.connection.stream.destroy();
  }

  /** Waits for answers for a limited time, which begins now. If they do not come, the connection is closed. */
  async #limited<Result>(work: () => Promise<Result>): Promise<Result> {
    let timer: NodeJS.Timeout | undefined;
    const expired = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.#destroy();
        reject(noAnswer());
      }, ANSWER_TIMEOUT);
    });
    try {
      return await Promise.race([work(), expired]);
    } catch (error) {
      if (endsConnection(error)) this.#destroy();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}

function query(client: Client): Query {
  return async <Row>(text: string, values: unknown[] = []) =>
    (await client.query(text, values)).rows as Row[];
}

/** A client of `pg` that is connected. All of its settings are given, because `pg` takes missing ones from n8n's environment. */
async function connected(
  settings: ConnectionSettings,
  limits: Readonly<Record<string, string>>,
): Promise<Client> {
  // With NODE_PG_FORCE_NATIVE in n8n's environment, `pg` itself has a client that ignores what is set here.
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- with tokens in SQLite, `pg` is not loaded
  const PgClientClass = require('pg/lib/client') as typeof PgClient;
  const { host, port, user, database, password, tls, isTlsDirect } = settings;
  const mayGoInClear = tls !== false || isSocketFolder(host);
  const client = new PgClientClass({
    ...{ host, port, user, database, client_encoding: 'utf8' },
    // As a text, an empty password would make `pg` look for another one.
    password: () => password,
    ssl: tls,
    sslnegotiation: isTlsDirect ? 'direct' : 'postgres',
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    keepAlive: true,
    pipeline: true,
  }) as Client;
  const startup = {
    ...{ user, database, application_name: 'n8n-nodes-open-banking' },
    ...settings.startup,
    ...limits,
  };
  // `pg` would add PGOPTIONS and PGREPLICATION.
  (client as unknown as { getStartupConf: () => object }).getStartupConf = () => startup;
  // This listener is called before that of `pg`, which asks for the password, or sends the one that it got for an earlier request.
  client.connection.on('authenticationCleartextPassword', () => {
    if (mayGoInClear) return;
    (client as unknown as { password: () => never }).password = () => {
      throw passwordInClear();
    };
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    client.connection.stream.destroy();
    throw error;
  }
}
