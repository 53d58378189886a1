/** Runs jest with its arguments on the Node.js of the tests. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { nodeForTests } from './node.mjs';

const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
// Some tests run the package on the Node.js of this machine, too, where jest needs a later one.
const env = { ...process.env, OPEN_BANKING_TEST_MACHINE_NODE: process.execPath };
const child = spawn(nodeForTests(), [jest, ...process.argv.slice(2)], { stdio: 'inherit', env });

// Ctrl-C reaches both processes; what is sent to this one alone has to be passed on.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => {
    if (signal !== 'SIGINT') child.kill(signal);
  });

child.once('error', (error) => {
  console.error(`jest could not be started: ${error.message}`);
  process.exitCode = 1;
});
child.once('exit', (code) => (process.exitCode = code ?? 1));
