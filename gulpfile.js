const { rm } = require('node:fs/promises');
const { execFile } = require('node:child_process');
const { promisify } = require('node:util');
const { dest, series, src } = require('gulp');

/** Removes what an earlier build left. */
const clean = () => rm('dist', { recursive: true, force: true });

/** TypeScript into dist. */
const compile = () =>
  promisify(execFile)(process.execPath, [require.resolve('typescript/bin/tsc')]).catch((error) => {
    throw new Error(error.stdout || error.message);
  });

/** Icons and codex files beside the compiled nodes and credentials. */
const copyAssets = () =>
  src(['nodes/**/*.svg', 'nodes/**/*.node.json', 'credentials/**/*.svg'], {
    base: '.',
    encoding: false,
  }).pipe(dest('dist'));

exports.build = series(clean, compile, copyAssets);
