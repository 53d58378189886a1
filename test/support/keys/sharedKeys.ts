import { createHash, createPrivateKey, type KeyObject } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ofThisFile = new Map<string, KeyObject>();

/**
 * Returns the private key with a name. All test files of a run share it, because generating an RSA key takes longer than most tests, and
 * jest loads this module again for each test file. Keys are stored in the folder of the run, which is removed at its end. Without such a
 * folder, only the tests of one file share the key.
 */
export function sharedKey(name: string, generate: () => KeyObject): KeyObject {
  let key = ofThisFile.get(name);
  if (!key) {
    const text = () => String(generate().export({ type: 'pkcs8', format: 'pem' }));
    const path = pathOf(`key ${name}`);
    key = createPrivateKey(path ? (storedAt(path) ?? firstAt(path, text())) : text());
    ofThisFile.set(name, key);
  }
  return key;
}

/** Returns the text with a name, such as a certificate. All test files of a run share it, as in {@link sharedKey}. */
export async function sharedText(name: string, make: () => Promise<string>): Promise<string> {
  const path = pathOf(name);
  return path ? (storedAt(path) ?? firstAt(path, await make())) : make();
}

/** The path of a name in the folder of the run, if there is one. */
function pathOf(name: string): string | undefined {
  const folder = process.env.OPEN_BANKING_TEST_RUN;
  return folder && join(folder, createHash('sha256').update(name).digest('hex'));
}

function storedAt(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Stores a text, and returns the one that was stored first: other processes read and create the file at the same time. */
function firstAt(path: string, text: string): string {
  const own = `${path}.${process.pid}`;
  writeFileSync(own, text, { mode: 0o600 });
  // A link is atomic.
  try {
    linkSync(own, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(own);
  }
  return readFileSync(path, 'utf8');
}
