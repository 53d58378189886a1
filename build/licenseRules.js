// @ts-check
/** Which licenses the code in the bundle may have, and which license this package takes if it is offered several. */

/** The licenses that bundled packages may have. All of them let this package be published under its own license. */
const ALLOWED_LICENSES = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'];

/**
 * A package that offers several licenses. Its license file contains the text of each.
 *
 * @typedef {object} Choice
 * @property {string} offered the license of its package.json
 * @property {string} chosen
 * @property {RegExp} until the text of the chosen license ends before this
 */

/** @type {Record<string, Choice>} */
const CHOICES = {
  'node-forge': {
    offered: '(BSD-3-Clause OR GPL-2.0)',
    chosen: 'BSD-3-Clause',
    until: /^-+\n\s+GNU GENERAL PUBLIC LICENSE$/m,
  },
};

/**
 * The license under which this package contains a bundled package.
 *
 * @param {{ name: string, license: string }} bundled
 * @throws {Error} if it is not in {@link ALLOWED_LICENSES}, also if a package in {@link CHOICES} now offers another choice
 */
function licenseOf({ name, license }) {
  const choice = CHOICES[name];
  const chosen = choice?.offered === license ? choice.chosen : license;
  if (!ALLOWED_LICENSES.includes(chosen)) {
    throw new Error(
      `${name} is bundled, and its license ${license} is not among ${ALLOWED_LICENSES.join(', ')}`,
    );
  }
  return chosen;
}

/**
 * The part of a license file that is about the chosen license.
 *
 * @param {{ name: string, license: string }} bundled
 * @param {string} text
 */
function chosenPart({ name, license }, text) {
  const choice = CHOICES[name];
  if (choice?.offered !== license) return text;
  const end = text.search(choice.until);
  if (end < 0) throw new Error(`${name} has another license file than expected`);
  return text.slice(0, end);
}

module.exports = { chosenPart, licenseOf };
