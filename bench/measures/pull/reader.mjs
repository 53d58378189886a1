/**
 * A process that reads all transactions of an account when a message orders it: with the built package as its node does, or as a bare
 * program. It answers with the time.
 *
 * It is plain JavaScript, so that Node.js loads it without a compiler.
 */
import { readFileSync } from 'node:fs';

const { reader, files, ...order } = JSON.parse(process.argv[2]);
const pem = Object.fromEntries(
  Object.entries(files).map(([name, file]) => [name, readFileSync(file, 'utf8')]),
);
const { prepare } = await import(`./${reader}Reader.mjs`);
const read = await prepare({ ...order, pem });

/** Reads the account some times. @returns the milliseconds of each time, and the transactions of the last one */
async function round({ account, times, simplify }) {
  const milliseconds = [];
  let count = 0;
  while (milliseconds.length < times) {
    const started = performance.now();
    const rows = await read(account, simplify);
    milliseconds.push(performance.now() - started);
    count = rows.length;
  }
  return { milliseconds, count };
}

process.on('message', (message) => {
  round(message).then(
    (result) => process.send(result),
    (error) => process.send({ failure: `${reader}: ${error.stack}` }),
  );
});
process.once('disconnect', () => process.exit());
process.send({ ready: true });
