// @ts-check
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { entriesOf, releasesOf } from './changelog.mjs';
import { faultsOfForm } from './changelogForm.mjs';
import { faultsOfOwner, repositoryOf } from './ownerValues.mjs';

/**
 * The reasons why a tag cannot be published from these files.
 *
 * @param {string} root folder of the package
 * @param {{ tag: string, repository: string }} published `repository` is `<owner>/<name>` at GitHub, where the workflow runs
 * @returns {string[]} a sentence for each reason
 */
export function reasonsAgainstTag(root, { tag, repository }) {
  /** @param {string} path */
  const read = (path) => readFileSync(join(root, path), 'utf8');
  const manifest = JSON.parse(read('package.json'));
  const lock = JSON.parse(read('package-lock.json'));
  const changelog = read('CHANGELOG.md');
  const { version } = manifest;

  const faults = [];
  if (tag !== `v${version}`) faults.push(`The tag is ${tag}, and package.json has ${version}.`);
  if (lock.version !== version || lock.packages[''].version !== version) {
    faults.push(`package-lock.json does not have the version ${version}.`);
  }
  if (!entriesOf(releasesOf(changelog).find(({ name }) => name === version)).length) {
    faults.push(`CHANGELOG.md has no entry for ${version}.`);
  }
  faults.push(
    ...faultsOfForm(changelog, repositoryOf(manifest)).map((it) => `CHANGELOG.md: ${it}`),
  );
  faults.push(...faultsOfOwner(manifest));
  // npm refuses a provenance that names another repository.
  if (repositoryOf(manifest) !== `https://github.com/${repository}`) {
    faults.push(`package.json does not name the repository ${repository}.`);
  }
  return faults;
}
