import type { AuthorizationLinkOptions } from '../../../core/oauth/authorization/authorizationLink';
import { createClient, type BankClient } from '../../../core/oauth/client';
import type { BankSettings } from '../../../core/profile/settings';
import { startAnsweringServer, type AnsweringServer } from '../../support/bank/answeringServer';
import { customCredential } from '../../support/bank/credential';
import { accessToken, bankJwk, idToken } from '../../support/bank/idTokens';
import { json, raw } from '../../support/bank/scriptedBank';
import { failureOf } from '../../support/failure';

let server: AnsweringServer;
let settings: BankSettings;

beforeAll(async () => {
  server = await startAnsweringServer();
  settings = { ...(await customCredential(server.url)), bank: 'discovery' };
});
afterAll(() => server?.close());

const MEMBERS = [
  'token_endpoint',
  'authorization_endpoint',
  'pushed_authorization_request_endpoint',
  'jwks_uri',
  'revocation_endpoint',
  'introspection_endpoint',
] as const;
type Member = (typeof MEMBERS)[number];

/** A new client of a bank whose metadata names each endpoint by its path, apart from these members. */
async function clientWith(changes: object = {}): Promise<BankClient> {
  const good = Object.fromEntries(MEMBERS.map((member) => [member, `${server.url}/${member}`]));
  server.answers = {
    '/.well-known/openid-configuration': json(200, { issuer: server.url, ...good, ...changes }),
    '/token_endpoint': json(200, { access_token: accessToken, token_type: 'Bearer' }),
    '/pushed_authorization_request_endpoint': json(201, { request_uri: 'urn:x:1', expires_in: 60 }),
    '/jwks_uri': json(200, { keys: [await bankJwk()] }),
    '/revocation_endpoint': raw(200, ''),
    '/introspection_endpoint': json(200, { active: true }),
  };
  return createClient(settings);
}

const link: AuthorizationLinkOptions = { delivery: 'plain', pkce: false, responseType: 'code' };

/** The operation that needs an endpoint. */
const operations: Record<
  Exclude<Member, 'token_endpoint'>,
  (client: BankClient) => Promise<unknown>
> = {
  authorization_endpoint: (client) => client.authorizationLink(link),
  pushed_authorization_request_endpoint: (client) =>
    client.authorizationLink({ ...link, delivery: 'pushed' }),
  jwks_uri: (client) => client.ensureKeys(),
  revocation_endpoint: (client) => client.revoke({ token: 't' }),
  introspection_endpoint: (client) => client.introspect({ token: 't' }),
};
type Optional = keyof typeof operations;
const optional = Object.keys(operations) as Optional[];

/** The operations that fail although another endpoint alone is unusable. */
async function othersThatFail(client: BankClient, member: Optional): Promise<string[]> {
  const failed: string[] = [];
  for (const other of optional) {
    const needsIt =
      other === member ||
      (other === 'pushed_authorization_request_endpoint' && member === 'authorization_endpoint');
    if (needsIt) continue;
    await operations[other](client).catch(() => failed.push(other));
  }
  await client.applicationToken().catch(() => failed.push('token_endpoint'));
  return failed;
}

const values: [what: string, value: unknown, shown: string][] = [
  ['missing', undefined, 'missing'],
  ['null', null, 'null'],
  ['empty', '', 'empty'],
  ['an http address', 'http://bank.example/x', '"http://bank.example/x"'],
  ['a relative address', '/x', '"/x"'],
  ['another scheme', 'javascript:alert(1)', '"javascript:alert(1)"'],
  ['no address', 'https://', '"https://"'],
  ['an object', { url: 'https://bank.example' }, 'an object'],
  ['a list', ['https://bank.example'], 'a list'],
  ['a number', 5, '5'],
  ['a text with a line end and a direction mark', 'x\n\u202ey', '"x y"'],
];

describe.each(optional)('"%s" in metadata', (member) => {
  it.each(values)('that is %s fails only what needs it, and is named', async (_, value, shown) => {
    const client = await clientWith({ [member]: value });
    const failure = await failureOf(operations[member](client));
    expect(failure.message).toContain(`"${member}"`);
    expect(failure.message).toMatch(new RegExp(` is ${shown.replace(/\W/g, '\\$&')}$`));
    expect(failure.outcome).toBe('not-sent');
    expect(await othersThatFail(client, member)).toEqual([]);
  });
});

it.each(values)('a token endpoint that is %s in metadata is named', async (_, value, shown) => {
  const client = await clientWith({ token_endpoint: value });
  expect(await failureOf(client.applicationToken())).toMatchObject({
    code: 'discovery-failed',
    message: `The metadata of the issuer names no usable "token_endpoint": it is ${shown}`,
  });
});

it('an ID token is never accepted without the keys of the bank', async () => {
  const client = await clientWith({ jwks_uri: 'http://bank.example/jwks' });
  const id_token = await idToken({ claims: { iss: server.url } });
  const answer = { access_token: accessToken, token_type: 'Bearer', id_token };
  server.answers['/token_endpoint'] = json(200, answer);
  const { tokens, failedCheck } = await client.refresh({ refreshToken: 'rt-1' });
  expect(failedCheck).toMatchObject({
    code: 'jwks-unusable',
    message:
      'The ID token cannot be verified: "jwks_uri" in the metadata of the bank is "http://bank.example/jwks"',
  });
  expect(tokens.authorization).toBeUndefined();
});

describe('the aliases for mutual TLS', () => {
  it.each([
    null,
    '',
    [],
    'https://bank.example',
    5,
    { revocation_endpoint: null },
    {
      revocation_endpoint: '',
    },
  ])('are absent if they are %j', async (aliases) => {
    const client = await clientWith({ mtls_endpoint_aliases: aliases });
    await client.revoke({ token: 't' });
  });

  it('may name an endpoint that the metadata names nowhere else', async () => {
    const aliases = { revocation_endpoint: `${server.url}/revocation_endpoint` };
    const client = await clientWith({
      revocation_endpoint: undefined,
      mtls_endpoint_aliases: aliases,
    });
    await client.revoke({ token: 't' });
  });

  it('fail what needs them if they are no https address, and are named', async () => {
    const aliases = { revocation_endpoint: 'http://bank.example/revoke' };
    const client = await clientWith({ mtls_endpoint_aliases: aliases });
    expect(await failureOf(client.revoke({ token: 't' }))).toMatchObject({
      message: expect.stringContaining(
        '"mtls_endpoint_aliases.revocation_endpoint": it is "http://bank.example/revoke"',
      ),
    });
    await client.introspect({ token: 't' });
  });
});

it.each([null, [null], ['', 5], 'PS256', {}])(
  'a list of algorithms that is %j lists none',
  async (listed) => {
    const client = await clientWith({
      request_object_signing_alg_values_supported: listed,
      token_endpoint_auth_signing_alg_values_supported: listed,
    });
    const { remarks } = await client.authorizationLink({ ...link, delivery: 'requestObject' });
    expect(remarks).toEqual([]);
  },
);

describe('an address in the metadata', () => {
  const value = 'ap1-key-5f2b9c7de1a84730';

  it.each<[string, () => string, string]>([
    ['is long', () => `${server.url}/${'x'.repeat(2048)}`, 'more than 2048 characters'],
    [
      'has a value of the extra headers in its host',
      () => `https://${value}.bank.example/token`,
      'whose host contains a secret of the credential',
    ],
  ])('is refused, and not shown, if it %s', async (_, address, words) => {
    const given = settings;
    settings = { ...given, extraHeaders: `x-key: ${value}` };
    const client = await clientWith({ token_endpoint: address() });
    settings = given;
    const { text } = await failureOf(client.endpoints());
    expect(text.replaceAll('\\"', '"')).toContain(words.replaceAll('\\"', '"'));
    expect(text).not.toContain(value);
    expect(text.length).toBeLessThan(2000);
  });

  it('is shown without a value of the extra headers that is in its path', async () => {
    const given = settings;
    settings = { ...given, extraHeaders: `x-key: ${value}` };
    const client = await clientWith({ token_endpoint: `${server.url}/${value}/token` });
    settings = given;
    server.answers[`/${value}/token`] = json(401, { error: 'invalid_client' });
    const { text } = await failureOf(client.applicationToken());
    expect(text).toContain('[hidden]');
    expect(text).not.toContain(value);
  });
});
