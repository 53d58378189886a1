import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { release, ReleaseFailure } from '../../../build/release/release.mjs';
import { createGitRepository, type GitRepository } from '../../support/package/gitRepository';
import { changelog, json, manifest, releasable } from '../../support/package/releasable';

let repository: GitRepository;

beforeEach(() => (repository = createGitRepository(releasable)));
afterEach(() => repository.remove());

const succeed = () => Promise.resolve();

/** Releases a version on a fixed day. */
const releaseOf = (version: string, check: (root: string) => Promise<void> = succeed) =>
  release({ root: repository.root, version, date: '2026-02-28', check });

/** Branch, index, files, commits and tags. */
function state(): unknown {
  return {
    status: repository.git('status', '--porcelain'),
    branch: repository.git('branch', '--show-current'),
    head: repository.git('rev-parse', 'HEAD'),
    tags: repository.git('tag', '--list'),
    files: Object.keys(releasable).map((path) => repository.read(path)),
  };
}

/** Commits a change of a file. */
function commit(path: string, text: string): void {
  repository.write(path, text);
  repository.git('commit', '--quiet', '--all', '--message', 'Change');
}

describe('release', () => {
  it('sets the version wherever it is named, dates the changelog, commits and tags', async () => {
    await expect(releaseOf('0.2.0')).resolves.toEqual({ tag: 'v0.2.0', branch: 'main' });

    expect(repository.read('package.json')).toBe(json({ ...manifest, version: '0.2.0' }));
    expect(repository.git('diff', '--stat=200', 'HEAD~', '--', 'package-lock.json')).toContain(
      '2 insertions(+), 2 deletions(-)',
    );
    expect(JSON.parse(repository.read('package-lock.json'))).toMatchObject({
      version: '0.2.0',
      packages: { '': { version: '0.2.0' }, 'node_modules/other': { version: '0.1.0' } },
    });
    expect(repository.read('README.md')).toBe(
      'npm install a-package-0.2.0.tgz\ncp a-package-0.2.0.tgz b-package-0.1.0.tgz\n',
    );
    expect(repository.read('docs/guide.md')).toBe(
      'Unpack a-package-0.2.0.tgz. Other versions: 0.1.0\n',
    );
    expect(repository.read('CHANGELOG.md')).toContain('## [Unreleased]\n\n## [0.2.0] - 2026-02-28');

    expect(repository.git('status', '--porcelain')).toBe('');
    expect(repository.git('log', '--format=%s')).toBe('Release v0.2.0\nFirst');
    expect(repository.git('rev-parse', 'v0.2.0^{commit}')).toBe(
      repository.git('rev-parse', 'HEAD'),
    );
  });

  it('runs the checks on the changed files, before it commits', async () => {
    const check = jest.fn(() => {
      expect(repository.git('log', '--format=%s')).toBe('First');
      expect(repository.read('package.json')).toContain('"version": "0.2.0"');
      expect(repository.read('CHANGELOG.md')).toContain('## [0.2.0] - 2026-02-28');
      return Promise.resolve();
    });
    await releaseOf('0.2.0', check);
    expect(check.mock.calls).toEqual([[repository.root]]);
  });

  it('releases twice, and a pre-release before its release', async () => {
    await releaseOf('0.2.0-rc.1');
    commit(
      'CHANGELOG.md',
      repository
        .read('CHANGELOG.md')
        .replace('## [Unreleased]\n', '## [Unreleased]\n\n### Fixed\n\n- A fault.\n'),
    );
    await releaseOf('0.2.0');
    expect(repository.git('tag', '--list')).toBe('v0.2.0\nv0.2.0-rc.1');
  });
});

describe('release refuses', () => {
  const check = jest.fn(succeed);
  afterEach(() => {
    expect(check).not.toHaveBeenCalled();
    check.mockClear();
  });

  /** Expects a refusal that changes nothing. */
  async function expectRefusal(version: string, reason: RegExp): Promise<void> {
    const before = state();
    const failure = await releaseOf(version, check).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ReleaseFailure);
    expect((failure as ReleaseFailure).message).toMatch(reason);
    expect(state()).toEqual(before);
  }

  it('a changed file', async () => {
    repository.write('README.md', 'Changed');
    await expectRefusal('0.2.0', /^The working tree has changes/m);
  });

  it('a file that git does not know', async () => {
    repository.write('new.txt', '');
    await expectRefusal('0.2.0', /^The working tree has changes/m);
  });

  it('a commit without a branch', async () => {
    repository.git('checkout', '--quiet', '--detach');
    await expectRefusal('0.2.0', /^No branch is checked out: switch to main\.$/m);
  });

  it('another branch than main', async () => {
    repository.git('checkout', '--quiet', '-b', 'other');
    await expectRefusal('0.2.0', /^The branch other is checked out: switch to main\.$/m);
  });

  it.each(['0.2', 'v0.2.0', 'minor', '0.2.0+build', ''])('the version "%s"', async (version) => {
    await expectRefusal(version, /is no semantic version/);
  });

  it.each(['0.1.0', '0.0.9', '0.1.0-rc.1'])('the version %s after 0.1.0', async (version) => {
    await expectRefusal(version, /is not larger than 0\.1\.0/);
  });

  it('a version whose tag exists', async () => {
    repository.git('tag', 'v0.2.0');
    await expectRefusal('0.2.0', /^The tag v0\.2\.0 exists already/m);
  });

  it('a changelog without an unreleased entry', async () => {
    const text = changelog.replace(/### Added\n\n- A second.*\n\n/, '');
    commit('CHANGELOG.md', text);
    await expectRefusal('0.2.0', /^CHANGELOG\.md: Nothing is written under "Unreleased"/m);
  });

  it('a changelog in another form', async () => {
    commit('CHANGELOG.md', changelog.replace('2026-01-31', 'January'));
    await expectRefusal('0.2.0', /^CHANGELOG\.md: 0\.1\.0 has no date/m);
  });

  it('values that the owner has not filled in', async () => {
    const author = { name: 'An owner', email: 'owner@a-package.example' };
    commit('package.json', json({ ...manifest, author }));
    await expectRefusal('0.2.0', /^package\.json: author\.email is a placeholder/m);
  });

  it('with all reasons at once', async () => {
    repository.write('CHANGELOG.md', '# Changelog\n');
    await expectRefusal('1', /^The working tree(.|\n)*"1" is no semantic(.|\n)*CHANGELOG\.md: /);
  });
});

describe('release leaves everything as it was', () => {
  /** Expects a failure that changes nothing. */
  async function expectFailure(check: () => Promise<void>, reason: RegExp): Promise<void> {
    const before = state();
    const failure = await releaseOf('0.2.0', check).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ReleaseFailure);
    expect((failure as ReleaseFailure).message).toMatch(reason);
    expect((failure as ReleaseFailure).message).toMatch(/^Nothing was released\.$/m);
    expect(state()).toEqual(before);
  }

  it('if a check fails', async () => {
    await expectFailure(() => Promise.reject(new Error('2 failed')), /^2 failed$/m);
  });

  it('if the commit fails', async () => {
    repository.write('.git/hooks/pre-commit', '#!/bin/sh\necho "no commit today" >&2; exit 1\n');
    repository.makeExecutable('.git/hooks/pre-commit');
    await expectFailure(succeed, /^git commit failed: no commit today$/m);
  });

  it('if the tag fails, also after the commit', async () => {
    // git cannot create v0.2.0 below a tag with this name, and "git tag --list v0.2.0" does not show it.
    repository.git('tag', 'v0.2.0/below');
    await expectFailure(succeed, /^git tag failed: /m);
  });
});

describe('release fails if the tree changes during the checks', () => {
  it.each<[string, () => void, RegExp]>([
    [
      'a further file',
      () => writeFileSync(join(repository.root, 'new.txt'), ''),
      /changed during the checks:\n\?\? new\.txt/,
    ],
    [
      'a file of the release',
      () => appendFileSync(join(repository.root, 'CHANGELOG.md'), '\nMine\n'),
      /Changed during the checks: CHANGELOG\.md/,
    ],
    [
      'a commit',
      () => repository.git('commit', '--quiet', '--allow-empty', '--message', 'Mine'),
      /changed during the checks:/,
    ],
  ])('%s', async (_, change, reason) => {
    const failure = await releaseOf('0.2.0', () => Promise.resolve(change())).catch(
      (error: unknown) => error,
    );
    expect((failure as ReleaseFailure).message).toMatch(reason);
    expect(repository.git('tag', '--list')).toBe('');
    expect(repository.read('package.json')).toBe(json(manifest));
  });

  it('keeps what somebody wrote into a file of the release', async () => {
    const failure = await releaseOf('0.2.0', () => {
      appendFileSync(join(repository.root, 'CHANGELOG.md'), '\nMine\n');
      return Promise.resolve();
    }).catch((error: unknown) => error);
    expect((failure as ReleaseFailure).message).toContain(
      'CHANGELOG.md was changed in the meantime, and stays as it is.',
    );
    expect(repository.read('CHANGELOG.md')).toMatch(/Mine\n$/);
  });
});
