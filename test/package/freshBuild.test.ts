import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reasonToBuild } from '../support/package/freshBuild';

let root: string;

/** Sets the time of the last change of files, in seconds after the time of the sources. */
function changeAt(seconds: number, ...names: string[]): void {
  const time = new Date(Date.UTC(2026, 0, 1, 0, 0, seconds));
  for (const name of names) utimesSync(join(root, name), time, time);
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'open-banking-build-'));
  for (const folder of ['core', 'core/keys', 'dist', 'nodes']) mkdirSync(join(root, folder));
  for (const file of ['core/keys/pem.ts', 'dist/behind.js', 'package.json']) {
    writeFileSync(join(root, file), '');
  }
  changeAt(0, 'core/keys/pem.ts', 'core/keys', 'core', 'nodes', 'package.json');
  changeAt(1, 'dist/behind.js');
});
afterEach(() => rmSync(root, { recursive: true }));

describe('reasonToBuild', () => {
  it('returns undefined if the build is newer than its sources', () => {
    expect(reasonToBuild(root)).toBeUndefined();
  });

  it('names the source that changed after the build', () => {
    changeAt(2, 'core/keys/pem.ts');
    expect(reasonToBuild(root)).toBe('The build in dist/ is older than core/keys/pem.ts');
  });

  it('names the folder from which a source was removed after the build', () => {
    rmSync(join(root, 'core/keys/pem.ts'));
    expect(reasonToBuild(root)).toBe('The build in dist/ is older than core/keys');
  });

  it('names package.json if it changed after the build', () => {
    changeAt(2, 'package.json');
    expect(reasonToBuild(root)).toBe('The build in dist/ is older than package.json');
  });

  it('reports a missing build', () => {
    rmSync(join(root, 'dist/behind.js'));
    expect(reasonToBuild(root)).toBe('The folder dist/ has no build');
  });
});
