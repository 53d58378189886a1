import { homedir, hostname, userInfo } from 'node:os';
import { resolve, sep } from 'node:path';

/**
 * A private key or certificate with its bytes: PEM, PEM within a string or in base64, DER in base64, or a JWK. A marker alone, as in the
 * words to users, is none.
 */
const KEYS = [
  /-----BEGIN [A-Z0-9 ]+-----(?:\s|\\[nr])*(?:[\w-]+: [^\n]+\n)*\s*[\w+/=]{32}/g,
  /LS0tLS1CRUdJTi[\w+/]{16}/g,
  /\bMI[IGM][A-Za-z0-9+/]{60}/g,
  /"(?:d|k|p|q|dp|dq|qi)"\s*:\s*"[\w-]{32,}"/g,
];

/** Folders of the machine that built the package, its name and its user unless they are short words, and the registry that it installs from. */
function machine(): string[] {
  const root = resolve(__dirname, '../../..');
  const registry = process.env.npm_config_registry ?? 'https://registry.npmjs.org/';
  return [
    ...[root, `${homedir()}${sep}`, `/tmp/`, `\\Temp\\`],
    ...[hostname(), userInfo().username].filter((name) => name.length > 8),
    ...(registry.startsWith('https://registry.npmjs.org') ? [] : [new URL(registry).host]),
  ];
}

/** The beginnings of all keys and certificates in a text. */
export function keysIn(text: string): string[] {
  return KEYS.flatMap((pattern) => [...text.matchAll(pattern)]).map(([found]) =>
    found.slice(0, 60),
  );
}

/** The parts of a text that name the machine that built it: its folders, its name, its user, its registry. */
export function machineIn(text: string): string[] {
  const paths = [...text.matchAll(/\/(?:home|Users)\/(?!node\/)[\w.-]+\/|[A-Z]:\\Users\\/g)];
  return [...machine().filter((name) => text.includes(name)), ...paths.map(([path]) => path)];
}
