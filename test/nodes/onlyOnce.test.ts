import { createClient } from '../../core/oauth/client';
import { UsedGrants } from '../../core/oauth/grants/usedGrants';
import { customCredential } from '../support/bank/credential';
import { failureOf } from '../support/failure';
import { outputOf } from '../support/n8n/nodeExecution';
import { ownUserFolder } from '../support/n8n/userFolder';
import {
  json,
  raw,
  REFRESH_TOKEN,
  silence,
  startScriptedBank,
  TOKENS,
  type Answer,
  type ScriptedBank,
} from '../support/bank/scriptedBank';

ownUserFolder();
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

describe('a code that the bank refused, after a correction under "Options"', () => {
  const exchange = (client: string, options = {}) =>
    bank.run({ operation: 'exchange', client, options });

  it.each<[string, Answer, string]>([
    ['refused it', refused, 'A code is used up by the first attempt, even if the bank refuses'],
    ['did not answer', silence, 'The bank may have used up the code'],
  ])('is not sent again, and is not called an attack, if the bank %s', async (_, answer, fate) => {
    const client = bank.newClient();
    bank.answerWith(answer);
    const first = await exchange(client, { redirectUri: 'https://app.example/wrong' });
    expect(first.error?.message).toMatch(/invalid_grant|did not answer/);
    bank.answerWith(json(200, TOKENS));
    for (const options of [
      {},
      { redirectUri: 'https://app.example/right' },
      { codeVerifier: 'v'.repeat(43) },
      { scope: 'accounts payments' },
      { nonce: 'n-1' },
    ]) {
      const { error } = await exchange(client, options);
      expect(error).toMatchObject({
        context: { code: 'already-used', outcome: 'not-sent' },
        message: expect.stringContaining(first.error!.message) as string,
        description: expect.stringContaining(fate) as string,
      });
      expect(error!.description).toContain('Your correction stays. Get a new code');
    }
    expect(bank.requests).toEqual([]);
  });

  it('is not sent again after a correction of the credential either', async () => {
    const grants = new UsedGrants();
    const credential = await customCredential(bank.url);
    bank.answerWith(refused);
    const first = await createClient(credential, grants);
    await failureOf(first.exchange({ code: 'code-1' }));
    const corrected = { ...credential, redirectUri: 'https://app.example/right' };
    const second = await createClient(corrected, grants);
    expect(await failureOf(second.exchange({ code: 'code-1' }))).toMatchObject({
      code: 'already-used',
      outcome: 'not-sent',
    });
    expect(bank.requests).toHaveLength(1);
  });
});

describe('an answer to a link, whose code the bank refused', () => {
  it('is reported as used up after a correction, in this process and in another one', async () => {
    const client = bank.newClient();
    const parameters = {
      ...{ resource: 'authorization', sendRequestAs: 'plain' },
      ...{ responseType: 'code', consentId: '' },
    };
    const link = await bank.run({ operation: 'createUrl', client, parameters });
    const { state } = outputOf(link)[0]!.json;
    const items = [{ code: `https://app.example/redirect?code=code-1&state=${state as string}` }];
    bank.answerWith(refused);
    await bank.run({ operation: 'exchange', client, items });
    const options = { redirectUri: 'https://app.example/right' };
    const again = await bank.run({ operation: 'exchange', client, items, options });
    expect(again.error).toMatchObject({ context: { code: 'already-used' } });
    // Another credential of the same client has no memory of the first exchange, as another process.
    const scope = 'accounts other';
    const elsewhere = await bank.run({ operation: 'exchange', client, items, changes: { scope } });
    expect(elsewhere.error).toMatchObject({
      context: { code: 'redirect-state-unknown' },
      message: 'The "state" of this redirect was used before',
      description: expect.stringContaining('Your correction stays') as string,
    });
    expect(bank.requests).toHaveLength(1);
  });
});
