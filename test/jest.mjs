/** Runs jest with its arguments on the Node.js of the tests. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { nodeForTests } from './node.mjs';

const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const child = spawn(nodeForTests(), [jest, ...process.argv.slice(2)], { stdio: 'inherit' });

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
