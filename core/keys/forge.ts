type Forge = typeof import('node-forge');

let forge: Forge | undefined;

/** Loads node-forge on first use: only PKCS#12 files and encrypted keys need it, and loading takes some twenty milliseconds. */
export function loadForge(): Forge {
  if (forge) return forge;
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- has to happen in the middle of a function that is no promise
  forge = require('node-forge') as Forge;
  deriveNatively(forge);
  return forge;
}

/**
 * node-forge leaves PBKDF2 to OpenSSL where it is given the name of a hash, and derives in JavaScript, thirty times as slow, where it is
 * given an object that hashes. Reading PKCS#12 it gives itself the object: here it is told the name.
 */
function deriveNatively({ pkcs5 }: Forge): void {
  const own = pkcs5 as unknown as { pbkdf2: Derive };
  const { pbkdf2 } = own;
  own.pbkdf2 = (password, salt, rounds, length, hash, ...rest) =>
    pbkdf2(password, salt, rounds, length, nameOf(hash) ?? hash, ...rest);
}

type Derive = (
  password: unknown,
  salt: unknown,
  rounds: unknown,
  length: unknown,
  hash: unknown,
  ...rest: unknown[]
) => unknown;

/** Of an object that hashes; `sha1` where there is none. */
function nameOf(hash: unknown): string | undefined {
  const { algorithm } = (hash ?? { algorithm: 'sha1' }) as { algorithm?: unknown };
  return typeof algorithm === 'string' ? algorithm : undefined;
}
