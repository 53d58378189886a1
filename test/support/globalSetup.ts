import { assertBuilt } from './package/freshBuild';
import { installPackedPackage } from './package/packedPackage';
import { startTestServer } from './stores/postgres';
import { offerServer } from './stores/serverOfRun';

/** Prepares a run of jest, in its main process */
export default async function prepareRun(): Promise<void> {
  assertBuilt();
  await installPackedPackage();
  // For globalTeardown.ts.
  Object.assign(globalThis, { endTestRun: await offerServer(startTestServer) });
}
