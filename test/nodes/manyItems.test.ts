import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { IDataObject } from 'n8n-workflow';
import { sandboxCredential } from '../support/credential';
import { outputOf, runNode } from '../support/nodeExecution';
import { startSandbox, type Sandbox } from '../support/sandbox';

let bank: Sandbox;

// One refresh token that lasts, so that a thousand refreshes need one consent.
beforeAll(async () => {
  bank = await startSandbox({ rotation: false });
});
afterAll(() => bank.stop());

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heapInMiB(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

it('refreshes a thousand times over one connection for each item at once, in flat memory', async () => {
  const credential = { ...(await sandboxCredential(bank)) } as IDataObject;
  const { code } = await bank.authorize();
  const first = await runNode({
    credential,
    parameters: { resource: 'token', operation: 'exchange', code },
  });
  const refreshToken = outputOf(first)[0]!.json.refresh_token;
  const refreshAll = async () => {
    const task = await runNode({
      credential,
      items: Array.from({ length: 1000 }, () => ({ refresh_token: refreshToken })),
      parameters: {
        resource: 'token',
        operation: 'refresh',
        refreshToken: '={{ $json.refresh_token }}',
      },
    });
    return outputOf(task).filter(({ json }) => typeof json.authorization === 'string').length;
  };

  await bank.clearRequests();
  expect(await refreshAll()).toBe(1000);
  const afterFirst = heapInMiB();
  expect(await refreshAll()).toBe(1000);
  expect(heapInMiB() - afterFirst).toBeLessThan(8);

  const refreshes = (await bank.requests()).filter(({ path }) => path === '/token');
  expect(refreshes).toHaveLength(2000);
  // Five items at once; a connection that idled out between the two runs is opened anew.
  const connections = (some: typeof refreshes) =>
    new Set(some.map(({ tls }) => tls.connection)).size;
  expect(connections(refreshes.slice(0, 1000))).toBe(5);
  expect(connections(refreshes.slice(1000))).toBe(5);
}, 120_000);
