// @ts-check
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { git } from './git.mjs';
import { reasonsAgainst } from './refusals.mjs';
import { filesOfRelease } from './versionedFiles.mjs';

/** A release that was refused, or that failed and was taken back. The message is for a person. */
export class ReleaseFailure extends Error {}

/**
 * Sets the version in all files that name it, dates the changelog, runs the checks, commits and tags. Pushes and publishes nothing.
 * If a step fails, it takes back its own changes. Changes that others made in the meantime stay.
 *
 * @param {object} options
 * @param {string} options.root folder of the package, which is a git repository
 * @param {string} options.version
 * @param {string} options.date of the release, such as `2026-12-31`
 * @param {(root: string) => Promise<void>} options.check runs the checks on the changed files; throws if one fails
 * @returns {Promise<{ tag: string, branch: string }>}
 * @throws {ReleaseFailure}
 */
export async function release({ root, version, date, check }) {
  const reasons = reasonsAgainst(root, version);
  if (reasons.length) throw new ReleaseFailure(reasons.join('\n'));

  const head = git(root, 'rev-parse', 'HEAD');
  const branch = git(root, 'branch', '--show-current');
  const files = filesOfRelease(root, { version, date });
  const tag = `v${version}`;
  let commitStarted = false;
  try {
    for (const { path, after } of files) writeFileSync(join(root, path), after);
    await check(root);
    assertOnlyChanged(root, head, files);
    // Before the commit: git may fail after it has changed the index or the branch.
    commitStarted = true;
    const paths = files.map(({ path }) => path);
    git(root, 'commit', '--quiet', '--message', `Release ${tag}`, '--only', '--', ...paths);
    git(root, 'tag', '--annotate', '--message', tag, tag);
  } catch (error) {
    if (commitStarted) git(root, 'reset', '--quiet', head);
    const lost = restore(root, files);
    const reason = error instanceof Error ? error.message : String(error);
    throw new ReleaseFailure([reason, ...lost, 'Nothing was released.'].join('\n'));
  }
  return { tag, branch };
}

/**
 * The commit has to contain what was checked, and nothing else.
 *
 * @param {string} root
 * @param {string} head
 * @param {import('./versionedFiles.mjs').ChangedFile[]} files
 */
function assertOnlyChanged(root, head, files) {
  const changed = git(root, 'status', '--porcelain').split('\n').filter(Boolean);
  const expected = files.map(({ path }) => ` M ${path}`);
  const strange = changed.filter((line) => !expected.includes(line));
  if (git(root, 'rev-parse', 'HEAD') !== head || strange.length) {
    throw new ReleaseFailure(
      ['The working tree changed during the checks:', ...strange].join('\n').trim(),
    );
  }
  const edited = files.filter(
    ({ path, after }) => readFileSync(join(root, path), 'utf8') !== after,
  );
  if (edited.length) {
    throw new ReleaseFailure(`Changed during the checks: ${edited.map(({ path }) => path).join()}`);
  }
}

/**
 * Writes the files as they were. A file that somebody changed in the meantime stays as it is.
 *
 * @param {string} root
 * @param {import('./versionedFiles.mjs').ChangedFile[]} files
 * @returns {string[]} a sentence for each file that stays
 */
function restore(root, files) {
  const lost = [];
  for (const { path, before, after } of files) {
    const now = readFileSync(join(root, path), 'utf8');
    if (now === after) writeFileSync(join(root, path), before);
    else if (now !== before) lost.push(`${path} was changed in the meantime, and stays as it is.`);
  }
  return lost;
}
