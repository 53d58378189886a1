import { gzipSync } from 'node:zlib';
import { outputOf } from '../support/n8n/nodeExecution';
import {
  CODE,
  json,
  PAGE,
  raw,
  REFRESH_TOKEN,
  silence,
  startScriptedBank,
  TOKENS,
  type Answer,
  type Run,
  type ScriptedBank,
} from '../support/bank/scriptedBank';
import type { SeenRequest } from '../support/servers/tlsServer';

let bank: ScriptedBank;
beforeAll(async () => {
  bank = await startScriptedBank();
});
afterAll(() => bank.close());

/** The `error` of the only output item. Also checks that it contains no secret. */
async function errorOf(
  answer: Answer,
  operation?: Run['operation'],
): Promise<Record<string, string>> {
  bank.answerWith(answer);
  const task = await bank.run({ operation, onError: 'continueRegularOutput' });
  const [item] = outputOf(task);
  expect(Object.keys(item!.json)).toEqual(['error']);
  const stored = JSON.stringify(task);
  for (const secret of [CODE, REFRESH_TOKEN]) expect(stored).not.toContain(secret);
  return item!.json.error as Record<string, string>;
}

describe('an exchange with the scope openid', () => {
  it('does not send the code if the keys of the bank cannot be fetched', async () => {
    bank.answerWith(raw(200, PAGE, 'text/html'));
    const task = await bank.run({
      operation: 'exchange',
      options: { scope: 'openid accounts' },
      onError: 'continueRegularOutput',
    });
    expect(outputOf(task)[0]!.json).toMatchObject({ error: { code: 'jwks-unusable' } });
    expect(bank.requests.map(({ url }) => url)).toEqual(['/jwks']);
  });
});

const ENCODED_BOMB = { 'Content-Encoding': 'gzip' };

const gateway = {
  code: '900901',
  message: 'Invalid Credentials',
  description: 'Access failure for API: /open-banking/v3.1/aisp',
};

/** The state of the code or refresh token at the bank: `open` if the bank may have used it up, `refused` if the bank refused it. */
type Fate = 'open' | 'refused';

const failures: [string, Answer, { stage: string; code: string; message: RegExp }, Fate][] = [
  [
    'a web page with 200',
    raw(200, PAGE, 'text/html'),
    { stage: 'response', code: 'response-unexpected', message: /web page titled "Sign in – Bank"/ },
    'open',
  ],
  [
    'a web page with 502',
    raw(502, PAGE, 'text/html'),
    { stage: 'authorization-server', code: 'server-error', message: /502/ },
    'open',
  ],
  [
    'an empty body with 200',
    raw(200, ''),
    { stage: 'response', code: 'response-empty', message: /200 and an empty body/ },
    'open',
  ],
  [
    'an empty body with 401',
    raw(401, ''),
    { stage: 'authorization-server', code: 'invalid-client', message: /401/ },
    'refused',
  ],
  [
    'an error with 503',
    json(503, { error: 'temporarily_unavailable' }),
    { stage: 'authorization-server', code: 'server-error', message: /temporarily_unavailable/ },
    'open',
  ],
  [
    'a list',
    json(200, [TOKENS]),
    { stage: 'response', code: 'response-invalid', message: /200/ },
    'open',
  ],
  [
    'no access token',
    json(200, { token_type: 'Bearer', expires_in: 300 }),
    { stage: 'response', code: 'response-invalid', message: /without an access token/ },
    'open',
  ],
  [
    'an error with 200',
    json(200, { error: 'invalid_grant' }),
    { stage: 'authorization-server', code: 'invalid-grant', message: /invalid_grant/ },
    'refused',
  ],
  [
    'an error with a challenge',
    json(401, { error: 'invalid_client' }, { 'WWW-Authenticate': 'Basic realm="bank"' }),
    { stage: 'authorization-server', code: 'invalid-client', message: /invalid_client/ },
    'refused',
  ],
  [
    'a redirect',
    raw(302, '', 'text/html', { Location: 'https://localhost:1/token' }),
    { stage: 'response', code: 'response-unexpected', message: /302/ },
    'open',
  ],
  [
    'more than 1 MiB',
    raw(200, 'x'.repeat(1024 * 1024 + 1)),
    { stage: 'response', code: 'response-too-large', message: /1 MiB/ },
    'open',
  ],
  [
    'more than 1 MiB after decompression',
    raw(200, gzipSync(Buffer.alloc(20 * 1024 * 1024)), 'application/json', ENCODED_BOMB),
    { stage: 'response', code: 'response-too-large', message: /1 MiB/ },
    'open',
  ],
  [
    'no response',
    silence,
    { stage: 'request', code: 'timeout', message: /did not answer in time/ },
    'open',
  ],
  [
    'a closed connection',
    (response) => response.destroy(),
    { stage: 'request', code: 'connection-lost', message: /closed the connection/ },
    'open',
  ],
  ...[{ errors: [gateway] }, gateway, { fault: { ...gateway, code: 900901 } }].map(
    (body, index): (typeof failures)[number] => [
      `a refusal of the gateway, format ${index + 1}`,
      json(401, body),
      {
        stage: 'authorization-server',
        code: 'gateway-token-invalid',
        message: /900901 – Invalid Credentials – Access failure for API/,
      },
      'refused',
    ],
  ),
];

describe.each(failures)(
  'a bank that answers with %s',
  (_name, given, { stage, code, message }, fate) => {
    test.each([
      ['exchange', /not known whether the bank used up the authorization code/],
      ['refresh', /not known whether the bank used up the refresh token/],
    ] as const)('makes the %s fail after one request', async (operation, advice) => {
      const error = await errorOf(given, operation);
      expect(error).toMatchObject({ stage, code });
      expect(error.message).toMatch(message);
      if (fate === 'open') expect(error.description).toMatch(advice);
      else expect(error.description).not.toMatch(advice);
      expect(bank.requests).toHaveLength(1);
      expect(bank.requests[0]!.url).toBe(operation === 'refresh' ? '/refresh' : '/token');
    });

    test('stops the workflow with the same error', async () => {
      bank.answerWith(given);
      const task = await bank.run();
      expect(task.executionStatus).toBe('error');
      expect(task.error!.message).toMatch(message);
      expect((task.error as { description?: string }).description).toContain(`(${stage}: ${code})`);
      expect(task.error).toMatchObject({
        name: 'NodeApiError',
        context: { stage, code, outcome: fate === 'open' ? 'unknown' : 'refused', itemIndex: 0 },
      });
      expect(bank.requests).toHaveLength(1);
    });
  },
);

describe('the text of the bank in an error', () => {
  test('has no control characters and no characters that change the direction of writing', async () => {
    const { message } = await errorOf(
      json(400, {
        error: 'invalid_grant',
        error_description: 'Bad\u0000\r\n\u001b[31m code\u202e!',
      }),
    );
    expect(message).toBe('The bank answered "invalid_grant": Bad [31m code !');
  });

  test('is cut to 500 characters', async () => {
    const { message } = await errorOf(
      json(400, { error: 'invalid_grant', error_description: 'long '.repeat(2000) }),
    );
    expect(message!.length).toBeLessThan(560);
  });

  test.each(['exchange', 'refresh'] as const)(
    'contains no secret that the %s sent',
    async (operation) => {
      const { message } = await errorOf(
        (response, { body }, form) =>
          json(400, {
            error: 'invalid_request',
            error_description: `code ${form.get('code')} token ${form.get('refresh_token')} with ${form.get('client_assertion')} in ${body}`,
          })(response, {} as SeenRequest, form),
        operation,
      );
      expect(message).toContain('[hidden]');
    },
  );

  test('contains no secret if it is the title of a web page', async () => {
    const { message } = await errorOf((response, request, form) =>
      raw(200, `<title>No ${form.get('refresh_token')}</title>`, 'text/html')(
        response,
        request,
        form,
      ),
    );
    expect(message).toContain('"No [hidden]"');
  });
});
