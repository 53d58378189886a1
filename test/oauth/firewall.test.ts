import { createClient, diagnoseSettings, type BankClient } from '../../core/oauth/client';
import type { AuthorizationLinkOptions } from '../../core/oauth/authorization/authorizationLink';
import { getRequest } from '../../core/oauth/messages/getRequest';
import { createProfile } from '../../core/profile/profile';
import type { BankSettings } from '../../core/profile/settings';
import { version } from '../../package.json';
import { bankJwk } from '../support/bank/idTokens';
import { customCredential } from '../support/bank/credential';
import { json, type Answer } from '../support/bank/scriptedBank';
import { failureOf } from '../support/failure';
import { startTlsServer, type TlsServer } from '../support/servers/tlsServer';

const KEY = 'k-5f1e-9c0d-secret';
const METADATA = '/.well-known/openid-configuration';

/** A bank behind a firewall that refuses requests without a `User-Agent`, and a gateway that demands an API key. */
let server: TlsServer;
let settings: BankSettings;
let keys: object[];

beforeAll(async () => {
  keys = [await bankJwk()];
  server = await startTlsServer({
    handle: (request, response) => {
      const form = new URLSearchParams(request.body);
      const isKnown = request.headers['x-api-key'] === KEY;
      const answer = !request.headers['user-agent'] ? blocked : isKnown ? answers : withoutKey;
      answer(response, request, form);
    },
  });
  const { url } = server;
  settings = {
    ...(await customCredential(url)),
    authorizationEndpoint: `${url}/authorize`,
    pushedAuthorizationRequestEndpoint: `${url}/par`,
    revocationEndpoint: `${url}/revoke`,
    introspectionEndpoint: `${url}/introspect`,
    extraHeaders: `X-Api-Key: ${KEY}`,
  };
});
afterAll(() => server?.close());
beforeEach(() => void (server.requests.length = 0));

const blocked: Answer = (response) =>
  void response.writeHead(403).end('<title>NoUserAgent</title>');

const withoutKey: Answer = (response, request, form) => {
  const key = String(request.headers['x-api-key'] ?? 'none');
  json(403, { code: 'no-key', message: `The key ${key} is not known` })(response, request, form);
};

const answers: Answer = (response, request, form) => {
  const { url } = server;
  const bodies: Record<string, object> = {
    '/token': { access_token: 'at-1', token_type: 'Bearer', expires_in: 60, refresh_token: 'rt-2' },
    '/par': { request_uri: 'urn:request:1', expires_in: 60 },
    '/introspect': { active: true },
    '/jwks': { keys },
    [METADATA]: {
      issuer: url,
      token_endpoint: `${url}/token`,
      authorization_endpoint: `${url}/authorize`,
      pushed_authorization_request_endpoint: `${url}/par`,
      revocation_endpoint: `${url}/revoke`,
      introspection_endpoint: `${url}/introspect`,
      jwks_uri: `${url}/jwks`,
    },
  };
  json(200, bodies[request.url] ?? {})(response, request, form);
};

const PUSHED = {
  delivery: 'pushed',
  pkce: true,
  responseType: 'code',
  responseMode: '',
} as unknown as AuthorizationLinkOptions;

const operations: [path: string, act: (client: BankClient) => Promise<unknown>][] = [
  ['/token', (client) => client.exchange({ code: 'c-1' })],
  ['/token', (client) => client.refresh({ refreshToken: 'rt-1' })],
  ['/token', (client) => client.applicationToken()],
  ['/par', (client) => client.authorizationLink(PUSHED)],
  ['/revoke', (client) => client.revoke({ token: 'rt-1' })],
  ['/introspect', (client) => client.introspect({ token: 'rt-1' })],
  ['/jwks', (client) => client.ensureKeys()],
];

describe.each(['custom', 'discovery'] as const)('with the addresses from "%s"', (bank) => {
  it.each(operations)('a request to %s has User-Agent and extra headers', async (path, act) => {
    await act(await createClient({ ...settings, bank }));
    expect(server.requests.map(({ url }) => url)).toEqual(
      bank === 'discovery' ? [METADATA, path] : [path],
    );
    for (const { headers } of server.requests) {
      expect(headers).toMatchObject({
        'user-agent': `n8n-nodes-open-banking/${version}`,
        'x-api-key': KEY,
      });
    }
  });
});

it('the Test button sends both', async () => {
  await diagnoseSettings(settings);
  expect(server.requests.length).toBeGreaterThan(0);
  expect(server.requests.every(({ headers }) => headers['x-api-key'] === KEY)).toBe(true);
});

it('the extra headers may have another User-Agent', async () => {
  const extraHeaders = `${settings.extraHeaders}\nuser-agent: bank-client/1`;
  await (await createClient({ ...settings, extraHeaders })).applicationToken();
  expect(server.requests[0]!.headers['user-agent']).toBe('bank-client/1');
});

it.each(operations)(
  'an answer of %s that repeats an extra header does not show it',
  async (_, act) => {
    const extraHeaders = `x-api-key: wrong-${KEY}`;
    const { text } = await failureOf(act(await createClient({ ...settings, extraHeaders })));
    expect(text).not.toContain(KEY);
  },
);

it.each([
  ['https://bank.example/jwks', true],
  ['https://BANK.example:9446/jwks', true],
  ['https://keys.bank.example/jwks', false],
  ['https://keystore.directory.example/jwks', false],
])('a request for the keys at %s has the extra headers: %s', async (url, isSent) => {
  const credential = await customCredential('https://bank.example');
  for (const bank of ['custom', 'discovery'] as const) {
    const profile = await createProfile({ ...credential, bank, extraHeaders: 'x-api-key: 1' });
    const { headers } = getRequest({ url, source: 'test' }, 'application/json', profile);
    expect('x-api-key' in headers).toBe(isSent);
  }
});
