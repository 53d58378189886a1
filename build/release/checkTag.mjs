/**
 * `node build/release/checkTag.mjs <tag> <owner>/<repository>`: fails if the tag does not fit the files. Otherwise it prints the notes of
 * the release.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { notesOf } from './changelog.mjs';
import { reasonsAgainstTag } from './tag.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [tag, repository] = process.argv.slice(2);
const reasons = reasonsAgainstTag(root, { tag, repository });
if (reasons.length) {
  console.error(reasons.join('\n'));
  process.exit(1);
}
const address = `https://github.com/${repository}`;
const changelog = readFileSync(new URL('../../CHANGELOG.md', import.meta.url), 'utf8');
console.log(notesOf(changelog, { version: tag.slice(1), repository: address }));
