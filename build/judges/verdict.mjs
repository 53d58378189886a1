// @ts-check
/** Compares what n8n's scanner found with the table of accepted findings, `accepted.json`. */
import { keyOf } from './findings.mjs';

/**
 * @typedef {import('./findings.mjs').Finding} Finding
 * @typedef {import('./findings.mjs').Kind} Kind
 */

/**
 * A row of accepted.json: findings that are accepted for one reason.
 *
 * @typedef {object} Row
 * @property {string} in the owner of the code: `this package`, or the name of a library
 * @property {Partial<Record<string, string[]>>} findings the names that each rule forbids; empty if the rule does not forbid names
 * @property {string} reason
 */

/**
 * The differences between findings and table.
 *
 * @typedef {object} Verdict
 * @property {Finding[]} refused findings that are not in the table
 * @property {Kind[]} gone kinds in the table that were not found
 */

/** Number of places that a line of the report names. */
const SHOWN = 3;

/**
 * Compares findings with the table: which are not accepted, and which accepted ones were not found.
 *
 * @param {Finding[]} findings
 * @param {Row[]} accepted
 * @returns {Verdict}
 */
export function judge(findings, accepted) {
  const kinds = accepted.flatMap(kindsOf);
  const known = new Set(kinds.map(keyOf));
  const found = new Set(findings.map(keyOf));
  return {
    refused: findings.filter((finding) => !known.has(keyOf(finding))),
    gone: kinds.filter((kind) => !found.has(keyOf(kind))),
  };
}

/**
 * The kinds of findings that a row accepts.
 *
 * @param {Row} row
 * @returns {Kind[]}
 */
export function kindsOf({ in: origin, findings }) {
  return Object.entries(findings).flatMap(([rule, names = []]) =>
    (names.length > 0 ? names : ['']).map((name) => ({ rule, name, origin })),
  );
}

/**
 * The lines that tell a verdict. There are none if everything is as the table says.
 *
 * @param {Verdict} verdict
 * @returns {string[]}
 */
export function reportOf({ refused, gone }) {
  return [
    ...refused.map(
      ({ message, places, ...kind }) =>
        `not accepted: ${inWords(kind)}, ${places.length} ×: ${message}\n` +
        places
          .slice(0, SHOWN)
          .map((place) => `    ${place}\n`)
          .join(''),
    ),
    ...gone.map(
      (kind) =>
        `not found any more: ${inWords(kind)}. Remove it from build/judges/accepted.json and docs/security.md.\n`,
    ),
  ];
}

/** @param {Kind} kind */
function inWords({ rule, name, origin }) {
  return `${rule}${name && ` "${name}"`} in ${origin}`;
}
