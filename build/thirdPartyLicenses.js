// @ts-check
/** The file THIRD-PARTY-LICENSES: which code of others is in the bundle, and under which licenses. */
const { resolve } = require('node:path');
const { embeddedParts } = require('./embeddedParts');
const { licenseOf } = require('./licenseRules');
const { licenseText, noticesIn } = require('./licenseTexts');

const RULE = '='.repeat(80);

/**
 * @typedef {import('./bundledPackages').BundledPackage} BundledPackage
 */

/**
 * Returns the text of the file.
 *
 * @param {BundledPackage[]} packages
 * @param {string} [root] the folder of this package
 * @throws {Error} if a license is not allowed, or if a text is missing
 */
function thirdPartyLicenses(packages, root = resolve(__dirname, '..')) {
  const names = packages.map(({ name, version }) => `${name} ${version}`);
  const width = Math.max(...names.map(({ length }) => length)) + 2;
  return [
    'The JavaScript files of this package contain code of the packages below.',
    'Their licenses follow, in this order.',
    '',
    ...packages.map((bundled, index) => `  ${names[index]?.padEnd(width)}${licenseOf(bundled)}`),
    ...packages.flatMap((bundled) => ['', RULE, ...section(bundled, root)]),
    '',
  ].join('\n');
}

/**
 * @param {BundledPackage} bundled
 * @param {string} root
 */
function section(bundled, root) {
  const { name, version, license, resolved } = bundled;
  const chosen = licenseOf(bundled);
  const { notices, owners } = noticesIn(bundled, root);
  let before = '';
  return [
    `${name} ${version}`,
    `License: ${chosen}${chosen === license ? '' : `, chosen from ${license}`}`,
    `From: ${resolved}`,
    '',
    licenseText(bundled, root),
    ...(owners.length ? ['', 'Its files also say:', '', ...owners] : []),
    ...notices.flatMap(({ notice, files }) => {
      const place = `In ${files.join(', ')}:`;
      const isNew = place !== before;
      before = place;
      return isNew ? ['', place, '', notice] : ['', notice];
    }),
    ...embeddedParts(bundled, root).flatMap((part) => [
      '',
      `${name} contains ${part.name}${part.version ? ` ${part.version}` : ''}: ${part.description}.`,
      `License: ${part.license}`,
      `From: ${part.repository}`,
      '',
      part.text.trim(),
    ]),
  ];
}

module.exports = { thirdPartyLicenses };
