/** Script of the thread that uses a SQLite file. Statements wait for the disk here, and n8n's event loop does not. */
import { parentPort, workerData } from 'node:worker_threads';
import { SqliteFile } from './sqliteFile';
import type { Answers, Order, ThreadData } from './threadMessages';

const { path, schema } = workerData as ThreadData;
const port = parentPort!;
const file = new SqliteFile(path, schema);

port.on('message', (order: Order) => {
  if (order === 'close') {
    file.close();
    // Nothing else keeps the thread running.
    port.close();
    return;
  }
  file.carryOut(order, (answers: Answers) => port.postMessage(answers));
});
