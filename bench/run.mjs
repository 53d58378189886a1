/** Runs the benchmark with its arguments on the Node.js of the tests. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { nodeForTests } from '../test/node.mjs';

const main = fileURLToPath(new URL('main.ts', import.meta.url));
const child = spawn(nodeForTests(), ['--import', 'tsx', main, ...process.argv.slice(2)], {
  stdio: 'inherit',
});

// Ctrl-C reaches both processes. Other signals reach only this one, so it passes them on.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => {
    if (signal !== 'SIGINT') child.kill(signal);
  });

child.once('error', (error) => {
  console.error(`The benchmark could not be started: ${error.message}`);
  process.exitCode = 1;
});
child.once('exit', (code) => (process.exitCode = code ?? 1));
