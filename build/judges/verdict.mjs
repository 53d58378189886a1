/**
 * Compares what n8n's scanner found with the table of accepted findings, `accepted.json`.
 *
 * @typedef {import('./verdict.d.mts').Row} Row
 * @typedef {import('./verdict.d.mts').Verdict} Verdict
 * @typedef {import('./findings.d.mts').Finding} Finding
 * @typedef {import('./findings.d.mts').Kind} Kind
 */
import { keyOf } from './findings.mjs';

/** Number of places that a line of the report names. */
const SHOWN = 3;

/**
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
  return Object.entries(findings).flatMap(([rule, names]) =>
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
