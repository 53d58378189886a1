import { assertBuilt } from './package/freshBuild';
import { startTestServer } from './stores/postgres';
import { offerServer } from './stores/serverOfRun';

/** Prepares a run of jest, in its main process */
export default async function prepareRun(): Promise<void> {
  assertBuilt();
  // For globalTeardown.ts.
  Object.assign(globalThis, { endTestRun: await offerServer(startTestServer) });
}
