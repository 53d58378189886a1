/**
 * Runs all checks of `npm run lint`: two lanes side by side, because each check uses one processor. Each lane stops at its first failure.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (path) => `${root}node_modules/${path}`;

const LANES = [
  [[bin('eslint/bin/eslint.js'), '.']],
  [
    [bin('prettier/bin/prettier.cjs'), '--check', '.'],
    [bin('typescript/bin/tsc'), '--noEmit', '-p', 'tsconfig.check.json'],
    [`${root}build/workflows/main.mjs`],
    [bin('gulp/bin/gulp.js'), 'build'],
    [`${root}build/judges/main.mjs`],
  ],
];

/** Runs a script with Node.js. @returns whether it succeeded */
function run([script, ...options]) {
  const child = spawn(process.execPath, [script, ...options], { cwd: root, stdio: 'inherit' });
  return new Promise((resolve) => child.once('close', (code) => resolve(code === 0)));
}

async function runLane(checks) {
  for (const check of checks) if (!(await run(check))) return false;
  return true;
}

const passed = await Promise.all(LANES.map(runLane));
process.exitCode = passed.every(Boolean) ? 0 : 1;
