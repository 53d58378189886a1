const { rm } = require('node:fs/promises');
const { execFile } = require('node:child_process');
const { promisify } = require('node:util');
const { Transform } = require('node:stream');
const { dest, parallel, series, src } = require('gulp');
const { homepage } = require('./package.json');

/** Removes the output of an earlier build. */
const clean = () => rm('dist', { recursive: true, force: true });

/** Compiles TypeScript into dist. */
const compile = () =>
  promisify(execFile)(process.execPath, [require.resolve('typescript/bin/tsc')]).catch((error) => {
    throw new Error(error.stdout || error.message);
  });

/** Copies the icons next to the compiled nodes and credentials. */
const copyIcons = () =>
  src(['nodes/**/*.svg', 'credentials/**/*.svg'], { base: '.', encoding: false }).pipe(
    dest('dist'),
  );

/** Copies the codex files, and makes their links such as "#operations" lead to the documentation. */
const copyCodex = () =>
  src('nodes/**/*.node.json', { base: '.' })
    .pipe(
      new Transform({
        objectMode: true,
        transform(file, _, done) {
          const text = file.contents.toString().replaceAll('"url": "#', `"url": "${homepage}#`);
          file.contents = Buffer.from(text);
          done(undefined, file);
        },
      }),
    )
    .pipe(dest('dist'));

exports.build = series(clean, compile, parallel(copyIcons, copyCodex));
