import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { OpenBankingError } from '../../errors/OpenBankingError';
import { momentNow } from '../../lib/moment';
import { nodeSqlite } from './nodeSqlite';
import { migration, sqliteSchema, type Schema } from '../schema';
import { accessFailure, isBusy, sqliteFailure } from './sqliteFailures';
import { SqlStore, type Answer, type Values } from '../sqlStore';
import { parametersOf, statements, type StatementName } from '../statements';
import { newerSchemaError, storeError } from '../storeFailure';

/** Milliseconds for which SQLite waits for another process. It blocks n8n meanwhile. */
const BUSY_TIMEOUT = 100;

/** Milliseconds after which a call that waits for another process fails. */
const MAXIMUM_WAIT = 5_000;

/** Milliseconds between two tries. */
const PAUSE = 20;

/** SQL for the machine's clock in milliseconds. */
const CLOCK = "CAST(unixepoch('subsec') * 1000 AS INTEGER)";

/** SQL for the texts in a JSON array. */
const NAMES = 'SELECT value FROM json_each(:names)';

interface OpenFile {
  readonly database: DatabaseSync;
  readonly statements: Readonly<Record<StatementName, Prepared>>;
  /** Identifies the file that was opened. Another file may have been put at its path since. */
  readonly file: string;
}

interface Prepared {
  readonly statement: StatementSync;
  readonly parameters: readonly string[];
}

/**
 * A store in a SQLite file of this machine. Several processes may use the file at the same time.
 * The first call opens it, and so does the first call after `close`.
 */
export class SqliteStore extends SqlStore {
  #open: OpenFile | undefined;

  /**
   * @param path of the file; the file and its folder are made if they are missing
   * @param schema to which the file is migrated
   * @param clock SQL for the store's clock in milliseconds
   */
  constructor(
    private readonly path: string,
    private readonly schema: Schema = sqliteSchema,
    private readonly clock = CLOCK,
  ) {
    super();
  }

  protected async run<AnsweredRow>(
    name: StatementName,
    values: Values,
  ): Promise<Answer<AnsweredRow>> {
    const deadline = Date.now() + MAXIMUM_WAIT;
    for (;;) {
      try {
        const { statement, parameters } = this.#file().statements[name];
        const given = Object.fromEntries(parameters.map((key) => [key, values[key] ?? null]));
        const sentAt = momentNow();
        // `get` would stop at the first row. SQLite writes at the end, and a failure of that would stay hidden.
        return { rows: statement.all(given) as AnsweredRow[], sentAt };
      } catch (error) {
        if (error instanceof OpenBankingError) throw error;
        if (!isBusy(error) || Date.now() > deadline) {
          throw storeError(JSON.stringify(this.path), sqliteFailure(error));
        }
      }
      await setTimeout(PAUSE);
    }
  }

  close(): Promise<void> {
    this.#open?.database.close();
    this.#open = undefined;
    return Promise.resolve();
  }

  #file(): OpenFile {
    // If a backup was put in its place, changes of the former file would be lost.
    if (this.#open && this.#open.file !== fileAt(this.path)) {
      this.#open.database.close();
      this.#open = undefined;
    }
    this.#open ??= this.#openFile();
    return this.#open;
  }

  #openFile(): OpenFile {
    const { DatabaseSync: Database } = nodeSqlite();
    this.#makeFile();
    const database = new Database(this.path, { timeout: BUSY_TIMEOUT });
    try {
      database.exec('PRAGMA journal_mode = WAL');
      database.exec('PRAGMA synchronous = FULL');
      // On macOS, fsync alone leaves data in the cache of the disk.
      database.exec('PRAGMA fullfsync = ON');
      this.#migrate(database);
      const texts = Object.entries(statements(this.schema, { now: this.clock, names: NAMES }));
      const prepared = texts.map(([name, text]): [string, Prepared] => [
        name,
        { statement: database.prepare(text), parameters: parametersOf(text) },
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

  /** Makes the file, for its owner only. SQLite gives its other files the same mode. */
  #makeFile(): void {
    const isNew = fileAt(this.path) === undefined;
    const folder = dirname(this.path);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      closeSync(openSync(this.path, 'a', 0o600));
    } catch (error) {
      const isReadable = isNew || canRead(this.path);
      throw storeError(JSON.stringify(this.path), accessFailure(error, isReadable));
    }
    try {
      if ((statSync(this.path).mode & 0o077) !== 0) chmodSync(this.path, 0o600);
      if (isNew) syncFolder(folder);
    } catch {
      // The file belongs to another user, or this is Windows, where folders cannot be opened.
    }
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

/** Identifies the file at a path; `undefined` if there is none. */
function fileAt(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path);
    return `${dev} ${ino}`;
  } catch {
    return undefined;
  }
}

function canRead(path: string): boolean {
  try {
    const file = openSync(path, 'r');
    try {
      readSync(file, Buffer.alloc(1));
    } finally {
      closeSync(file);
    }
    return true;
  } catch {
    return false;
  }
}

/** Makes a new file in a folder durable, so that it is still there after a crash of the machine. */
function syncFolder(folder: string): void {
  const opened = openSync(folder, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}
