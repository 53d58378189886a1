// @ts-check
const { readFileSync } = require('node:fs');

/**
 * Reads a JSON file that has an object.
 *
 * @param {string} path
 * @returns {Record<string, any>}
 */
function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

module.exports = { readJson };
