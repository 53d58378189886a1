import { createHash } from 'node:crypto';

/** SHA-256 over the entries of an object, whatever their order, in base64url: a name for it that tells none of its secrets. */
export function digest(value: object): string {
  const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('base64url');
}
