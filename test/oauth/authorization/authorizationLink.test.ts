import { decodeJwt, decodeProtectedHeader } from 'jose';
import {
  authorizationLink,
  type AuthorizationLinkOptions,
} from '../../../core/oauth/authorization/authorizationLink';
import { codeChallenge } from '../../../core/oauth/authorization/pkce';
import { createClient } from '../../../core/oauth/client';
import { pushedRequest } from '../../../core/oauth/authorization/pushedAuthorizationRequest';
import type { BankSettings } from '../../../core/profile/settings';
import { certificateAuthority, clientCertificate } from '../../support/keys/certificates';
import { endpointAt } from '../../support/bank/endpoint';
import { expectNoSecret, failureOf } from '../../support/failure';
import { json, raw, type Answer } from '../../support/bank/scriptedBank';
import { startTlsServer, type TlsServer } from '../../support/servers/tlsServer';

let server: TlsServer;
let settings: BankSettings;
/** Answers of the bank, by path. */
let answers: Record<string, Answer> = {};

beforeAll(async () => {
  server = await startTlsServer({
    handle: (request, response) =>
      (answers[request.url] ?? raw(404, ''))(response, request, new URLSearchParams(request.body)),
  });
  const { certificate, privateKey } = await clientCertificate({ key: 'rsa' });
  settings = {
    bank: 'custom',
    issuer: 'https://bank.example',
    tokenEndpoint: `${server.url}/token`,
    authorizationEndpoint: 'https://bank.example/authorize',
    pushedAuthorizationRequestEndpoint: `${server.url}/par`,
    clientId: 'client-1',
    transportCertificate: certificate,
    transportPrivateKey: privateKey,
    certificateAuthorities: (await certificateAuthority()).certificate,
    redirectUri: 'https://app.example/redirect',
    scope: 'openid accounts',
  };
});
afterAll(() => server?.close());
beforeEach(() => {
  server.requests.length = 0;
  answers = { '/par': json(201, { request_uri: 'urn:example:1', expires_in: 60 }) };
});

async function link(options: Partial<AuthorizationLinkOptions> = {}, changes: BankSettings = {}) {
  return authorizationLink(await createClient({ ...settings, ...changes }), {
    delivery: 'requestObject',
    responseType: 'code id_token',
    pkce: true,
    ...options,
  });
}

const pushedForm = () => new URLSearchParams(server.requests[0]!.body);

it('a link with a request object is made without the network, with a new state, nonce and code verifier', async () => {
  const now = Date.now();
  const [one, other] = [await link(), await link()];
  expect(server.requests).toEqual([]);
  expect(one.state).not.toBe(other.state);
  expect(one.nonce).not.toBe(other.nonce);
  const parameters = new URL(one.url).searchParams;
  const claims = decodeJwt(parameters.get('request')!);
  expect(claims).toMatchObject({
    aud: 'https://bank.example',
    state: one.state,
    nonce: one.nonce,
    code_challenge: codeChallenge(one.codeVerifier!),
  });
  expect(parameters.get('state')).toBe(one.state);
  expect(one.url).not.toContain(one.codeVerifier);
  expect(one.expiresAt.getTime()).toBe(claims.exp! * 1000);
  const life = one.expiresAt.getTime() - now;
  expect(life).toBeGreaterThan(590_000);
  expect(life).toBeLessThan(600_000);
});

it('a link without PKCE has no code verifier', async () => {
  const { url, codeVerifier } = await link({ pkce: false, delivery: 'plain' });
  expect(codeVerifier).toBeUndefined();
  expect(url).not.toContain('code_challenge');
});

it('a request object has the issuer of the credential as its audience, even if the assertion has another one', async () => {
  const changes = { audience: 'custom', audienceValue: 'https://other.example' } as const;
  const { url } = await link({}, changes);
  expect(decodeJwt(new URL(url).searchParams.get('request')!).aud).toBe('https://bank.example');
});

it.each([
  [undefined, 'oauth-authz-req+jwt'],
  ['JWT', 'JWT'],
] as const)('a request object of the type %j has the "typ" %s', async (requestObjectType, typ) => {
  const { url } = await link({ requestObjectType });
  const request = new URL(url).searchParams.get('request')!;
  expect(decodeProtectedHeader(request).typ).toBe(typ);
});

it('a request object has the audience of the credential if the bank wants another one than its issuer', async () => {
  const { url } = await link({}, { requestObjectAudience: ' https://other.example ' });
  const request = new URL(url).searchParams.get('request')!;
  expect(decodeJwt(request).aud).toBe('https://other.example');
});

it('a link names the consent in its scope, once', async () => {
  const named = { delivery: 'plain', consentScope: 'consent:urn:bank:1' } as const;
  const scopeIn = ({ url }: { url: string }) => new URL(url).searchParams.get('scope');
  expect(scopeIn(await link(named))).toBe('openid accounts consent:urn:bank:1');
  const scope = 'openid consent:urn:bank:1';
  expect(scopeIn(await link({ ...named, scope }))).toBe(scope);
});

it.each<[Partial<AuthorizationLinkOptions>, object]>([
  [{}, {}],
  [
    { acr: { essential: true, values: ['a'] }, maxAge: 60 },
    { acrValues: ['a'], maxAge: 60, requiredClaims: ['acr', 'auth_time'] },
  ],
  [
    { acr: { essential: true, values: ['a'] }, maxAge: 60, omitsLogIn: true },
    { acrValues: ['a'], maxAge: 60 },
  ],
  [{ acr: { essential: true }, scope: 'accounts', responseType: 'code' }, {}],
])('a link for %j says which log-in the ID token has to name', async (options, expected) => {
  expect((await link(options)).authentication).toEqual(expected);
});

it.each([
  ['requestObject', ['request']],
  ['pushedRequestObject', ['request']],
  ['pushed', ['form']],
  ['plain', ['address']],
] as const)(
  'a link sent as %s has further parameters only where they belong',
  async (delivery, where) => {
    const furtherParameters = { login_hint: 'alex' };
    const { url } = await link({ delivery, furtherParameters });
    const address = new URL(url).searchParams;
    const form = new URLSearchParams(server.requests[0]?.body);
    const request = address.get('request') ?? form.get('request');
    const claims = request ? decodeJwt(request) : {};
    const found = {
      address: address.get('login_hint'),
      form: form.get('login_hint'),
      request: claims.login_hint ?? null,
    };
    expect(found).toEqual({
      ...{ address: null, form: null, request: null },
      ...Object.fromEntries(where.map((place) => [place, 'alex'])),
    });
  },
);

it('a request object is signed even if only the certificate authenticates the client', async () => {
  const { url } = await link({}, { clientAuthentication: 'tls_client_auth' });
  expect(decodeJwt(new URL(url).searchParams.get('request')!).iss).toBe('client-1');
  const unfit = { clientAuthentication: 'tls_client_auth', algorithm: 'ES256' } as const;
  expect(await failureOf(link({}, unfit))).toMatchObject({ code: 'algorithm-key-mismatch' });
  // Nothing is signed here, so the algorithm does not matter.
  expect((await link({ delivery: 'plain' }, unfit)).url).toContain('response_type');
});

it.each<[Partial<AuthorizationLinkOptions>, BankSettings, object]>([
  [{}, { redirectUri: '' }, { code: 'field-missing' }],
  [{}, { scope: 'accounts' }, { code: 'field-malformed' }],
  [{}, { authorizationEndpoint: '' }, { code: 'endpoint-missing' }],
  [
    { delivery: 'pushed' },
    { pushedAuthorizationRequestEndpoint: '' },
    {
      code: 'endpoint-missing',
      message: 'No pushed authorization request endpoint of this bank is known',
    },
  ],
])('a link is rejected for %j with %j', async (wish, changes, expected) => {
  expect(await failureOf(link(wish, changes))).toMatchObject(expected);
  expect(server.requests).toEqual([]);
});

describe('a pushed request', () => {
  it('is a form with the request and the client authentication (RFC 9126 §2.1)', () => {
    const { method, url, body } = pushedRequest(
      endpointAt('https://bank.example/par'),
      { client_id: 'client-1', response_type: 'code', max_age: 0, claims: { a: 1 } },
      { clientId: 'client-1', assertion: 'e.y.J' },
    );
    expect([method, url]).toEqual(['POST', 'https://bank.example/par']);
    expect(body).toBe(
      'client_id=client-1&response_type=code&max_age=0&claims=%7B%22a%22%3A1%7D' +
        '&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer' +
        '&client_assertion=e.y.J',
    );
  });

  it('leaves only its "request_uri" in the link, which expires after "expires_in"', async () => {
    const now = Date.now();
    const { url, expiresAt, state } = await link({ delivery: 'pushed', responseType: 'code' });
    expect(url).toBe(
      'https://bank.example/authorize?client_id=client-1&request_uri=urn%3Aexample%3A1',
    );
    expect(expiresAt.getTime() - now).toBeLessThan(65_000);
    expect(pushedForm().get('state')).toBe(state);
    expect(pushedForm().has('client_assertion')).toBe(true);
  });

  it('may be a signed request object', async () => {
    const { state } = await link({ delivery: 'pushedRequestObject' });
    expect([...pushedForm().keys()]).toEqual([
      ...['client_id', 'request', 'client_assertion_type', 'client_assertion'],
    ]);
    expect(decodeJwt(pushedForm().get('request')!)).toMatchObject({ state });
  });

  it('has an assertion for its own endpoint if the credential has the audience "endpoint"', async () => {
    await link({ delivery: 'pushed' }, { audience: 'endpoint' });
    expect(decodeJwt(pushedForm().get('client_assertion')!).aud).toBe(`${server.url}/par`);
  });

  it.each<[string, Answer, object]>([
    ['an OAuth error', json(400, { error: 'invalid_request' }), { code: 'bank-refused' }],
    [
      'a web page',
      raw(200, '<title>Sign in</title>', 'text/html'),
      { code: 'response-unexpected' },
    ],
    ['status 500', raw(500, ''), { code: 'server-error' }],
    [
      'status 503 with an OAuth error',
      json(503, { error: 'server_error' }),
      { code: 'server-error' },
    ],
    [
      'an answer without "request_uri"',
      json(201, { expires_in: 60 }),
      { code: 'response-invalid' },
    ],
    ['a "request_uri" that is no URI', json(201, { request_uri: 'a b', expires_in: 60 }), {}],
    ['a "request_uri" that is a list', json(201, { request_uri: ['urn:x'], expires_in: 60 }), {}],
    ['an answer without "expires_in"', json(201, { request_uri: 'urn:x' }), {}],
    ['a negative "expires_in"', json(201, { request_uri: 'urn:x', expires_in: -1 }), {}],
  ])('fails with a code and without a secret for %s', async (_, answer, expected) => {
    answers = { '/par': answer };
    const failure = await failureOf(link({ delivery: 'pushedRequestObject' }));
    expect(failure).toMatchObject({
      code: 'response-invalid',
      outcome: 'not-sent',
      ...expected,
    });
    expectNoSecret(failure, [pushedForm().get('client_assertion')!, pushedForm().get('request')!]);
  });
});

it.each<[string, Partial<AuthorizationLinkOptions>, boolean, string]>([
  ['pushes a request object if the bank demands it', {}, true, 'request_uri'],
  ['sends it in the address otherwise', {}, false, 'request'],
  ['follows the person who chose the address', { pushesIfRequired: false }, true, 'request'],
])('a link %s', async (_, options, isRequired, expected) => {
  answers['/.well-known/openid-configuration'] = json(200, {
    issuer: server.url,
    token_endpoint: `${server.url}/token`,
    authorization_endpoint: 'https://bank.example/authorize',
    pushed_authorization_request_endpoint: `${server.url}/par`,
    require_pushed_authorization_requests: isRequired,
  });
  const { url } = await link(
    { pushesIfRequired: true, ...options },
    { bank: 'discovery', issuer: server.url, audience: 'issuer' },
  );
  expect([...new URL(url).searchParams.keys()]).toContain(expected);
});

it('a link uses the endpoints of the metadata, and the alias for mutual TLS only for the pushed request', async () => {
  answers['/.well-known/openid-configuration'] = json(200, {
    issuer: server.url,
    token_endpoint: `${server.url}/token`,
    authorization_endpoint: 'https://bank.example/authorize',
    request_object_signing_alg_values_supported: ['ES256'],
    pushed_authorization_request_endpoint: 'https://elsewhere.example/par',
    mtls_endpoint_aliases: {
      authorization_endpoint: 'https://mtls.bank.example/authorize',
      pushed_authorization_request_endpoint: `${server.url}/par`,
    },
  });
  const discovered = { bank: 'discovery', issuer: server.url, audience: 'issuer' } as const;
  const { url, remarks } = await link({ delivery: 'pushed' }, discovered);
  expect(url).toMatch('https://bank.example/authorize?client_id=client-1&request_uri=');
  expect(remarks).toEqual([]);
  // The remark comes only if a request object is signed.
  const signed = await link({ delivery: 'pushedRequestObject' }, discovered);
  expect(signed.remarks).toEqual([
    'The metadata of the bank does not offer PS256 for request objects; it offers: ES256.',
  ]);
});
