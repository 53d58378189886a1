/**
 * Groups the findings of n8n's scanner by their kind: the rule, the name that it forbids, and whose code it is about. The number of findings
 * of a kind does not count, because it differs between the versions of a library.
 *
 * @typedef {import('./findings.d.mts').Finding} Finding
 */
import { relative } from 'node:path';

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
 * @param {import('eslint').ESLint.LintResult[]} results of ESLint
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
      const finding = {
        rule: ruleId ?? 'not readable',
        name: NAMING.includes(ruleId) ? (/'([^']+)'/.exec(message)?.[1] ?? '') : '',
        origin: LIBRARY.exec(module ?? '')?.[1] ?? OWN,
        message,
        places: [],
      };
      const key = keyOf(finding);
      if (!kinds.has(key)) kinds.set(key, finding);
      kinds.get(key).places.push(`${path}:${line}${module ? ` (${module})` : ''}`);
    }
  }
  return [...kinds].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, finding]) => finding);
}

/**
 * Identifies a kind of findings.
 *
 * @param {{ rule: string, name: string, origin: string }} kind
 */
export function keyOf({ rule, name, origin }) {
  return [rule, origin, name].join(' ');
}

/**
 * Where the lines of a file come from.
 *
 * @param {string} text of a file of the bundle
 * @returns {(line: number) => string | undefined} the path of the source of a line; `undefined` if the file is no bundle
 */
function sourcesOf(text) {
  let module;
  const modules = text.split('\n').map((line) => (module = MODULE.exec(line)?.[1] ?? module));
  return (line) => modules[line - 1];
}
