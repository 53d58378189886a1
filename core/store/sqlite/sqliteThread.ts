/** Script of the thread that uses a SQLite file. Statements wait for the disk here, and n8n's event loop does not. */
import { parentPort, workerData } from 'node:worker_threads';
import { SqliteFile } from './sqliteFile';
import type { Results, Order, ThreadData } from './threadMessages';

const { path, schema, clock } = workerData as ThreadData;
const port = parentPort!;
const file = new SqliteFile(path, schema, clock);

port.on('message', (order: Order) => {
  if (order === 'close') {
    file.close();
    // Nothing else keeps the thread running.
    port.close();
    return;
  }
  file.carryOut(order, (results: Results) => port.postMessage(results));
});
