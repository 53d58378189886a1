import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { IDataObject } from 'n8n-workflow';
import { sandboxCredential } from '../support/bank/credential';
import { outputOf, runNode } from '../support/n8n/nodeExecution';
import { startSandbox, type Sandbox } from '../support/bank/sandbox';
import { isQuick } from './form';

let bank: Sandbox;

// The bank does not rotate refresh tokens, so fifty consents are enough for all refreshes.
beforeAll(async () => {
  bank = await startSandbox({ rotation: false });
}, 90_000);
afterAll(() => bank?.stop());

const CONSENTS = 50;

/** Items of an execution. */
const ITEMS = isQuick ? 400 : 1000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes in use, including buffers and keys outside the heap. */
async function heldMemory(): Promise<number> {
  // Twice, in separate turns of the event loop: objects that the current turn uses, and native objects, are released only later.
  for (let times = 0; times < 2; times++) {
    await setImmediate();
    collectGarbage();
  }
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}

it('refreshes many items over five connections with constant memory', async () => {
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
      // The same token is never in two items at the same time: the node would send it only once.
      items: Array.from({ length: ITEMS }, (_, index) => ({
        refresh_token: refreshTokens[index % CONSENTS],
      })),
      parameters: {
        resource: 'token',
        operation: 'refresh',
        refreshToken: '={{ $json.refresh_token }}',
      },
    });
    const good = outputOf(task).filter(({ json }) => typeof json.authorization === 'string');
    expect(good).toHaveLength(ITEMS);
    const refreshes = (await bank.requests()).filter(({ path }) => path === '/token');
    expect(refreshes).toHaveLength(ITEMS);
    // Five items at once, each over its own connection.
    expect(new Set(refreshes.map(({ tls }) => tls.connection)).size).toBe(5);
    await bank.clearRequests();
  };

  await bank.clearRequests();
  // Twice, because until then n8n allocates memory to evaluate expressions.
  await refreshAll();
  await refreshAll();
  // A leak grows in each round. What the collector or n8n holds for a while is in one of them.
  const heldByARefresh: number[] = [];
  for (let round = 0; round < 3; round++) {
    const before = await heldMemory();
    await refreshAll();
    heldByARefresh.push(((await heldMemory()) - before) / ITEMS);
  }
  expect(Math.min(...heldByARefresh)).toBeLessThan(1024);
}, 150_000);
