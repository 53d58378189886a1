import { createClient } from '../../../core/oauth/client';
import type { BankSettings } from '../../../core/profile/settings';
import { managementRequest } from '../../../core/oauth/grants/tokenManagement';
import { startAnsweringServer, type AnsweringServer } from '../../support/bank/answeringServer';
import { customCredential } from '../../support/bank/credential';
import { endpointAt } from '../../support/bank/endpoint';
import { failureOf } from '../../support/failure';
import { json, raw, type Answer } from '../../support/bank/scriptedBank';

let server: AnsweringServer;
let custom: BankSettings;
let settings: BankSettings;

beforeAll(async () => {
  server = await startAnsweringServer();
  custom = await customCredential(server.url);
  settings = { ...custom, bank: 'discovery' };
});
afterAll(() => server?.close());

const discovered = (more: object) =>
  json(200, { issuer: server.url, token_endpoint: `${server.url}/token`, ...more });

it('a revocation request is a form with the token, its type and the client authentication (RFC 7009 §2.1, RFC 7662 §2.1)', () => {
  const request = managementRequest(
    endpointAt('https://bank.example/revoke'),
    { token: 'a+b', hint: 'refresh_token' },
    { clientId: 'client-1', assertion: 'e.y.J' },
  );
  expect(request).toMatchObject({ method: 'POST', url: 'https://bank.example/revoke' });
  expect(request.body).toBe(
    'token=a%2Bb&token_type_hint=refresh_token&client_id=client-1' +
      '&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer' +
      '&client_assertion=e.y.J',
  );
});

it('requests use the endpoints of the metadata, and its aliases for mutual TLS if there are any', async () => {
  server.answers = {
    '/.well-known/openid-configuration': discovered({
      revocation_endpoint: `${server.url}/revoke`,
      introspection_endpoint: 'https://elsewhere.example/introspect',
      mtls_endpoint_aliases: { introspection_endpoint: `${server.url}/mtls/introspect` },
    }),
    '/revoke': raw(200, ''),
    '/mtls/introspect': json(200, { active: true, scope: 'accounts' }),
  };
  const client = await createClient(settings);
  await client.revoke({ token: 'rt-1' });
  expect(await client.introspect({ token: 'at-1' })).toEqual({
    active: true,
    scope: 'accounts',
  });
});

it('revocation fails with endpoint-missing if the metadata has no endpoint', async () => {
  server.answers = { '/.well-known/openid-configuration': discovered({}) };
  const client = await createClient(settings);
  expect(await failureOf(client.revoke({ token: 'rt-1' }))).toMatchObject({
    code: 'endpoint-missing',
    message:
      'No revocation endpoint of this bank is known: "revocation_endpoint" in its metadata is missing',
  });
});

it.each<[string, Answer, object]>([
  ['an OAuth error', json(401, { error: 'invalid_client' }), { code: 'invalid-client' }],
  ['a web page', raw(200, '<title>Sign in</title>', 'text/html'), { code: 'response-unexpected' }],
  [
    'an answer without "active" as a boolean',
    json(200, { active: 'yes' }),
    { code: 'response-invalid' },
  ],
])('introspection fails with a code and without the token for %s', async (_, answer, expected) => {
  server.answers = { '/introspect': answer };
  const introspectionEndpoint = `${server.url}/introspect`;
  const failure = await failureOf(
    (await createClient({ ...custom, introspectionEndpoint })).introspect({
      token: 'secret-token',
    }),
  );
  expect(failure).toMatchObject(expected);
  expect(JSON.stringify(failure) + failure.message).not.toContain('secret-token');
});

it('introspection returns no name of this package, and nothing that is nested deep or large', async () => {
  const others = { active: true, scope: null, exp: 1, x: [[1]] };
  const own = { authorization: 'Bearer x', consent: 'of-another', error: 'x', consent_id: 'x' };
  const body = JSON.stringify({ ...others, ...own, large: 'y'.repeat(70_000) });
  const deep = `{"deep":${'['.repeat(5000)}${']'.repeat(5000)},"__proto__":{"a":1},`;
  server.answers = { '/introspect': raw(200, body.replace('{', deep)) };
  const introspectionEndpoint = `${server.url}/introspect`;
  const client = await createClient({ ...custom, introspectionEndpoint });
  expect(Object.entries(await client.introspect({ token: 'at-1' }))).toEqual(
    Object.entries(others),
  );
});
