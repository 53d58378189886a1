import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packedPackage } from '../support/package/packedPackage';

/** The modules of this package in a file of the bundle. The bundler writes the path of each above its code. */
function modulesIn(file: string): string[] {
  const text = readFileSync(join(packedPackage, 'dist', file), 'utf8');
  return [...text.matchAll(/^ *\/\/ ((?:core|credentials|nodes)\/\S+\.ts)$/gm)].map(
    ([, path]) => path!,
  );
}

describe('the bundle', () => {
  it('has each module in one of its first two files only', () => {
    const [start, behind] = [modulesIn('start.js'), modulesIn('behind.js')];
    expect(new Set([...start, ...behind]).size).toBeGreaterThan(400);
    expect(start.filter((path) => behind.includes(path))).toEqual([]);
  });

  it('has nothing of core/ in the file that n8n loads at its start', () => {
    const start = modulesIn('start.js');
    expect(start).toContain('nodes/OpenBanking/OpenBanking.node.ts');
    expect(start.filter((path) => path.startsWith('core/'))).toEqual([]);
  });

  it('has only what the thread of a SQLite file needs in the file of the thread', () => {
    const thread = modulesIn('sqliteThread.js');
    expect(thread).toContain('core/store/sqlite/sqliteThread.ts');
    expect(modulesIn('behind.js')).not.toContain('core/store/sqlite/sqliteThread.ts');
    const others = thread.filter((path) => !/^core\/(errors|lib|store)\//.test(path));
    expect(others).toEqual([]);
    expect(thread.filter((path) => path.includes('postgres'))).toEqual([]);
    const text = readFileSync(join(packedPackage, 'dist/sqliteThread.js'), 'utf8');
    expect(text).not.toContain('// node_modules/');
  });
});
