/**
 * The process of one contender. It gets tokens when a message orders them, and answers with the time.
 *
 * It is plain JavaScript, so that Node.js itself loads the libraries. Each contender has a process of its own, and only one works at a
 * time. So the garbage, the compiled code and the connections of one contender do not slow another one down.
 */
import { readFileSync } from 'node:fs';

const { contender, order } = JSON.parse(process.argv[2]);
order.pem = Object.fromEntries(
  Object.entries(order.files).map(([name, file]) => [name, readFileSync(file, 'utf8')]),
);
const { prepare } = await import(`./contenders/${contender}.mjs`);
const { token, beforeRound, afterRound, isPartial } = await prepare(order);

let tokensRequested = 0;

/**
 * Gets `count` tokens, with `concurrency` requests in flight at most. Before the clock starts, it gets a quarter as many to warm up again,
 * because this process was idle while others worked. If `isCold` is set, it does not warm up, and so measures the first tokens.
 *
 * @returns elapsed milliseconds, `waiting`: milliseconds in which the event loop was idle, `cpu`: CPU milliseconds of this process, and its
 *   memory in MiB at the end
 */
async function round({ count, concurrency, isCold }) {
  const before = isCold ? 0 : Math.max(concurrency, Math.ceil(count / 4));
  await beforeRound?.(before + count);
  await getTokens(before, concurrency);
  const cpuBefore = process.cpuUsage();
  const loopBefore = performance.eventLoopUtilization();
  const started = performance.now();
  await getTokens(count, concurrency);
  const milliseconds = performance.now() - started;
  const { idle: waiting } = performance.eventLoopUtilization(loopBefore);
  const { user, system } = process.cpuUsage(cpuBefore);
  afterRound?.();
  const mebibytes = process.memoryUsage.rss() / 1024 / 1024;
  return { milliseconds, waiting, cpu: (user + system) / 1000, mebibytes };
}

async function getTokens(count, concurrency) {
  const names = Array.from(
    { length: count },
    () => `rt-${contender}-${process.pid}-${tokensRequested++}`,
  );
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
