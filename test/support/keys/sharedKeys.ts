import { createPrivateKey, type KeyObject } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ofThisProcess = new Map<string, KeyObject>();

/**
 * Returns the private key with a name. All test files of a run share it, because generating an RSA key takes longer than most tests, and
 * jest loads this module again for each test file. Keys are stored in the folder of the run, which is removed at its end. Without such a
 * folder, only the tests of one file share the key.
 */
export function sharedKey(name: string, generate: () => KeyObject): KeyObject {
  let key = ofThisProcess.get(name);
  if (!key) {
    key = keyOfRun(name, generate);
    ofThisProcess.set(name, key);
  }
  return key;
}

function keyOfRun(name: string, generate: () => KeyObject): KeyObject {
  const folder = process.env.OPEN_BANKING_TEST_RUN;
  if (!folder) return generate();
  const path = join(folder, `${name}.pem`);
  try {
    return createPrivateKey(readFileSync(path));
  } catch {
    const own = `${path}.${process.pid}`;
    writeFileSync(own, generate().export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    // Other processes read and create the file at the same time. A link is atomic, and the first one wins.
    try {
      linkSync(own, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(own);
    }
    return createPrivateKey(readFileSync(path));
  }
}
