// @ts-check
import { entriesOf, linkedNames, linksOf, releasesOf } from './changelog.mjs';
import { compareVersions, isVersion } from './versions.mjs';

/** The kinds of changes, in the order of Keep a Changelog 1.1.0. */
const KINDS = ['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security'];

/**
 * The faults against the form of Keep a Changelog 1.1.0: headings, their order, dates, empty sections, links.
 *
 * @param {string} text
 * @param {string | undefined} repository its address at GitHub; links need it
 * @returns {string[]} a sentence for each fault
 */
export function faultsOfForm(text, repository) {
  return [
    ...faultsOfHead(text),
    ...faultsOfOrder(releasesOf(text)),
    ...releasesOf(text).flatMap(faultsOfRelease),
    ...faultsOfLinks(text, repository),
  ];
}

/** @param {string} text */
function faultsOfHead(text) {
  const faults = [];
  if (!text.startsWith('# Changelog\n')) faults.push('It does not begin with "# Changelog".');
  for (const form of ['https://keepachangelog.com/en/1.1.0/', 'https://semver.org/']) {
    if (!text.includes(form)) faults.push(`It does not name ${form}`);
  }
  const read = releasesOf(text).length;
  const written = text.split('\n').filter((line) => line.startsWith('## ')).length;
  if (read !== written) {
    faults.push('A heading is neither "## [Unreleased]" nor "## [<version>] - <date>".');
  }
  return faults;
}

/** @param {import('./changelog.mjs').Release[]} releases */
function faultsOfOrder([first, ...releases]) {
  const faults = [];
  if (first?.name !== 'Unreleased' || first.date) faults.push('"[Unreleased]" is not the first.');
  for (const [index, { name, date }] of releases.entries()) {
    const before = releases[index + 1];
    if (!before) continue;
    if (compareVersions(name, before.name) <= 0) {
      faults.push(`${name} stands before ${before.name}.`);
    }
    if (date && before.date && date < before.date) {
      faults.push(`${name} has an earlier date than ${before.name}.`);
    }
  }
  return faults;
}

/** @param {import('./changelog.mjs').Release} release */
function faultsOfRelease(release) {
  const { name, date, body } = release;
  const faults = [];
  if (name !== 'Unreleased') {
    if (!isVersion(name)) faults.push(`${name} is no version.`);
    if (!isDate(date)) faults.push(`${name} has no date such as 2026-12-31.`);
    if (!entriesOf(release).length) faults.push(`${name} has no entry.`);
  }
  const [, ...groups] = `\n${body}`.split(/^### /m);
  const kinds = groups.map((group) => group.split('\n', 1)[0]);
  const known = KINDS.filter((kind) => kinds.includes(kind));
  if (kinds.join() !== known.join()) {
    faults.push(`${name} has the headings ${kinds.join(', ')}, not in order: ${KINDS.join(', ')}.`);
  }
  for (const [index, group] of groups.entries()) {
    if (!/^- /m.test(group)) faults.push(`${name} has nothing under ${kinds[index]}.`);
  }
  return faults;
}

/**
 * Links are there from the first release on: the owner of the repository is not known before.
 *
 * @param {string} text
 * @param {string | undefined} repository
 */
function faultsOfLinks(text, repository) {
  const linked = linkedNames(text);
  if (!linked.length) return [];
  const newest = releasesOf(text)
    .map(({ name }) => name)
    .slice(0, 2);
  const expected = linksOf(text, repository ?? '', [...linked, ...newest]).join('\n');
  return text.endsWith(`\n\n${expected}\n`) ? [] : [`Its links are not:\n${expected}`];
}

/** @param {string | undefined} text */
function isDate(text = '') {
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(text) && text !== '';
}
