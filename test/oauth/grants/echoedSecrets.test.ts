import { createClient, type BankClient } from '../../../core/oauth/client';
import { startAnsweringServer, type AnsweringServer } from '../../support/bank/answeringServer';
import { customCredential } from '../../support/bank/credential';
import { failureOf } from '../../support/failure';
import { json, TOKENS, type Answer } from '../../support/bank/scriptedBank';

let server: AnsweringServer;
let client: BankClient;

/** All values of a form but those that are public. */
const secretsOf = (form: URLSearchParams) =>
  [...form].flatMap(([name, value]) =>
    /^(?:client_id|grant_type|scope|redirect_uri|.*_type|.*_hint|.*_mode|.*_method)$/.test(name)
      ? []
      : [value],
  );
let sent: string[] = [];

/** Repeats every parameter of the request in its refusal, in several forms. */
const echo: Answer = (response, request, form) => {
  sent = secretsOf(form);
  const all = [...form.values()];
  const forms = [
    ...all.map((value) => value.slice(-40)),
    ...all.map((value) => Buffer.from(value).toString('base64').slice(0, 40)),
    ...all.map((value) => value.toUpperCase().slice(0, 30)),
  ];
  json(400, { error: 'invalid_request', error_description: `Refused: ${forms.join(' | ')}` })(
    response,
    request,
    form,
  );
};

const echoInData =
  (data: object): Answer =>
  (response, request, form) => {
    sent = secretsOf(form);
    json(200, { ...data, debug: { form: request.body, list: [...form.values()] } })(
      response,
      request,
      form,
    );
  };

beforeAll(async () => {
  server = await startAnsweringServer();
  client = await createClient({
    ...(await customCredential(server.url)),
    authorizationEndpoint: `${server.url}/authorize`,
    revocationEndpoint: `${server.url}/revoke`,
    introspectionEndpoint: `${server.url}/introspect`,
    pushedAuthorizationRequestEndpoint: `${server.url}/par`,
  });
});
beforeEach(() => {
  server.answers = { '/token': echo, '/revoke': echo, '/introspect': echo, '/par': echo };
});
afterAll(() => server?.close());

const link = {
  responseType: 'code',
  pkce: true,
  scope: 'openid accounts',
} as const;

const CODE = 'c0de-aB3dE6gH9jK2mN5p';

describe('a refusal in which the bank repeats the request', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['code', () => client.exchange({ code: CODE })],
    ['short code', () => client.exchange({ code: 'secret-value' })],
    [
      'PKCE verifier',
      () => client.exchange({ code: 'code-1', codeVerifier: 'Ver1fier-aB3dE6gH9j' }),
    ],
    ['refresh token', () => client.refresh({ refreshToken: 'r3fresh-aB3dE6gH9jK2mN5p' })],
    ['token of a revocation', () => client.revoke({ token: 'acc3ss-aB3dE6gH9jK2mN5p' })],
    ['token of an introspection', () => client.introspect({ token: 'acc3ss-aB3dE6gH9jK2' })],
    ['pushed parameters', () => client.authorizationLink({ ...link, delivery: 'pushed' })],
    [
      'pushed request object',
      () => client.authorizationLink({ ...link, delivery: 'pushedRequestObject' }),
    ],
    ['assertion', () => client.applicationToken()],
  ])('is reported without the %s', async (_name, request) => {
    const { text } = await failureOf(request());
    expect(sent.length).toBeGreaterThan(0);
    expect(text).toContain('Refused: ');
    expect(text).toContain('[hidden]');
    for (const secret of sent) {
      const pieces = [secret, Buffer.from(secret).toString('base64')].flatMap((form) => [
        form.slice(0, 12),
        form.slice(-12).replace(/=+$/, ''),
      ]);
      for (const piece of pieces) expect(text.toUpperCase()).not.toContain(piece.toUpperCase());
    }
  });
});

describe('a refusal that carries tokens', () => {
  it('is reported without the tokens that its words repeat', async () => {
    const tokens = {
      access_token: 'at/aB3dE6gH9jK2mN5p+x==',
      refresh_token: 'rt-Zk3xHb8pJw6fPq1n',
    };
    const words = `not with ${tokens.access_token}, nor ${tokens.refresh_token}`;
    const refused = { ...tokens, error: 'invalid_grant', error_description: words };
    server.answers = { '/token': json(400, refused) };
    // A code that was refused before is not sent again.
    const { text } = await failureOf(client.exchange({ code: `${CODE}-refused` }));
    expect(text).toContain('not with [hidden], nor [hidden]');
  });
});

describe('an answer in which the bank repeats the request', () => {
  const expectNoSecret = (answer: unknown) => {
    expect(sent.length).toBeGreaterThan(0);
    const text = JSON.stringify(answer);
    expect(text).toContain('[hidden]');
    for (const secret of sent) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(encodeURIComponent(secret));
    }
  };

  it('to an introspection is put out without the token and the assertion', async () => {
    server.answers['/introspect'] = echoInData({ active: true, username: 'mary' });
    const answer = await client.introspect({ token: 'acc3ss-aB3dE6gH9jK2mN5p' });
    expect(answer).toMatchObject({ active: true, username: 'mary' });
    expectNoSecret(answer);
  });

  it('to an exchange is put out without code, verifier and assertion, and with its tokens', async () => {
    server.answers['/token'] = echoInData(TOKENS);
    const { tokens } = await client.exchange({
      code: `${CODE}-2`,
      codeVerifier: 'Ver1fier-aB3dE6gH9j',
    });
    expect(tokens).toMatchObject(TOKENS);
    expectNoSecret(tokens);
  });

  it('to a refresh is put out with the same refresh token, if the bank keeps it', async () => {
    const refreshToken = 'r3fresh-aB3dE6gH9jK2mN5p-2';
    server.answers['/token'] = echoInData({ ...TOKENS, refresh_token: refreshToken });
    const { tokens } = await client.refresh({ refreshToken });
    const { refresh_token: kept, ...others } = tokens;
    expect(kept).toBe(refreshToken);
    expectNoSecret(others);
  });
});
