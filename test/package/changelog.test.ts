import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { entriesOf, releasesOf } from '../../build/release/changelog.mjs';
import { faultsOfForm } from '../../build/release/changelogForm.mjs';
import { repositoryOf, type Manifest } from '../../build/release/ownerValues.mjs';

const read = (path: string): string => readFileSync(resolve(__dirname, '../..', path), 'utf8');
const manifest = JSON.parse(read('package.json')) as Manifest;
const changelog = read('CHANGELOG.md');

describe('CHANGELOG.md', () => {
  it('has the form of Keep a Changelog 1.1.0', () => {
    expect(faultsOfForm(changelog, repositoryOf(manifest))).toEqual([]);
  });

  it('has the version of package.json as its latest release', () => {
    const [, latest] = releasesOf(changelog);
    expect(latest!.name).toBe(manifest.version);
    expect(entriesOf(latest).length).toBeGreaterThan(0);
  });
});
