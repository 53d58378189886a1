type Forge = typeof import('node-forge');

let forge: Forge | undefined;

/** Loads node-forge on first use: only PKCS#12 files and encrypted keys need it, and loading takes some twenty milliseconds. */
export function loadForge(): Forge {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- has to happen in the middle of a function that is no promise
  forge ??= require('node-forge') as Forge;
  return forge;
}
