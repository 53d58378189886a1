// @ts-check

/** Semantic Versioning 2.0.0 without build metadata: npm leaves that out of a package's version. */
const VERSION = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z.-]+))?$/;

/** A part of a pre-release: letters, digits and hyphens, and no number with a zero before it. */
const IDENTIFIER = /^(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)$/;

/**
 * Whether a text is a version that npm accepts as it is, such as `1.2.3` or `1.2.3-rc.1`.
 *
 * @param {string} text
 */
export function isVersion(text) {
  const [, , , , prerelease] = VERSION.exec(text) ?? [];
  const parts = prerelease?.split('.') ?? [];
  return VERSION.test(text) && parts.every((part) => IDENTIFIER.test(part));
}

/**
 * Compares two versions by the precedence of Semantic Versioning 2.0.0, rule 11.
 *
 * @param {string} one
 * @param {string} other
 * @returns {number} negative if the first one is smaller, 0 if they are equal
 */
export function compareVersions(one, other) {
  const [, ...ones] = VERSION.exec(one) ?? [];
  const [, ...others] = VERSION.exec(other) ?? [];
  for (const index of [0, 1, 2]) {
    const difference = Number(ones[index]) - Number(others[index]);
    if (difference) return difference;
  }
  return comparePrereleases(ones[3]?.split('.') ?? [], others[3]?.split('.') ?? []);
}

/**
 * @param {string[]} ones
 * @param {string[]} others
 * @returns {number}
 */
function comparePrereleases(ones, others) {
  // A version without a pre-release is larger than its pre-releases.
  if (!ones.length || !others.length) return others.length - ones.length;
  for (const [index, one] of ones.entries()) {
    const other = others[index];
    if (other === undefined) return 1;
    const difference = compareIdentifiers(one, other);
    if (difference) return difference;
  }
  return ones.length - others.length;
}

/**
 * @param {string} one
 * @param {string} other
 * @returns {number}
 */
function compareIdentifiers(one, other) {
  const [oneIsNumber, otherIsNumber] = [one, other].map((part) => /^\d+$/.test(part));
  if (oneIsNumber && otherIsNumber) return Number(one) - Number(other);
  if (oneIsNumber !== otherIsNumber) return oneIsNumber ? -1 : 1;
  return one < other ? -1 : one > other ? 1 : 0;
}
