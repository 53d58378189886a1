import { existsSync } from 'node:fs';
import { nodeSqlite } from '../../../core/store/sqlite/nodeSqlite';
import { SqliteStore } from '../../../core/store/sqlite/sqliteStore';
import { closeAfterTest } from '../servers/closing';

const HOUR = 3_600_000;

/**
 * The machine's clock, and the time by which a test has moved it for one file: `application_id` in hours and `user_version` in milliseconds.
 * SQLite itself does not use these numbers, which have 32 bits.
 */
const CLOCK = `CAST(unixepoch('subsec') * 1000 AS INTEGER) + (SELECT user_version FROM pragma_user_version)
  + (SELECT application_id FROM pragma_application_id) * ${HOUR}`;

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
  const { application_id: hours } = database.prepare('PRAGMA application_id').get()!;
  const moved = Math.trunc(Number(hours) * HOUR + Number(before) + milliseconds);
  database.exec(`PRAGMA application_id = ${Math.trunc(moved / HOUR)}`);
  database.exec(`PRAGMA user_version = ${moved % HOUR}`);
  database.close();
}
