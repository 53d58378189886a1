import { hash } from 'node:crypto';

/**
 * SHA-256 of a text, or of the entries of an object in any order, in base64url. It can name a value without revealing its secrets.
 */
export function digest(value: string | object): string {
  if (typeof value === 'string') return hash('sha256', value, 'base64url');
  const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return digest(JSON.stringify(sorted));
}
