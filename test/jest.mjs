/** Runs jest with its arguments on the Node.js of the tests. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { nodeForTests } from './node.mjs';

const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
// If jest needs a later Node.js than that of this machine, some tests also run the package on that of this machine.
const env = { ...process.env, OPEN_BANKING_TEST_MACHINE_NODE: process.execPath };
// Each test file loads its modules again, so most objects live longer than the garbage collector expects. jest's workers inherit this.
const memory = '--max-semi-space-size=64';
const child = spawn(nodeForTests(), [memory, jest, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env,
});

// Ctrl-C reaches both processes. Other signals reach only this one, so it passes them on.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => {
    if (signal !== 'SIGINT') child.kill(signal);
  });

child.once('error', (error) => {
  console.error(`jest could not be started: ${error.message}`);
  process.exitCode = 1;
});
child.once('exit', (code) => (process.exitCode = code ?? 1));
