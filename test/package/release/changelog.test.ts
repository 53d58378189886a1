import { entriesOf, notesOf, releasesOf, withRelease } from '../../../build/release/changelog.mjs';
import { faultsOfForm } from '../../../build/release/changelogForm.mjs';
import { changelog } from '../../support/package/releasable';

const repository = 'https://github.com/an-owner/a-package';
const released = withRelease(changelog, { version: '0.2.0', date: '2026-02-28', repository });

describe('withRelease', () => {
  it('moves unreleased entries under the version, and links only versions that have a tag', () => {
    expect(released).toBe(
      `${changelog.replace('## [Unreleased]', '## [Unreleased]\n\n## [0.2.0] - 2026-02-28')}
[Unreleased]: ${repository}/compare/v0.2.0...HEAD
[0.2.0]: ${repository}/releases/tag/v0.2.0
`,
    );
    expect(faultsOfForm(released, repository)).toEqual([]);
  });

  it('writes the links again at the next release', () => {
    const next = released.replace(
      '## [Unreleased]\n',
      '## [Unreleased]\n\n### Fixed\n\n- A fault.\n',
    );
    const twice = withRelease(next, { version: '1.0.0', date: '2026-03-01', repository });
    expect(faultsOfForm(twice, repository)).toEqual([]);
    expect(twice.match(/^\[.*\]: .*$/gm)).toEqual([
      `[Unreleased]: ${repository}/compare/v1.0.0...HEAD`,
      `[1.0.0]: ${repository}/compare/v0.2.0...v1.0.0`,
      `[0.2.0]: ${repository}/releases/tag/v0.2.0`,
    ]);
    expect(releasesOf(twice).map((release) => [release.name, entriesOf(release)])).toEqual([
      ['Unreleased', []],
      ['1.0.0', ['- A fault.']],
      ['0.2.0', ['- A second thing: [how](docs/guide.md#second).']],
      ['0.1.0', ['- A first thing.']],
    ]);
  });
});

describe('entriesOf', () => {
  it('does not count the introduction of a release', () => {
    const [, release] = releasesOf('## [Unreleased]\n\n## [1.0.0] - 2026-01-01\n\n- Read this.\n');
    expect(entriesOf(release)).toEqual([]);
  });
});

describe('notesOf', () => {
  it('returns the section of a version, with links to the files of this version', () => {
    expect(notesOf(released, { version: '0.2.0', repository })).toBe(
      `### Added\n\n- A second thing: [how](${repository}/blob/v0.2.0/docs/guide.md#second).`,
    );
  });

  it('leaves links to other places as they are', () => {
    const text = changelog.replace(
      'docs/guide.md#second',
      'https://www.rfc-editor.org/rfc/rfc6749',
    );
    const dated = withRelease(text, { version: '0.2.0', date: '2026-02-28', repository });
    expect(notesOf(dated, { version: '0.2.0', repository })).toContain(
      '[how](https://www.rfc-editor.org/rfc/rfc6749)',
    );
  });

  it('returns undefined for a version without a section', () => {
    expect(notesOf(released, { version: '0.3.0', repository })).toBeUndefined();
  });
});

describe('faultsOfForm', () => {
  it('finds no fault in the example', () => {
    expect(faultsOfForm(changelog, repository)).toEqual([]);
  });

  it.each<[string, string, string, RegExp]>([
    ['no title', '# Changelog\n', '# Changes\n', /does not begin with "# Changelog"/],
    ['another form', 'keepachangelog.com/en/1.1.0', 'example.com', /does not name https:\/\/keep/],
    ['no word about versions', 'semver.org', 'example.com', /does not name https:\/\/semver/],
    ['a heading without brackets', '## [Unreleased]', '## Unreleased', /A heading is neither/],
    ['no unreleased section', '## [Unreleased]', '## [0.2.0] - 2026-02-01', /is not the first/],
    ['a version that is none', '[0.1.0]', '[0.1]', /0\.1 is no version/],
    ['no date', ' - 2026-01-31', '', /0\.1\.0 has no date/],
    ['another form of date', '2026-01-31', '31.01.2026', /0\.1\.0 has no date/],
    ['a day that does not exist', '2026-01-31', '2026-02-30', /0\.1\.0 has no date/],
    ['a kind that does not exist', '### Added', '### New', /not in order: Added, Changed/],
    ['no entry', '- A first thing.\n', '', /0\.1\.0 has no entry/],
    ['an empty group', '\n- A second', '\nA second', /Unreleased has nothing under Added/],
    [
      'groups in another order',
      '- A first thing.\n',
      '- A first thing.\n\n### Security\n\n- A.\n\n### Fixed\n\n- B.\n',
      /0\.1\.0 has the headings Added, Security, Fixed/,
    ],
    [
      'a group that comes twice',
      '- A first thing.\n',
      '- A first thing.\n\n### Added\n\n- B.\n',
      /0\.1\.0 has the headings Added, Added/,
    ],
    [
      'versions that ascend',
      '- A first thing.\n',
      '- A first thing.\n\n## [0.2.0] - 2026-01-01\n\n### Fixed\n\n- B.\n',
      /0\.1\.0 stands before 0\.2\.0/,
    ],
    [
      'dates that ascend',
      '- A first thing.\n',
      '- A first thing.\n\n## [0.0.9] - 2026-02-01\n\n### Fixed\n\n- B.\n',
      /0\.1\.0 has an earlier date than 0\.0\.9/,
    ],
    [
      'a link of another repository',
      '- A first thing.\n',
      '- A first thing.\n\n[Unreleased]: https://github.com/other/a-package/compare/v0.1.0...HEAD\n',
      /Its links are not:/,
    ],
  ])('reports %s', (_, before, after, fault) => {
    const broken = changelog.replace(before, after);
    expect(broken).not.toBe(changelog);
    expect(faultsOfForm(broken, repository).join('\n')).toMatch(fault);
  });

  it('reports a link that is missing', () => {
    const broken = released.replace(/^\[0\.2\.0\]: .*\n/m, '');
    expect(faultsOfForm(broken, repository).join()).toMatch(/Its links are not:/);
  });

  it('accepts a release that was taken back', () => {
    const yanked = changelog.replace('2026-01-31', '2026-01-31 [YANKED]');
    expect(faultsOfForm(yanked, repository)).toEqual([]);
  });
});
