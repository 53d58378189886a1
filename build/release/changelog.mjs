// @ts-check

/**
 * A section of the changelog, whose heading has two `#`.
 *
 * @typedef {{ name: string, date: string | undefined, body: string }} Release
 */

const HEADING = /^## \[([^\]]+)\](?: - (\S+)(?: \[YANKED\])?)?$/;
const LINK_REFERENCE = /^\[([^\]]+)\]: \S+$/;

/**
 * The sections of a changelog, in its order. `name` is a version, or `Unreleased`. Headings of another form are left out.
 *
 * @param {string} text
 * @returns {Release[]}
 */
export function releasesOf(text) {
  /** @type {{ name: string, date: string | undefined, lines: string[] }[]} */
  const releases = [];
  for (const line of withoutLinks(text).split('\n')) {
    const [, name, date] = HEADING.exec(line) ?? [];
    if (name) releases.push({ name, date, lines: [] });
    else releases.at(-1)?.lines.push(line);
  }
  return releases.map(({ name, date, lines }) => ({ name, date, body: lines.join('\n').trim() }));
}

/**
 * The entries of a section: its list items under headings with three `#`.
 *
 * @param {Release | undefined} release
 * @returns {string[]}
 */
export function entriesOf(release) {
  const [, ...groups] = `\n${release?.body ?? ''}`.split(/^### /m);
  return groups.flatMap((group) => group.split('\n').filter((line) => line.startsWith('- ')));
}

/**
 * The changelog after a release: what was unreleased stands under the version and its date, and the version has a link.
 *
 * @param {string} text
 * @param {{ version: string, date: string, repository: string }} release `repository` is its address at GitHub
 * @returns {string}
 */
export function withRelease(text, { version, date, repository }) {
  const dated = withoutLinks(text).replace(
    '## [Unreleased]\n',
    `## [Unreleased]\n\n## [${version}] - ${date}\n`,
  );
  const links = linksOf(dated, repository, [...linkedNames(text), 'Unreleased', version]);
  return `${dated.trimEnd()}\n\n${links.join('\n')}\n`;
}

/**
 * The sections that have a link. A version that was never published has none, because it has no tag.
 *
 * @param {string} text
 * @returns {string[]}
 */
export function linkedNames(text) {
  return text.split('\n').flatMap((line) => LINK_REFERENCE.exec(line)?.[1] ?? []);
}

/**
 * The link references at the end of a changelog. They lead to the changes since the version before, or to the tag of the first one.
 *
 * @param {string} text
 * @param {string} repository its address at GitHub
 * @param {string[]} linked the sections that have a link
 * @returns {string[]}
 */
export function linksOf(text, repository, linked) {
  const names = releasesOf(text).map(({ name }) => name);
  const published = names.filter((name) => linked.includes(name));
  return published.map((name, index) => {
    const tag = name === 'Unreleased' ? 'HEAD' : `v${name}`;
    const before = published[index + 1];
    const path = before ? `compare/v${before}...${tag}` : `releases/tag/${tag}`;
    return `[${name}]: ${repository}/${path}`;
  });
}

/**
 * The notes of a release at GitHub: its section, with links that lead to the files of this version.
 *
 * @param {string} text
 * @param {{ version: string, repository: string }} release `repository` is its address at GitHub
 * @returns {string | undefined}
 */
export function notesOf(text, { version, repository }) {
  return releasesOf(text)
    .find(({ name }) => name === version)
    ?.body.replaceAll(/\]\((?![a-z]+:|#)/g, `](${repository}/blob/v${version}/`);
}

/** @param {string} text */
function withoutLinks(text) {
  return text
    .split('\n')
    .filter((line) => !LINK_REFERENCE.test(line))
    .join('\n');
}
