/**
 * Loaded before a process that works with the built package (`--require`, so also before its worker threads): moves the clock of the
 * machine, as `Date` and as SQLite see it, by the milliseconds in a file. Timers and `performance.now()` go on as before.
 */
const { openSync, readSync } = require('node:fs');
const sqlite = require('node:sqlite');

const file = openSync(process.env.OPEN_BANKING_TEST_CLOCK, 'r');
const bytes = Buffer.alloc(32);
const Real = Date;

function now() {
  const length = readSync(file, bytes, 0, bytes.length, 0);
  return Real.now() + Number(bytes.toString('latin1', 0, length));
}

globalThis.Date = class extends Real {
  constructor(...given) {
    super(...(given.length ? given : [now()]));
  }

  static now() {
    return now();
  }
};

const { DatabaseSync } = sqlite;
sqlite.DatabaseSync = class extends DatabaseSync {
  constructor(...given) {
    super(...given);
    this.function('unixepoch', { varargs: true }, () => now() / 1000);
  }
};
