// @ts-check
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { entriesOf, releasesOf } from './changelog.mjs';
import { faultsOfForm } from './changelogForm.mjs';
import { git } from './git.mjs';
import { faultsOfOwner, repositoryOf } from './ownerValues.mjs';
import { compareVersions, isVersion } from './versions.mjs';

/**
 * The reasons why a version cannot be released now, all at once.
 *
 * @param {string} root folder of the package, which is a git repository
 * @param {string} version
 * @returns {string[]} a sentence for each reason
 */
export function reasonsAgainst(root, version) {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return [
    ...faultsOfTree(root),
    ...faultsOfVersion(root, version, manifest.version),
    ...faultsOfChangelog(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'), manifest),
    ...faultsOfOwner(manifest),
  ];
}

/** @param {string} root */
function faultsOfTree(root) {
  const faults = [];
  if (git(root, 'status', '--porcelain')) {
    faults.push('The working tree has changes that are not committed: see "git status".');
  }
  const branch = git(root, 'branch', '--show-current');
  // The workflow that publishes takes only commits of main.
  if (branch !== 'main') {
    const found = branch ? `The branch ${branch} is checked out` : 'No branch is checked out';
    faults.push(`${found}: switch to main.`);
  }
  return faults;
}

/**
 * @param {string} root
 * @param {string} version
 * @param {string} before
 */
function faultsOfVersion(root, version, before) {
  if (!isVersion(version)) {
    return [`"${version}" is no semantic version, such as 1.2.3 or 1.2.3-rc.1.`];
  }
  const faults = [];
  if (compareVersions(version, before) <= 0) {
    faults.push(`${version} is not larger than ${before}, the version in package.json.`);
  }
  if (git(root, 'tag', '--list', `v${version}`)) faults.push(`The tag v${version} exists already.`);
  return faults;
}

/**
 * @param {string} text
 * @param {import('./ownerValues.mjs').Manifest} manifest
 */
function faultsOfChangelog(text, manifest) {
  const faults = faultsOfForm(text, repositoryOf(manifest));
  const unreleased = releasesOf(text).find(({ name }) => name === 'Unreleased');
  if (!entriesOf(unreleased).length) faults.push('Nothing is written under "Unreleased".');
  return faults.map((fault) => `CHANGELOG.md: ${fault}`);
}
