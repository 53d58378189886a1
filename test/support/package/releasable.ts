/** A changelog with an unreleased entry. */
export const changelog = `# Changelog

The format is that of [Keep a Changelog](https://keepachangelog.com/en/1.1.0/). Versions follow [Semantic Versioning](https://semver.org/).

## [Unreleased]

### Added

- A second thing: [how](docs/guide.md#second).

## [0.1.0] - 2026-01-31

### Added

- A first thing.
`;

/** A package.json whose owner has filled in everything. */
export const manifest = {
  name: 'a-package',
  version: '0.1.0',
  author: { name: 'An owner', email: 'owner@bank.org' },
  repository: { type: 'git', url: 'git+https://github.com/an-owner/a-package.git' },
  bugs: { url: 'https://github.com/an-owner/a-package/issues' },
  homepage: 'https://www.npmjs.com/package/a-package',
};

const lock = {
  name: manifest.name,
  version: manifest.version,
  lockfileVersion: 3,
  requires: true,
  packages: {
    '': { name: manifest.name, version: manifest.version },
    'node_modules/other': { version: '0.1.0' },
  },
};

/** The files of a package that can be released. */
export const releasable: Record<string, string> = {
  'package.json': json(manifest),
  'package-lock.json': json(lock),
  'CHANGELOG.md': changelog,
  'README.md': 'npm install a-package-0.1.0.tgz\ncp a-package-0.1.0.tgz b-package-0.1.0.tgz\n',
  'docs/guide.md': 'Unpack a-package-0.1.0.tgz. Other versions: 0.1.0\n',
};

/** A value as npm writes it into a file. */
export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
