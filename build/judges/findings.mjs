// @ts-check
/**
 * Groups the findings of n8n's scanner by their kind: the rule, the name that it forbids, and whose code it is about. The number of findings
 * of a kind does not count, because it differs between the versions of a library.
 */
import { relative } from 'node:path';

/**
 * A kind of findings of n8n's scanner.
 *
 * @typedef {object} Kind
 * @property {string} rule
 * @property {string} name the global variable or module that the rule forbids; empty if it does not forbid a name
 * @property {string} origin the owner of the code: `this package`, or the name of a library
 */

/**
 * All findings of one kind.
 *
 * @typedef {object} Places
 * @property {string} message the message of the first one
 * @property {string[]} places file and line of each one, and the source from which the bundle has it
 *
 * @typedef {Kind & Places} Finding
 */

/** The code of this package, as opposed to that of a library. */
export const OWN = 'this package';

/** Rules whose messages begin with the name that they forbid, in quotes. */
const NAMING = [
  '@n8n/community-nodes/no-restricted-globals',
  '@n8n/community-nodes/no-restricted-imports',
];

/** A line that esbuild writes before each module: the path of its source, from the root of this package. */
const MODULE =
  /^\/\/ ((?:\S*\/)?node_modules\/\S+|(?:[a-z]+:)?(?:core|credentials|nodes)\/\S+|package\.json|<stdin>)$/;

/** The name of a package in a path. */
const LIBRARY = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/;

/**
 * Groups the results of ESLint.
 *
 * @param {import('eslint').ESLint.LintResult[]} results
 * @param {string} root the folder that was examined
 * @returns {Finding[]} a finding for each kind, in a fixed order
 */
export function findingsOf(results, root) {
  /** @type {Map<string, Finding>} */
  const kinds = new Map();
  for (const { filePath, messages, source = '' } of results) {
    const sourceOf = sourcesOf(source);
    for (const { ruleId, message, line = 1 } of messages) {
      const module = sourceOf(line);
      const path = relative(root, filePath).replaceAll('\\', '/');
      const rule = ruleId ?? 'not readable';
      const kind = {
        rule,
        name: NAMING.includes(rule) ? (/'([^']+)'/.exec(message)?.[1] ?? '') : '',
        origin: LIBRARY.exec(module ?? '')?.[1] ?? OWN,
      };
      const key = keyOf(kind);
      const finding = kinds.get(key) ?? { ...kind, message, places: [] };
      finding.places.push(`${path}:${line}${module ? ` (${module})` : ''}`);
      kinds.set(key, finding);
    }
  }
  return [...kinds].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, finding]) => finding);
}

/**
 * Identifies a kind of findings.
 *
 * @param {Kind} kind
 */
export function keyOf({ rule, name, origin }) {
  return [rule, origin, name].join(' ');
}

/**
 * Reads from the comments of esbuild from which source each line of a file comes.
 *
 * @param {string} text of a file of the bundle
 * @returns {(line: number) => string | undefined} the path of the source of a line; `undefined` if the file is no bundle
 */
function sourcesOf(text) {
  /** @type {string | undefined} */
  let module;
  const modules = text.split('\n').map((line) => (module = MODULE.exec(line)?.[1] ?? module));
  return (line) => modules[line - 1];
}
