import { outputOf } from '../support/n8n/nodeExecution';
import {
  json,
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

/** An answer with a new refresh token for each request. */
function rotating(): Answer {
  let count = 0;
  return (...given) => json(200, { ...TOKENS, refresh_token: `rotated-${++count}` })(...given);
}

const silence: Answer = () => undefined;
const refused = json(400, { error: 'invalid_grant' });

describe('with "Retry On Fail"', () => {
  it.each([
    ['a refresh token without an answer', 'refresh', silence],
    ['a code without an answer', 'exchange', silence],
    ['a code that was refused', 'exchange', refused],
  ] as const)('does not send %s again', async (_name, operation, answer) => {
    bank.answerWith(answer);
    const task = await bank.run({ operation, retryOnFail: true });
    expect(task.executionStatus).toBe('error');
    expect(bank.requests).toHaveLength(1);
  });
});

describe('the same refresh token in several items', () => {
  const items = Array.from({ length: 6 }, () => ({ refresh_token: REFRESH_TOKEN }));

  it('is sent once, and each item gets the same tokens', async () => {
    bank.answerWith(rotating());
    const task = await bank.run({ items });
    const output = outputOf(task).map(({ json: { refresh_token } }) => refresh_token);
    expect(output).toEqual(items.map(() => 'rotated-1'));
    expect(bank.requests).toHaveLength(1);
    expect(task.hints?.map(({ message }) => message)).toEqual([
      expect.stringContaining('refresh token was given more than once'),
    ]);
  });

  it('is sent for each item if the bank does not rotate it', async () => {
    bank.answerWith(json(200, TOKENS));
    const task = await bank.run({ items, options: { concurrency: 1 } });
    expect(outputOf(task)).toHaveLength(6);
    expect(bank.requests).toHaveLength(6);
  });

  it('is sent for each item if the bank refuses it', async () => {
    bank.answerWith(refused);
    await bank.run({ items, onError: 'continueRegularOutput', options: { concurrency: 1 } });
    expect(bank.requests).toHaveLength(6);
  });
});

it('starts no further item after the execution is cancelled', async () => {
  const cancelling = new AbortController();
  bank.answerWith((...given) => {
    cancelling.abort();
    setTimeout(() => raw(200, JSON.stringify(TOKENS))(...given), 100);
  });
  const items = Array.from({ length: 20 }, (_, index) => ({ refresh_token: `rt-${index}` }));
  await bank.run({ items, options: { concurrency: 2 }, signal: cancelling.signal });
  // In this time, a further item would be sent.
  await new Promise((done) => setTimeout(done, 500));
  expect(bank.requests.length).toBeLessThanOrEqual(2);
});

it('returns the output in the order of the input if later items are answered first', async () => {
  const items = Array.from({ length: 8 }, (_, index) => ({ refresh_token: `rt-${index}` }));
  bank.answerWith((response, request, form) => {
    const token = form.get('refresh_token')!;
    const answer = json(200, { ...TOKENS, access_token: `at-of-${token}` });
    // The bank answers the first item last.
    setTimeout(() => answer(response, request, form), 20 * (8 - Number(token.slice(3))));
  });
  const output = outputOf(await bank.run({ items, options: { concurrency: 8 } }));
  expect(output.map(({ json: { access_token } }) => access_token)).toEqual(
    items.map(({ refresh_token }) => `at-of-${refresh_token}`),
  );
  expect(output.map(({ pairedItem }) => pairedItem)).toEqual(items.map((_, item) => ({ item })));
});

it('fails only the item whose expression fails', async () => {
  bank.answerWith(json(200, TOKENS));
  const task = await bank.run({
    items: [{ refresh_token: 'rt-0', bad: true }, { refresh_token: 'rt-1' }],
    onError: 'continueRegularOutput',
    options: { output: '={{ $json.bad ? $("Nowhere").item.json.x : "everything" }}' },
  });
  const [first, second] = outputOf(task).map(({ json: item }) => item);
  expect(first).toHaveProperty('error');
  expect(second).toHaveProperty('authorization');
});
