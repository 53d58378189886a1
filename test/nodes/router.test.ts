import type { IDataObject, INode } from 'n8n-workflow';
import type { BankSettings } from '../../core/profile/settings';
import { sandboxCredential } from '../support/bank/credential';
import { outputOf, runNode } from '../support/n8n/nodeExecution';
import { startSandbox, type Sandbox } from '../support/bank/sandbox';

let bank: Sandbox;
let credential: BankSettings;

beforeAll(async () => {
  bank = await startSandbox();
  credential = await sandboxCredential(bank);
});
afterAll(() => bank?.stop());

const run = (operation: string, items: IDataObject[], onError?: INode['onError'], options = {}) =>
  runNode({
    credential: credential as IDataObject,
    items,
    onError,
    parameters: {
      resource: 'token',
      operation,
      code: '={{ $json.code }}',
      refreshToken: '={{ $json.refresh_token }}',
      options,
    },
  });

async function refreshTokens(count: number): Promise<IDataObject[]> {
  const codes = await Promise.all(Array.from({ length: count }, () => bank.authorize()));
  const task = await run(
    'exchange',
    codes.map(({ code }) => ({ code })),
  );
  return outputOf(task).map(({ json }) => ({ refresh_token: json.refresh_token }));
}

const tokenRequests = async () =>
  (await bank.requests()).filter(({ method, path }) => method === 'POST' && path.endsWith('token'));

it('returns the output in the order of the input, each item paired with its input item', async () => {
  const items = await refreshTokens(7);
  await bank.clearRequests();
  const output = outputOf(await run('refresh', items));
  expect(output.map(({ pairedItem }) => pairedItem)).toEqual(items.map((_, item) => ({ item })));
  // The second refresh shows that each item got the tokens of its own consent.
  const again = outputOf(
    await run(
      'refresh',
      output.map(({ json }) => json),
    ),
  );
  expect(again.every(({ json }) => json.refresh_token_rotated === true)).toBe(true);
  const used = (await tokenRequests()).map(({ form }) => form.refresh_token);
  expect(new Set(used).size).toBe(14);
});

it('opens one connection for each item that runs at the same time, and uses the connections again', async () => {
  const items = Array.from({ length: 40 }, () => ({}));
  await bank.clearRequests();
  // With another timeout, no connection of another test is used.
  const task = await runNode({
    credential: { ...credential, connectTimeout: 11 },
    items,
    parameters: { resource: 'token', operation: 'application', options: { concurrency: 3 } },
  });
  const output = outputOf(task);
  expect(output).toHaveLength(40);
  const requests = await tokenRequests();
  expect(requests).toHaveLength(40);
  expect(new Set(requests.map(({ tls }) => tls.connection)).size).toBe(3);
});

describe('a failed item', () => {
  const failing = { refresh_token: 'never-issued' };

  it('stops the node', async () => {
    const task = await run('refresh', [failing]);
    expect(task.executionStatus).toBe('error');
    expect(task.error).toMatchObject({
      message: expect.stringContaining('The bank answered "invalid_grant"'),
      context: { itemIndex: 0, stage: 'authorization-server', code: 'refresh-token-unknown' },
    });
    expect(JSON.stringify(task)).not.toContain('never-issued');
  });

  it('does not stop the node if other items received tokens', async () => {
    const [good] = await refreshTokens(1);
    const task = await run(
      'refresh',
      [good!, failing, { refresh_token: 'never-begun' }],
      undefined,
      {
        concurrency: 1,
      },
    );
    expect(task.executionStatus).toBe('success');
    expect(task.hints).toEqual([
      expect.objectContaining({ type: 'warning', message: expect.stringMatching(/^Item 1: /) }),
    ]);
    const [first, second, third] = outputOf(task).map(({ json }) => json);
    expect(first).toMatchObject({ refresh_token_rotated: true });
    expect(second).toEqual({ error: expect.objectContaining({ code: 'refresh-token-unknown' }) });
    expect(third).toEqual({ error: expect.objectContaining({ code: 'not-attempted' }) });
    const asked = (await tokenRequests()).map(({ form }) => form.refresh_token);
    expect(asked).not.toContain('never-begun');
  });

  it('becomes an item with an error if the node continues on failure', async () => {
    const [good] = await refreshTokens(1);
    const items = [failing, good!, { refresh_token: '' }];
    const output = outputOf(await run('refresh', items, 'continueRegularOutput'));
    expect(output.map(({ pairedItem }) => pairedItem)).toEqual([
      { item: 0 },
      { item: 1 },
      { item: 2 },
    ]);
    expect(output[0]!.json).toEqual({
      error: {
        message: expect.stringContaining('invalid_grant'),
        stage: 'authorization-server',
        code: 'refresh-token-unknown',
        description: expect.any(String),
      },
    });
    expect(output[1]!.json).toHaveProperty('authorization');
    expect(output[2]!.json).toMatchObject({
      error: { code: 'input-missing', stage: 'configuration' },
    });
  });

  it('goes to the error output if the node has one', async () => {
    const [good] = await refreshTokens(1);
    const task = await run('refresh', [failing, good!], 'continueErrorOutput');
    expect(outputOf(task, 0).map(({ json }) => json)).toEqual([
      expect.objectContaining({ refresh_token_rotated: true }),
    ]);
    expect(outputOf(task, 1)).toEqual([
      expect.objectContaining({
        json: expect.objectContaining({
          error: expect.objectContaining({ code: 'refresh-token-unknown' }),
        }),
      }),
    ]);
  });

  it('has the code input-missing if the expression of the code has no value', async () => {
    const output = outputOf(await run('exchange', [{}], 'continueRegularOutput'));
    expect(output[0]!.json).toMatchObject({ error: { code: 'input-missing' } });
  });
});
