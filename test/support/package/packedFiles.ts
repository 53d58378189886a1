import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { packedPackage } from './packedPackage';

/** The files of the packed package: paths from its root. */
export function packedFiles(): string[] {
  return readdirSync(packedPackage, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(packedPackage, join(entry.parentPath, entry.name)))
    .map((path) => path.replaceAll('\\', '/'))
    .sort();
}
