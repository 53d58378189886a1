// @ts-check
/** The license texts and notices that bundled packages ship. */
const { readdirSync, readFileSync } = require('node:fs');
const { join, resolve } = require('node:path');
const { chosenPart } = require('./licenseRules');

const LICENSE_FILE = /^(licen[sc]e|copying|notice)\b/i;

/** A comment, or several lines of comments below each other. */
const COMMENT = /^[ \t]*\/\*[\s\S]*?\*\/|(?:^[ \t]*\/\/.*(?:\n|$))+/gm;

/** A line that names the owner of code. */
const COPYRIGHT = /^.*\bcopyright (?:\(c\)|©|\d|[\w-]+ contributors).*$/gim;

/** Words of a comment that tells more about the license than an owner. */
const TERMS = /\blicen[sc]ed?\b|public domain|permission is hereby|warrant/i;

/**
 * @typedef {import('./bundledPackages').BundledPackage} BundledPackage
 * @typedef {Pick<BundledPackage, 'name' | 'version' | 'license' | 'folder' | 'files'>} Bundled
 */

/**
 * The license of a package, in the words of its license file, or in those of its README if it has none.
 *
 * @param {Bundled} bundled
 * @param {string} [root] the folder of this package
 * @throws {Error} if neither has a license text
 */
function licenseText(bundled, root = resolve(__dirname, '..')) {
  const folder = join(root, bundled.folder);
  const names = readdirSync(folder).sort();
  const files = names.filter((name) => LICENSE_FILE.test(name));
  const texts = files.map((name) => chosenPart(bundled, read(join(folder, name))));
  if (!files.length) {
    const readme = names.find((name) => /^readme\b/i.test(name));
    const section = readme && sectionOfReadme(read(join(folder, readme)));
    if (section) texts.push(section);
  }
  const text = texts.map((part) => part.trim()).join('\n\n');
  if (!text)
    throw new Error(`${bundled.name} ${bundled.version} is bundled without a license text`);
  return text;
}

/**
 * The owners and licenses that the comments of the bundled files name. Code that a package took from others often names them only there,
 * and the bundle has no comments.
 *
 * @param {Bundled} bundled
 * @param {string} [root] the folder of this package
 * @returns {{ notices: { notice: string, files: string[] }[], owners: string[] }} the comments that contain terms, each with the files that
 *   have it, and the lines of all other comments that name an owner
 */
function noticesIn({ folder, files }, root = resolve(__dirname, '..')) {
  /** @type {Map<string, string[]>} */
  const notices = new Map();
  /** @type {Set<string>} */
  const owners = new Set();
  for (const file of files) {
    for (const [comment] of read(join(root, folder, file)).matchAll(COMMENT)) {
      const text = withoutMarkers(comment);
      if (TERMS.test(text)) notices.set(text, [...(notices.get(text) ?? []), file]);
      else for (const [line] of text.matchAll(COPYRIGHT)) owners.add(line.trim());
    }
  }
  return {
    notices: [...notices].map(([notice, files]) => ({ notice, files })),
    owners: [...owners],
  };
}

/** @param {string} comment */
function withoutMarkers(comment) {
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*(\/\*+!?|\*\/|\*(?!\/)|\/\/)? ?/, '').replace(/\s*\*\/$/, ''))
    .map((line) => line.trimEnd())
    .join('\n')
    .trim();
}

/**
 * The text below a heading such as "## License".
 *
 * @param {string} readme
 */
function sectionOfReadme(readme) {
  return /^#+ *licen[sc]e[^\n]*\n([\s\S]*?)(?=^#+ |$(?![\s\S]))/im.exec(readme)?.[1];
}

/** @param {string} path */
function read(path) {
  return readFileSync(path, 'utf8').replaceAll('\r\n', '\n');
}

module.exports = { licenseText, noticesIn };
