const { rm, writeFile } = require('node:fs/promises');
const { Transform } = require('node:stream');
const { dest, parallel, series, src } = require('gulp');
const { writeBillOfMaterials } = require('./build/billFile');
const { bundle } = require('./build/bundle');
const { bundledPackages } = require('./build/bundledPackages');
const { thirdPartyLicenses } = require('./build/thirdPartyLicenses');
const { homepage } = require('./package.json');

/** Removes the output of an earlier build. */
const clean = () => rm('dist', { recursive: true, force: true });

/** The reports of esbuild on the files of the bundle. */
let metafiles;

/** Bundles the code, and writes the licenses of the libraries in it. */
const bundleCode = async () => {
  metafiles = await bundle();
  await writeFile('dist/THIRD-PARTY-LICENSES', thirdPartyLicenses(bundledPackages(metafiles)));
};

/** Writes the bill of materials beside the tarball of `npm pack`. */
const writeBill = async () => writeBillOfMaterials(metafiles);

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

exports.build = series(clean, parallel(bundleCode, copyIcons, copyCodex));
exports.sbom = series(exports.build, writeBill);
