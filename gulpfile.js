const { rm } = require('node:fs/promises');
const { Transform } = require('node:stream');
const { dest, parallel, series, src } = require('gulp');
const { bundle } = require('./build/bundle');
const { homepage } = require('./package.json');

/** Removes the output of an earlier build. */
const clean = () => rm('dist', { recursive: true, force: true });

/** Copies the icons next to the nodes and the credential. */
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

exports.build = series(clean, parallel(bundle, copyIcons, copyCodex));
