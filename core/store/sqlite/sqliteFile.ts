import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { OpenBankingError } from '../../errors/OpenBankingError';
import { migration, type Schema } from '../schema';
import { parametersOf, statements, type StatementName } from '../statements';
import { newerSchemaError, storeError } from '../storeFailure';
import { fileAt, makeFile } from './file';
import { nodeSqlite } from './nodeSqlite';
import { requireOneName } from './oneName';
import { isBusy, sqliteFailure } from './sqliteFailures';
import { copiedAlone, lacksLog, requireWhole } from './wholeFile';
import { toPlain, type Failure, type Result, type Results, type Statement } from './threadMessages';

/** Milliseconds for which SQLite waits for another process. Meanwhile this thread does nothing else, so it is short. */
const BUSY_TIMEOUT = 10;

/** When the `-wal` has so many bytes, SQLite moves the changes in it to the file. Its default of 4 MiB can fill a small disk. */
const LOG_SIZE = 1024 * 1024;

/** SQL for the texts in a JSON array. */
const NAMES = 'SELECT value AS name FROM json_each(:names)';

interface OpenFile {
  readonly database: DatabaseSync;
  readonly statements: Readonly<Record<StatementName, Prepared>>;
  /** Identifies the file that was opened. Another file may have been put at its path since. */
  readonly file: string;
}

interface Prepared {
  readonly statement: StatementSync;
  readonly parameters: readonly string[];
  /** Whether it only reads. */
  readonly isRead: boolean;
}

/**
 * A SQLite file, for the thread that owns it. Every call blocks this thread until the disk has answered.
 * The first call opens the file, and so does the first call after `close`.
 */
export class SqliteFile {
  #open: OpenFile | undefined;

  /**
   * @param path of the file; the file and its folder are made if they are missing
   * @param schema to which the file is migrated
   * @param clock SQL for the store's clock in milliseconds
   */
  constructor(
    private readonly path: string,
    private readonly schema: Schema,
    private readonly clock: string,
  ) {}

  /**
   * Carries out statements. Those that write are durable when their results are passed on, and share one write to the disk. If one
   * fails, the others do not.
   *
   * @param pass is called with the results: first of the statements that only read, then of those that write
   */
  carryOut(order: readonly Statement[], pass: (results: Results) => void): void {
    try {
      const { database, statements: prepared } = this.#file();
      const asked = order.map(({ name, values }, place) => ({ ...prepared[name], values, place }));
      const reads = asked.filter(({ isRead }) => isRead);
      const writes = asked.filter(({ isRead }) => !isRead);
      // Those who read do not wait for the write to the disk.
      if (reads.length) pass(reads.map((read) => [read.place, this.#alone(read)]));
      if (!writes.length) return;
      const results = this.#together(database, writes);
      pass(writes.map(({ place }, index) => [place, results[index]!]));
    } catch (error) {
      const failure = this.#failureOf(error);
      pass(order.map((_, place) => [place, failure]));
    }
  }

  close(): void {
    this.#open?.database.close();
    this.#open = undefined;
  }

  /** Carries out statements that write in one transaction. If that fails, each is carried out alone, so that each has its own result. */
  #together(database: DatabaseSync, writes: readonly Asked[]): Result[] {
    if (writes.length === 1) return writes.map((write) => this.#alone(write));
    try {
      database.exec('BEGIN IMMEDIATE');
      const results = writes.map((write) => ({ rows: rowsOf(write) }));
      database.exec('COMMIT');
      return results;
    } catch (error) {
      if (this.#rollBack(database) && !isBusy(error)) {
        return writes.map((write) => this.#alone(write));
      }
      const failure = this.#failureOf(error);
      return writes.map(() => failure);
    }
  }

  /** Ends a transaction without its changes. @returns whether the file can still be used; if not, it is closed */
  #rollBack(database: DatabaseSync): boolean {
    try {
      // SQLite has ended the transaction itself if, for example, the disk is full.
      if (database.isTransaction) database.exec('ROLLBACK');
      return true;
    } catch {
      // A statement that is carried out in the open transaction would not be durable.
      this.close();
      return false;
    }
  }

  #alone(asked: Asked): Result {
    try {
      return { rows: rowsOf(asked) };
    } catch (error) {
      return this.#failureOf(error);
    }
  }

  #failureOf(error: unknown): Failure {
    const known =
      error instanceof OpenBankingError
        ? error
        : storeError(JSON.stringify(this.path), sqliteFailure(error));
    return { error: toPlain(known), isBusy: isBusy(error) };
  }

  #file(): OpenFile {
    // If a backup was put in its place, changes of the former file would be lost.
    if (this.#open && this.#open.file !== fileAt(this.path)) this.close();
    this.#open ??= this.#openFile();
    return this.#open;
  }

  #openFile(): OpenFile {
    const { DatabaseSync: Database } = nodeSqlite();
    makeFile(this.path);
    requireOneName(this.path);
    const isCopy = lacksLog(this.path);
    const database = new Database(this.path, { timeout: BUSY_TIMEOUT });
    try {
      database.exec('PRAGMA journal_mode = WAL');
      database.exec('PRAGMA synchronous = FULL');
      this.#limitLog(database);
      // On macOS, fsync alone leaves data in the cache of the disk.
      database.exec('PRAGMA fullfsync = ON');
      requireWhole(database, this.path);
      if (isCopy && this.#versionOf(database) === 0) throw copiedAlone(this.path);
      this.#migrate(database);
      const texts = Object.entries(statements(this.schema, { now: this.clock, names: NAMES }));
      const prepared = texts.map(([name, text]): [string, Prepared] => [
        name,
        {
          statement: database.prepare(text),
          parameters: parametersOf(text),
          isRead: /^\s*SELECT\b/i.test(text),
        },
      ]);
      return {
        database,
        statements: Object.fromEntries(prepared) as Record<StatementName, Prepared>,
        file: fileAt(this.path) ?? '',
      };
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /** Keeps the `-wal` small. It grows while another program reads for long, as a backup does, and is shortened afterwards. */
  #limitLog(database: DatabaseSync): void {
    const { page_size: pageSize } = database.prepare('PRAGMA page_size').get()!;
    database.exec(`PRAGMA wal_autocheckpoint = ${Math.floor(LOG_SIZE / Number(pageSize))}`);
    database.exec(`PRAGMA journal_size_limit = ${LOG_SIZE}`);
  }

  #migrate(database: DatabaseSync): void {
    if (this.#versionOf(database) === this.schema.steps.length) return;
    database.exec('BEGIN IMMEDIATE');
    try {
      // Another process may have migrated it meanwhile.
      const version = this.#versionOf(database);
      if (version !== this.schema.steps.length) {
        for (const step of migration(this.schema, version)) database.exec(step);
      }
      database.exec('COMMIT');
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }

  #versionOf(database: DatabaseSync): number {
    const { version: table, steps } = this.schema;
    const exists = database
      .prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?")
      .get(table);
    if (!exists) return 0;
    const version = Number(database.prepare(`SELECT version FROM ${table}`).get()?.['version']);
    if (version > steps.length) throw newerSchemaError(JSON.stringify(this.path));
    return version;
  }
}

/** A statement of an order. */
type Asked = Prepared & Pick<Statement, 'values'>;

function rowsOf({ statement, parameters, values }: Asked): unknown[] {
  const given = Object.fromEntries(parameters.map((key) => [key, values[key] ?? null]));
  // `get` would stop at the first row. SQLite writes at the end, and a failure of that would stay hidden.
  return statement.all(given);
}
