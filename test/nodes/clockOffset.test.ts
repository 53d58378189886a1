import type { IDataObject } from 'n8n-workflow';
import { sandboxCredential } from '../support/credential';
import { outputOf, runNode } from '../support/nodeExecution';
import { startSandbox, type Sandbox } from '../support/sandbox';

let bank: Sandbox;

beforeAll(async () => {
  bank = await startSandbox();
});
afterEach(() => jest.useRealTimers());
afterAll(() => bank?.stop());

/** Asks for an application token while the clock of this process, and it alone, differs from that of the bank. */
async function askWith(secondsAhead: number) {
  const credential = { ...(await sandboxCredential(bank)) } as IDataObject;
  jest.useFakeTimers({
    now: Date.now() + secondsAhead * 1000,
    doNotFake: [
      ...(['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] as const),
      ...(['setImmediate', 'clearImmediate', 'nextTick', 'queueMicrotask'] as const),
      ...(['performance', 'hrtime'] as const),
    ],
  });
  return runNode({ credential, parameters: { resource: 'token', operation: 'application' } });
}

// WSO2 has no tolerance by default, and takes the very millisecond of "nbf" for too early.
it.each([-40, 4])('the clock of n8n may be ahead of that of the bank by %d s', async (seconds) => {
  const task = await askWith(seconds);
  expect(task.error).toBeUndefined();
  expect(outputOf(task)[0]!.json).toHaveProperty('authorization');
});

it.each([
  [-57, 'assertion-expired'],
  [10, 'assertion-not-yet-valid'],
])('the clock of n8n may not be ahead of that of the bank by %d s', async (seconds, code) => {
  const { error } = await askWith(seconds);
  expect(error).toMatchObject({ context: { code } });
});
