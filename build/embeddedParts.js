// @ts-check
/** Compiled code of other projects in bundled packages. No file of these packages names its license. */
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { join, resolve } = require('node:path');

/** The beginning of a WebAssembly module in base64. */
const WEB_ASSEMBLY = /['"`]AGFzbQ/;

/**
 * @typedef {object} EmbeddedPart
 * @property {string} name
 * @property {string} [version] `undefined` if it is not known
 * @property {string} license the license under which this package contains it, an SPDX expression
 * @property {string} purl
 * @property {string} repository
 * @property {string} description
 * @property {string} text the text of its license
 */

/**
 * llhttp as undici contains it: undici's `deps/llhttp` has the bytes of llhttp's release v9.3.0, and undici's `build/wasm.js` compiles it.
 * The compiler links `malloc`, `free` and the functions that they need from wasi-libc. Its version is not recorded.
 *
 * @type {EmbeddedPart[]}
 */
const LLHTTP_9_3_0 = [
  {
    name: 'llhttp',
    version: '9.3.0',
    license: 'MIT',
    purl: 'pkg:github/nodejs/llhttp@v9.3.0',
    repository: 'https://github.com/nodejs/llhttp.git',
    description: 'Parser of HTTP/1, as WebAssembly',
    text: licenseText('llhttp'),
  },
  {
    name: 'wasi-libc',
    license: 'MIT',
    purl: 'pkg:github/WebAssembly/wasi-libc',
    repository: 'https://github.com/WebAssembly/wasi-libc.git',
    description:
      'Memory functions in the WebAssembly of llhttp. Their allocator, dlmalloc, is in the public domain (CC0)',
    text: licenseText('wasi-libc'),
  },
];

/**
 * The parts that a file contains, by its SHA-256.
 *
 * @type {Record<string, EmbeddedPart[]>}
 */
const CONTENTS = {
  // undici/lib/llhttp/llhttp-wasm.js
  '344f7ae80c983694372d9234584a1261ef5492ab219d6e573e933f5d1c715b00': LLHTTP_9_3_0,
  // undici/lib/llhttp/llhttp_simd-wasm.js
  '52c16227482700834512f2c2257eb44652f39b11f868600562274f476025e4bd': LLHTTP_9_3_0,
};

/**
 * Returns the parts that a bundled package contains.
 *
 * @param {{ name: string, version: string, folder: string, files: string[] }} bundled
 * @param {string} [root] the folder of this package
 * @throws {Error} if a file has WebAssembly that is not in this list
 */
function embeddedParts({ name, version, folder, files }, root = resolve(__dirname, '..')) {
  /** @type {Set<EmbeddedPart>} */
  const parts = new Set();
  for (const file of files) {
    const content = readFileSync(join(root, folder, file));
    if (!WEB_ASSEMBLY.test(content.toString('latin1'))) continue;
    const hash = createHash('sha256').update(content).digest('hex');
    const found = CONTENTS[hash];
    if (!found) {
      throw new Error(
        `${file} of ${name} ${version} is bundled, and contains WebAssembly (SHA-256 ${hash}): ` +
          'find out from its sources what it is, and add it to build/embeddedParts.js',
      );
    }
    found.forEach((part) => parts.add(part));
  }
  return [...parts];
}

/** @param {string} name */
function licenseText(name) {
  return readFileSync(join(__dirname, 'licenses', `${name}.txt`), 'utf8');
}

module.exports = { embeddedParts };
