import type { INode, ITaskData } from 'n8n-workflow';
import { outputOf } from '../support/n8n/nodeExecution';
import { ownUserFolder } from '../support/n8n/userFolder';
import {
  json,
  startScriptedBank,
  TOKENS,
  UNCHECKED,
  type Answer,
  type Run,
  type ScriptedBank,
} from '../support/bank/scriptedBank';
import { until } from '../support/waiting';

let bank: ScriptedBank;
ownUserFolder();

beforeAll(async () => {
  bank = await startScriptedBank();
});
afterAll(async () => {
  await bank.close();
});

const jsonOf = (task: ITaskData, output = 0) =>
  outputOf(task, output).map(({ json: item }) => item);

/** Good tokens for the codes and refresh tokens that begin with "good", and tokens that pass no check for the others. */
const mixed: Answer = (response, request, form) => {
  const given = form.get('code') ?? form.get('refresh_token');
  if (given === null) return json(200, { keys: [] })(response, request, form);
  const isGood = given.startsWith('good');
  const tokens = isGood ? { ...TOKENS, refresh_token: `next-of-${given}` } : UNCHECKED;
  json(200, tokens)(response, request, form);
};

const itemsOf = (...names: string[]) => names.map((name) => ({ code: name, refresh_token: name }));

const error = expect.objectContaining({
  code: expect.stringMatching(/^(jwt|id-token)-/) as string,
  stage: 'response',
  message: expect.stringContaining('ID token') as string,
});

const tokenRequests = () => bank.requests.filter(({ url }) => /token|refresh/.test(url));

describe.each(['exchange', 'refresh'] as const)('a failed check of an %s', (operation) => {
  const run = (
    names: string[],
    onError?: INode['onError'],
    more: Run = {},
    answer: Answer = mixed,
  ) => {
    bank.answerWith(answer);
    return bank.run({ operation, items: itemsOf(...names), onError, ...more });
  };

  it('fails the node with On Error: Stop, and says how to get the tokens', async () => {
    const task = await run(['bad']);
    expect(task.executionStatus).toBe('error');
    expect(task.error).toMatchObject({
      name: 'NodeApiError',
      message: expect.stringContaining('ID token') as string,
      description: expect.stringContaining('Continue (using error output)') as string,
      context: { stage: 'response', outcome: 'received', itemIndex: 0 },
    });
    expect(JSON.stringify(task)).not.toMatch(/at-1|rt-2/);
  });

  it('fails the node with On Error: Stop if no tokens of other items passed', async () => {
    const task = await run(['bad', 'bad-2'], undefined, { options: { concurrency: 1 } });
    expect(task.executionStatus).toBe('error');
    // No further code or refresh token is used after the failure.
    expect(tokenRequests()).toHaveLength(1);
  });

  it('is an item with its error alone with On Error: Stop if tokens of other items passed', async () => {
    const task = await run(['good', 'bad', 'good-2']);
    expect(task.executionStatus).toBe('success');
    const [first, second, third] = jsonOf(task);
    expect(first).toMatchObject({ authorization: 'Bearer at-1', refresh_token: 'next-of-good' });
    expect(second).toEqual({ error });
    expect(third).toMatchObject({ refresh_token: 'next-of-good-2' });
    expect(task.hints?.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^Item 1: .*ID token/),
    );
  });

  it('is an item with its error alone with On Error: Continue', async () => {
    const task = await run(['bad', 'good'], 'continueRegularOutput');
    const [first, second] = jsonOf(task);
    expect(first).toEqual({ error });
    expect(second).toHaveProperty('authorization');
  });

  it('is an item with what was received, without authorization, on the error output', async () => {
    const task = await run(['bad', 'good'], 'continueErrorOutput');
    expect(jsonOf(task)).toEqual([
      expect.objectContaining({ authorization: 'Bearer at-1', refresh_token: 'next-of-good' }),
    ]);
    const [item, ...others] = jsonOf(task, 1);
    expect(others).toEqual([]);
    expect(item).toMatchObject({ error, ...UNCHECKED });
    expect(item).not.toHaveProperty('authorization');
    expect(outputOf(task, 1)[0]!.pairedItem).toEqual({ item: 0 });
    const names = Object.keys(item!);
    expect(names.indexOf('error')).toBeLessThan(names.indexOf('access_token'));
  });

  it('does not give the authorization of the incoming item to the error output', async () => {
    const [item] = itemsOf('bad');
    const incoming = { ...item, authorization: 'Bearer of-the-former-token' };
    const task = await run([], 'continueErrorOutput', { items: [incoming] });
    expect(jsonOf(task, 1)[0]).toMatchObject({ error, access_token: 'at-1' });
    expect(JSON.stringify(jsonOf(task, 1))).not.toContain('authorization');
  });

  it.each<[string, INode['onError'], string[]]>([
    ['Stop', undefined, ['bad', 'good', 'good-2']],
    ['Continue', 'continueRegularOutput', ['bad', 'good', 'good-2']],
    ['the error output', 'continueErrorOutput', ['bad', 'good', 'good-2']],
    ['Stop, and no tokens that passed', undefined, ['bad']],
  ])(
    'sends each code and refresh token once with Retry On Fail and On Error: %s',
    async (_name, onError, names) => {
      // With On Error: Stop, nothing is sent after a failure.
      const whenAllAreSent: Answer = (...given) =>
        void until(() => tokenRequests().length >= names.length).then(() => mixed(...given));
      const options = { concurrency: names.length };
      const task = await run(names, onError, { retryOnFail: true, options }, whenAllAreSent);
      expect(tokenRequests()).toHaveLength(names.length);
      const all = [...jsonOf(task), ...jsonOf(task, 1)];
      for (const name of names.filter((given) => given !== 'bad')) {
        expect(all).toContainEqual(
          expect.objectContaining({
            authorization: 'Bearer at-1',
            refresh_token: `next-of-${name}`,
          }),
        );
      }
    },
  );

  it('gives the tokens to a later run with the error output', async () => {
    const client = bank.newClient();
    await run(['bad'], undefined, { client });
    const task = await run(['bad'], 'continueErrorOutput', { client });
    expect(tokenRequests()).toEqual([]);
    expect(jsonOf(task, 1)[0]).toMatchObject({ ...UNCHECKED, error });
  });
});

describe('a failed check of tokens that are stored', () => {
  const run = (onError: INode['onError'], output: string) => {
    bank.answerWith(mixed);
    const options = { keepForConsent: `household-${output}-${onError}`, output };
    return bank.run({ operation: 'refresh', items: itemsOf('bad'), onError, options });
  };

  it('says that they are stored', async () => {
    const task = await run(undefined, 'header');
    expect(task.error).toMatchObject({
      description: expect.stringContaining(
        'The tokens are stored for the consent "household-',
      ) as string,
    });
  });

  it.each([
    ['consent', ['consent', 'expires_at']],
    ['header', ['consent', 'expires_at']],
  ])('gives only the fields of "%s" to the error output', async (output, fields) => {
    const [item] = jsonOf(await run('continueErrorOutput', output), 1);
    // n8n adds the fields of the incoming item.
    expect(item).toEqual({
      ...{ code: 'bad', refresh_token: 'bad', error },
      ...Object.fromEntries(fields.map((name) => [name, expect.any(String)])),
    });
  });
});

it('fails the node if an exchange names a nonce and the bank sends no ID token', async () => {
  bank.answerWith(json(200, { ...TOKENS, refresh_token: 'rt-2' }));
  const task = await bank.run({ operation: 'exchange', options: { nonce: 'n-1' } });
  expect(task.error).toMatchObject({
    context: { code: 'id-token-binding' },
    message: expect.stringContaining('nonce') as string,
  });
});

it.each<INode['onError']>(['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'])(
  'returns no application token whose check fails (%s)',
  async (onError) => {
    bank.answerWith(json(200, { refresh_token: 'rt-2', token_type: 'Bearer' }));
    const task = await bank.run({ operation: 'application', onError, items: [{}] });
    expect(JSON.stringify(task)).not.toContain('rt-2');
    if (onError === 'stopWorkflow') expect(task.executionStatus).toBe('error');
    else {
      const [item] = [...jsonOf(task), ...jsonOf(task, 1)];
      expect(item).toMatchObject({ error: { code: 'response-invalid' } });
    }
  },
);
