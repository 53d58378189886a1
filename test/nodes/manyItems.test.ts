import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { IDataObject } from 'n8n-workflow';
import { sandboxCredential } from '../support/credential';
import { outputOf, runNode } from '../support/nodeExecution';
import { startSandbox, type Sandbox } from '../support/sandbox';

let bank: Sandbox;

// Refresh tokens that last, so that fifty consents are enough for a thousand refreshes.
beforeAll(async () => {
  bank = await startSandbox({ rotation: false });
}, 90_000);
afterAll(() => bank?.stop());

const CONSENTS = 50;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes that are held, those of buffers and keys outside the heap included. */
async function heldMemory(): Promise<number> {
  // Twice, each in a turn of its own: a turn of the event loop holds what it has looked at, and so do native objects until they are gone.
  for (let times = 0; times < 2; times++) {
    await setImmediate();
    collectGarbage();
  }
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}

it('refreshes a thousand times over one connection for each item at once, in flat memory', async () => {
  const credential = { ...(await sandboxCredential(bank)) } as IDataObject;
  const codes = await Promise.all(Array.from({ length: CONSENTS }, () => bank.authorize()));
  const exchanged = await runNode({
    credential,
    items: codes.map(({ code }) => ({ code })),
    parameters: { resource: 'token', operation: 'exchange', code: '={{ $json.code }}' },
  });
  const refreshTokens = outputOf(exchanged).map(({ json }) => json.refresh_token);
  const refreshAll = async () => {
    const task = await runNode({
      credential,
      // The same one never twice at the same time: it would be sent once for both.
      items: Array.from({ length: 1000 }, (_, index) => ({
        refresh_token: refreshTokens[index % CONSENTS],
      })),
      parameters: {
        resource: 'token',
        operation: 'refresh',
        refreshToken: '={{ $json.refresh_token }}',
      },
    });
    const good = outputOf(task).filter(({ json }) => typeof json.authorization === 'string');
    expect(good).toHaveLength(1000);
    const refreshes = (await bank.requests()).filter(({ path }) => path === '/token');
    expect(refreshes).toHaveLength(1000);
    // Five items at once; a connection that idled out between two runs is opened anew.
    expect(new Set(refreshes.map(({ tls }) => tls.connection)).size).toBe(5);
    await bank.clearRequests();
  };

  await bank.clearRequests();
  // Twice: what n8n holds to evaluate expressions grows until then.
  await refreshAll();
  await refreshAll();
  const before = await heldMemory();
  await refreshAll();
  await refreshAll();
  const heldByARefresh = ((await heldMemory()) - before) / 2000;
  expect(heldByARefresh).toBeLessThan(1024);
}, 150_000);
