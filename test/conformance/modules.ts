import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, 'modules');

/**
 * Declares the tests of the modules whose names match. One file of jest runs many modules, because jest loads n8n again for each of its
 * files, which takes longer than the tests of a module.
 */
export function describeModules(isMeant: (name: string) => boolean): void {
  const names = readdirSync(FOLDER).map((file) => file.replace(/\.ts$/, ''));
  describe.each(names.filter(isMeant))('%s', (name) => {
    jest.requireActual(join(FOLDER, name));
  });
}
