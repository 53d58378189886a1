import { outputOf } from '../support/n8n/nodeExecution';
import {
  json,
  PAGE,
  raw,
  REFRESH_TOKEN,
  startScriptedBank,
  TOKENS,
  type Answer,
  type ScriptedBank,
} from '../support/bank/scriptedBank';

let bank: ScriptedBank;
beforeAll(async () => {
  bank = await startScriptedBank();
});
afterAll(() => bank.close());

describe('tokens in an unusual answer', () => {
  const tokens = async (given: Answer) => {
    bank.answerWith(given);
    const task = await bank.run();
    expect(task.error).toBeUndefined();
    return {
      json: outputOf(task)[0]!.json,
      hints: task.hints?.map(({ message }) => message) ?? [],
    };
  };

  test.each([
    ['status 201', json(201, TOKENS), 'status 201'],
    ['a wrong content type', raw(200, JSON.stringify(TOKENS), 'text/html'), 'as "text/html"'],
    ['no content type', raw(200, JSON.stringify(TOKENS), ''), 'without a content type'],
  ])('are returned with a hint if the answer has %s', async (_name, given, hint) => {
    const { json: output, hints } = await tokens(given);
    expect(output).toMatchObject({ ...TOKENS, authorization: 'Bearer at-1' });
    expect(hints.join()).toContain(hint);
  });

  test('get the old refresh token if the answer to a refresh has none', async () => {
    const { json: output } = await tokens(json(200, TOKENS));
    expect(output).toMatchObject({ refresh_token: REFRESH_TOKEN, refresh_token_rotated: false });
  });
});

describe('one failing item of several', () => {
  const items = ['good-1', 'failing', 'good-2'].map((name) => ({ refresh_token: `rt-of-${name}` }));
  beforeEach(() => {
    bank.answerWith((response, request, form) => {
      const failing = form.get('refresh_token') === 'rt-of-failing';
      (failing ? raw(502, PAGE, 'text/html') : json(200, TOKENS))(response, request, form);
    });
  });

  test('is replaced by its error (continueRegularOutput)', async () => {
    const output = outputOf(await bank.run({ items, onError: 'continueRegularOutput' }));
    expect(output.map(({ json: { authorization } }) => authorization)).toEqual([
      'Bearer at-1',
      undefined,
      'Bearer at-1',
    ]);
    expect(output[1]).toEqual({
      json: {
        error: {
          message: 'The bank answered with status 502 and a web page titled "Sign in – Bank"',
          stage: 'authorization-server',
          code: 'server-error',
          description: expect.any(String) as string,
        },
      },
      pairedItem: { item: 1 },
    });
    expect(bank.requests).toHaveLength(3);
  });

  test('goes to the error output (continueErrorOutput)', async () => {
    const task = await bank.run({ items, onError: 'continueErrorOutput' });
    expect(outputOf(task, 0).map(({ json: { refresh_token } }) => refresh_token)).toEqual([
      'rt-of-good-1',
      'rt-of-good-2',
    ]);
    expect(outputOf(task, 1)).toMatchObject([{ json: { error: { code: 'server-error' } } }]);
    expect(bank.requests).toHaveLength(3);
  });
});
