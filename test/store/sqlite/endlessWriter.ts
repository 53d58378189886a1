/** Script of a separate process: stores records without end, 20 at the same time, and reports the name of each that is stored. */
import { SqliteStore } from '../../../core/store/sqlite/sqliteStore';
import { record } from '../places';

const store = new SqliteStore(process.argv[2]!);
let next = 0;

async function write(): Promise<void> {
  for (;;) {
    const name = `record ${next++}`;
    await store.replace(record(name));
    process.send!(name);
  }
}

for (let writer = 0; writer < 20; writer++) void write();
