/**
 * `npm run test:reliability`: the measures, in their long form, which writes docs/reliability.md; with `--quick` a part of them, which
 * writes nothing. Other arguments are for jest.
 */
import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeForTests } from '../node.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const given = process.argv.slice(2);
const isQuick = given.includes('--quick');
const forJest = given.filter((argument) => argument !== '--quick');
// A run of some files alone has not everything that the document says.
const isWhole = !isQuick && forJest.every((argument) => argument.startsWith('--'));

rmSync(join(root, '.reports/reliability'), { recursive: true, force: true });
const jest = fileURLToPath(new URL('../jest.mjs', import.meta.url));
const env = { ...process.env, OPEN_BANKING_RELIABILITY: isQuick ? 'quick' : 'long' };
const code = await run(process.execPath, [
  jest,
  '--config',
  'jest.reliability.config.js',
  ...forJest,
]);
if (isWhole && existsSync(join(root, '.reports/reliability'))) {
  const written = await run(nodeForTests(), ['--import', 'tsx', 'test/reliability/writeReport.ts']);
  process.exitCode = code || written;
} else {
  process.exitCode = code;
}

function run(command, args) {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', env });
  // Ctrl-C reaches all processes; what is sent to this one alone has to be passed on.
  const passOn = (signal) => child.kill(signal);
  for (const signal of ['SIGTERM', 'SIGHUP']) process.once(signal, passOn);
  process.once('SIGINT', () => undefined);
  return new Promise((done) => child.once('exit', (exitCode) => done(exitCode ?? 1)));
}
