import type { IDataObject } from 'n8n-workflow';
import { sandboxCredential } from '../support/bank/credential';
import { outputOf, runNode } from '../support/n8n/nodeExecution';
import { startSandbox, type Sandbox } from '../support/bank/sandbox';

let bank: Sandbox;

beforeAll(async () => {
  bank = await startSandbox();
});
afterEach(() => jest.useRealTimers());
afterAll(() => bank?.stop());

/** Requests an application token while the clock of this process differs from the clock of the bank. */
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

// By default WSO2 has no tolerance: it refuses an assertion even in the millisecond of its "nbf".
it.each([-40, 4])(
  'gets a token if the clock of n8n is ahead of the clock of the bank by %d s',
  async (seconds) => {
    const task = await askWith(seconds);
    expect(task.error).toBeUndefined();
    expect(outputOf(task)[0]!.json).toHaveProperty('authorization');
  },
);

it.each([
  [-57, 'assertion-time'],
  [10, 'assertion-time'],
])('fails if the clock of n8n is ahead of the clock of the bank by %d s', async (seconds, code) => {
  const { error } = await askWith(seconds);
  expect(error).toMatchObject({ context: { code } });
});
