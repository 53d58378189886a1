/**
 * The process of one contender: it asks for tokens when it is told to, and says how long that took.
 *
 * Plain JavaScript, so that the libraries are loaded by Node.js itself. Every contender has a process of its own, and only one is
 * at work at a time: none pays for the garbage, the compiled code or the connections of another.
 */
import { readFileSync } from 'node:fs';

const { contender, order } = JSON.parse(process.argv[2]);
order.pem = Object.fromEntries(
  Object.entries(order.files).map(([name, file]) => [name, readFileSync(file, 'utf8')]),
);
const { prepare } = await import(`./contenders/${contender}.mjs`);
const { token, beforeRound, afterRound, isPartial } = await prepare(order);

let asked = 0;

/**
 * Asks for so many tokens, at most so many at once; before that for a quarter as many, because this process has slept while others were
 * at work. Not so where the first ones are what is measured.
 *
 * @returns milliseconds of the whole, those of them in which there was nothing to do but wait, CPU milliseconds of this process,
 *   and MiB of memory that it has at the end
 */
async function round({ count, concurrency, isCold }) {
  const before = isCold ? 0 : Math.max(concurrency, Math.ceil(count / 4));
  await beforeRound?.(before + count);
  await askFor(before, concurrency);
  const cpuBefore = process.cpuUsage();
  const loopBefore = performance.eventLoopUtilization();
  const started = performance.now();
  await askFor(count, concurrency);
  const milliseconds = performance.now() - started;
  const { idle: waiting } = performance.eventLoopUtilization(loopBefore);
  const { user, system } = process.cpuUsage(cpuBefore);
  afterRound?.();
  const mebibytes = process.memoryUsage.rss() / 1024 / 1024;
  return { milliseconds, waiting, cpu: (user + system) / 1000, mebibytes };
}

async function askFor(count, concurrency) {
  const names = Array.from({ length: count }, () => `rt-${contender}-${process.pid}-${asked++}`);
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const name = names[next++];
      const accessToken = await token(name);
      if (!isPartial && accessToken !== `at-${name}`) {
        throw new Error('The token of another request');
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, count) }, worker));
}

process.on('message', (message) => {
  round(message).then(
    (result) => process.send(result),
    (error) => process.send({ failure: `${contender}: ${error.stack}` }),
  );
});
process.once('disconnect', () => process.exit());
process.send({ ready: true });
