// @ts-check
/**
 * Bundles the package into three files, and writes a small script for each node and the credential that loads the first of them:
 *
 * - `dist/start.js`: the descriptions of nodes and credential. n8n loads them at its start.
 * - `dist/behind.js`: everything else, with the libraries. Each `import()` of a description loads it, at the first use of a node.
 * - `dist/sqliteThread.js`: the thread that uses a SQLite file. It has a file of its own, because a thread loads all that it needs again, and
 *   needs little.
 *
 * Each module is in one of the first two files only, so that there is one cache of clients and one memory of used grants. A module is named
 * by its path without extension, such as `nodes/OpenBanking/actions/router`.
 */
const { mkdir, readdir, writeFile } = require('node:fs/promises');
const { dirname, join, posix, relative } = require('node:path');
const esbuild = require('esbuild');
const { n8n } = require('../package.json');

const root = join(__dirname, '..');

/** The modules that n8n loads, by the names that package.json has for them. */
const DESCRIPTIONS = [...n8n.nodes, ...n8n.credentials].map((file) =>
  file.replace(/^dist\/|\.js$/g, ''),
);

/** The thread that uses a SQLite file. */
const THREAD = 'core/store/sqlite/sqliteThread';

/** The modules of `core/` but the thread. `behind.js` exports each, so that tests and benchmark run the code that is installed. */
async function coreModules() {
  const files = await readdir(join(root, 'core'), { recursive: true });
  return files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `core/${file.replaceAll('\\', '/').replace(/\.ts$/, '')}`)
    .filter((name) => name !== THREAD);
}

/** @satisfies {import('esbuild').BuildOptions} */
const OPTIONS = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  // Older than "engines": n8n 1.123 also runs on this one. There the package must load, so that it can say which Node.js it needs.
  target: 'node20.19',
  external: ['n8n-workflow'],
  // They are in THIRD-PARTY-LICENSES.
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
};

/**
 * Writes the bundle.
 *
 * @param {string} [folder]
 * @returns {Promise<import('esbuild').Metafile[]>} what is in each of its three files
 */
async function bundle(folder = join(root, 'dist')) {
  // The first build finds the descriptions and the modules that they load by import(). The second bundles the code. The third bundles the
  // descriptions again: it must also export those of their modules that the code uses.
  /** @type {Set<string>} */
  const lazyModules = new Set();
  const { metafile } = await bundleDescriptions(DESCRIPTIONS, lazyModules, { write: false });
  const descriptions = new Set(modulesOf(metafile));
  /** @type {Set<string>} */
  const importedDescriptions = new Set();
  const behind = await bundleCode(
    [...lazyModules, ...(await coreModules())].sort(),
    descriptions,
    importedDescriptions,
    join(folder, 'behind.js'),
  );
  const start = await bundleDescriptions(
    [...DESCRIPTIONS, ...[...importedDescriptions].sort()],
    lazyModules,
    {
      outfile: join(folder, 'start.js'),
    },
  );
  for (const name of DESCRIPTIONS) {
    await writeScript(folder, name);
  }
  const thread = await esbuild.build({
    ...OPTIONS,
    outfile: join(folder, 'sqliteThread.js'),
    entryPoints: [`${THREAD}.ts`],
  });
  return [start.metafile, behind.metafile, thread.metafile];
}

/**
 * Bundles the descriptions.
 *
 * @param {string[]} names modules that the file exports
 * @param {Set<string>} lazyModules gets the modules that an `import()` names
 * @param {Pick<import('esbuild').BuildOptions, 'outfile' | 'write'>} options
 */
function bundleDescriptions(names, lazyModules, options) {
  return esbuild.build({
    ...OPTIONS,
    ...options,
    stdin: {
      contents: names.map((name) => `export * as '${name}' from './${name}';`).join('\n'),
      resolveDir: root,
    },
    plugins: [
      fromOtherFile('behind', ({ kind, name }) => {
        if (kind !== 'dynamic-import') return false;
        lazyModules.add(name);
        return true;
      }),
    ],
  });
}

/**
 * Bundles the code behind the descriptions. The file exports a function for each module, which runs the module when it is first called.
 *
 * @param {string[]} names modules that the file exports
 * @param {Set<string>} descriptions modules that are in `start.js`
 * @param {Set<string>} importedDescriptions gets those of them that the code imports
 * @param {string} outfile
 */
function bundleCode(names, descriptions, importedDescriptions, outfile) {
  return esbuild.build({
    ...OPTIONS,
    outfile,
    stdin: {
      contents: names.map((name) => `exports['${name}'] = () => require('./${name}');`).join('\n'),
      resolveDir: root,
    },
    plugins: [
      fromOtherFile('start', ({ name }) => {
        if (!descriptions.has(name)) return false;
        importedDescriptions.add(name);
        return true;
      }),
    ],
  });
}

/**
 * A plugin that takes modules from the other file of the bundle.
 *
 * @param {'start' | 'behind'} file
 * @param {(imported: { kind: string, name: string }) => boolean} isThere whether a module is in the other file
 * @returns {import('esbuild').Plugin}
 */
function fromOtherFile(file, isThere) {
  const call = file === 'behind' ? '()' : '';
  return {
    name: `from-${file}`,
    setup(build) {
      build.onResolve({ filter: /^\.\.?\// }, ({ kind, path, resolveDir, namespace }) => {
        // The require() that onLoad writes stays as it is.
        if (namespace === file) return { path, external: true };
        const name = posix.join(relative(root, resolveDir).replaceAll('\\', '/'), path);
        return isThere({ kind, name }) ? { path: name, namespace: file } : undefined;
      });
      build.onLoad({ filter: /./, namespace: file }, ({ path }) => ({
        contents: `module.exports = require('./${file}.js')['${path}']${call};`,
      }));
    },
  };
}

/**
 * The modules of this package in a file: their names.
 *
 * @param {import('esbuild').Metafile} metafile
 */
function modulesOf({ outputs }) {
  return Object.values(outputs)
    .flatMap(({ inputs }) => Object.keys(inputs))
    .filter((path) => /^(core|credentials|nodes)\//.test(path))
    .map((path) => path.replace(/\.ts$/, ''));
}

/**
 * Writes the script of a node or the credential: it takes the description from `start.js`.
 *
 * @param {string} folder the folder of the bundle
 * @param {string} name the module of the description
 */
async function writeScript(folder, name) {
  const path = join(folder, `${name}.js`);
  const start = posix.relative(posix.dirname(name), 'start.js');
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `module.exports = require('${start}')['${name}'];\n`);
}

module.exports = { bundle };
