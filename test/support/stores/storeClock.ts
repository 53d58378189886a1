import { existsSync } from 'node:fs';
import { nodeSqlite } from '../../../core/store/sqlite/nodeSqlite';
import { SqliteStore } from '../../../core/store/sqlite/sqliteStore';
import { closeAfterTest } from '../servers/closing';

/** The machine's clock, and the milliseconds by which a test has moved it for one file: `user_version`, which SQLite itself does not use. */
const CLOCK = `CAST(unixepoch('subsec') * 1000 AS INTEGER) + (SELECT user_version FROM pragma_user_version)`;

/** A store in a SQLite file whose clock a test can move. It is closed after the test. */
export function storeWithClock(file: string): SqliteStore {
  const store = new SqliteStore(file, undefined, CLOCK);
  closeAfterTest(() => store.close());
  return store;
}

/** Moves the clock of the stores in a file, in all processes: forward, or back if the number of milliseconds is negative. */
export function moveStoreClock(file: string, milliseconds: number): void {
  if (!existsSync(file)) throw new Error('There is no store whose clock could be moved.');
  const database = new (nodeSqlite().DatabaseSync)(file, { timeout: 5000 });
  const { user_version: before } = database.prepare('PRAGMA user_version').get()!;
  database.exec(`PRAGMA user_version = ${Math.trunc(Number(before) + milliseconds)}`);
  database.close();
}
