import { gzipSync } from 'node:zlib';
import type { OpenBankingError } from '../../core/errors/OpenBankingError';
import { responseErrors } from '../../core/errors/rows/responseErrors';
import { createClient, diagnoseSettings, type BankClient } from '../../core/oauth/client';
import type { BankSettings } from '../../core/profile/settings';
import { startAnsweringServer, type AnsweringServer } from '../support/bank/answeringServer';
import { customCredential } from '../support/bank/credential';
import { failureOf } from '../support/failure';
import {
  accessToken,
  bankJwk,
  idToken,
  issuer,
  now,
  otherKey,
  encryptedFor,
  redirectIdToken,
  responseJwt,
  unsigned,
  withHeader,
  type Forgery,
} from '../support/bank/idTokens';
import { privateKeyOf } from '../support/keys/certificates';
import { json, raw, type Answer } from '../support/bank/scriptedBank';
import { provokeEach, type Provocations } from './provocation';

let server: AnsweringServer;
let settings: BankSettings;

beforeAll(async () => {
  server = await startAnsweringServer();
  settings = { ...(await customCredential(server.url)), issuer };
});
beforeEach(async () => {
  server.answers = { '/jwks': json(200, { keys: [await bankJwk()] }) };
});
afterAll(() => server?.close());

let count = 0;

const clientWith = (changes: BankSettings = {}): Promise<BankClient> =>
  createClient({ ...settings, ...changes });
const refresh = async (changes?: BankSettings) =>
  (await clientWith(changes)).refresh({ refreshToken: `refresh-token-${++count}` });

/** The failure of a refresh, if the bank answers like this. */
const answering = (answer: Answer) => () => {
  server.answers['/token'] = answer;
  return failureOf(refresh());
};

/** The failed check of an ID token that came with good tokens. */
const receiving =
  (token: () => Promise<string>, expectations = {}, changes?: BankSettings) =>
  async (): Promise<OpenBankingError> => {
    server.answers['/token'] = json(200, {
      access_token: accessToken,
      token_type: 'Bearer',
      refresh_token: 'kept',
      scope: 'openid consent:1',
      id_token: await token(),
    });
    const client = await clientWith(changes);
    const { tokens, failedCheck } = await (Object.hasOwn(expectations, 'nonce')
      ? client.exchange({ code: `code-${++count}`, ...expectations })
      : client.refresh({ refreshToken: `refresh-token-${++count}`, ...expectations }));
    expect(tokens).toMatchObject({ access_token: accessToken, refresh_token: 'kept' });
    expect(failedCheck!.outcome).toBe('received');
    return failedCheck!;
  };
const forged = (forgery: Forgery) => receiving(() => idToken(forgery));

/** The failure of a redirect with these parameters. */
const redirected = async (parameters: Record<string, string>, expected = {}) => {
  const client = await clientWith();
  const redirect = `https://app.example/redirect#${new URLSearchParams(parameters).toString()}`;
  const reading = client.readRedirect(redirect, expected);
  const error = await failureOf(reading);
  expect(error.outcome).toBe('not-sent');
  return error;
};
const redirectedWith =
  (claims: Forgery['claims'], expected = {}) =>
  async () => {
    const answer = { code: 'c-1', state: 's-1' };
    return redirected({ ...answer, id_token: await redirectIdToken(answer, { claims }) }, expected);
  };
const responding =
  (forgery: Forgery, change: (jwt: string) => string | Promise<string> = (jwt) => jwt) =>
  async () =>
    redirected({ response: await change(await responseJwt({ code: 'c-1' }, forgery)) });

const discovering = (metadata: object) => async () => {
  server.answers['/.well-known/openid-configuration'] = json(200, metadata);
  return failureOf(
    (await clientWith({ bank: 'discovery', issuer: server.url })).applicationToken(),
  );
};

/** The warning about metadata in a test of the credential. */
const noticed = (metadata: object) => async () => {
  const { url } = server;
  server.answers['/.well-known/openid-configuration'] = json(200, {
    ...{ issuer: url, token_endpoint: `${url}/token` },
    ...metadata,
  });
  server.answers['/token'] = json(400, { error: 'invalid_grant' });
  const { notices } = await diagnoseSettings({ ...settings, bank: 'discovery', issuer: url });
  return notices.find(({ code }) => code === 'not-offered')!;
};

const provocations: Provocations<typeof responseErrors> = {
  'response-too-large': answering(
    raw(200, gzipSync(Buffer.alloc(20 * 1024 * 1024)), 'application/json', {
      'Content-Encoding': 'gzip',
    }),
  ),
  'clock-offset': async () => {
    const date = new Date(Date.now() - 3_600_000).toUTCString();
    server.answers['/token'] = json(
      200,
      { access_token: 'at-1', token_type: 'Bearer' },
      { Date: date },
    );
    const { notices } = await diagnoseSettings(settings);
    return notices.find(({ code }) => code === 'clock-offset')!;
  },
  'not-offered': {
    'the client authentication': noticed({
      token_endpoint_auth_methods_supported: ['client_secret_basic'],
    }),
    'the algorithm': noticed({ token_endpoint_auth_signing_alg_values_supported: ['ES256'] }),
    'tokens that are bound to certificates': noticed({
      dpop_signing_alg_values_supported: ['ES256'],
    }),
    'bound tokens': noticed({ tls_client_certificate_bound_access_tokens: false }),
  },
  'response-empty': answering(raw(400, '')),
  'response-unexpected': {
    'a redirect': answering(raw(302, '', 'text/html', { Location: 'https://localhost:1/' })),
    'a web page': answering(raw(200, '<title>Sign in</title>', 'text/html')),
    'a refusal without "error"': answering(json(400, { problem: 1 })),
    'an unknown encoding': answering(
      raw(200, 'x', 'application/json', { 'Content-Encoding': 'zstd' }),
    ),
  },
  'response-invalid': {
    'a token response': answering(json(200, { token_type: 'Bearer' })),
    'an introspection': async () => {
      server.answers['/introspect'] = json(200, { scope: 'accounts' });
      const client = await clientWith({ introspectionEndpoint: `${server.url}/introspect` });
      return failureOf(client.introspect({ token: 'at-1' }));
    },
    'a pushed authorization request': async () => {
      server.answers['/par'] = json(201, { request_uri: 'urn:example:1' });
      const client = await clientWith({
        authorizationEndpoint: `${server.url}/authorize`,
        pushedAuthorizationRequestEndpoint: `${server.url}/par`,
      });
      return failureOf(
        client.authorizationLink({ delivery: 'pushed', responseType: 'code', pkce: true }),
      );
    },
  },
  'discovery-failed': async () =>
    failureOf((await clientWith({ bank: 'discovery', issuer: server.url })).applicationToken()),
  'discovery-issuer-mismatch': discovering({ issuer: 'https://other.example' }),
  'jwks-unusable': {
    'no address': receiving(() => idToken(), {}, { jwksUri: '' }),
    'status 503': async () => {
      server.answers['/jwks'] = raw(503, '');
      return failureOf(refresh({ scope: 'openid' }));
    },
    'too many keys': async () => {
      server.answers['/jwks'] = json(200, { keys: Array.from({ length: 10_000 }, () => ({})) });
      return failureOf(refresh({ scope: 'openid' }));
    },
  },
  'jwt-malformed': {
    'an ID token without a subject': forged({ claims: { sub: undefined } }),
    'a response without an end': responding({ claims: { exp: undefined } }),
    'a response with "crit"': responding({}, (jwt) => withHeader(jwt, { crit: ['x'], x: 1 })),
  },
  'jwt-decryption': {
    'an ID token': receiving(async () => encryptedFor(otherKey, await idToken())),
    'a response': responding({}, (jwt) => encryptedFor(otherKey, jwt)),
    'an ID token for another key': receiving(async () =>
      encryptedFor(otherKey, await idToken(), { kid: 'enc-9' }),
    ),
    'an ID token by RSA1_5': receiving(async () =>
      encryptedFor(otherKey, await idToken(), { alg: 'RSA1_5' }),
    ),
    'an ID token for an EC key': receiving(async () =>
      encryptedFor(privateKeyOf('ec'), await idToken(), { alg: 'ECDH-ES' }),
    ),
  },
  'jwt-algorithm': {
    'an ID token': forged({ header: { alg: 'RS256' } }),
    'an unsigned response': responding({}, unsigned),
  },
  'jwt-signature': {
    'an ID token': forged({ key: otherKey }),
    'a response': responding({ key: otherKey }),
    'a response with an unknown key ID': responding({ header: { kid: 'bank-2' } }),
  },
  'jwt-issuer': {
    'an ID token': forged({ claims: { iss: 'https://other.example' } }),
    'a response': responding({ claims: { iss: 'https://other.example' } }),
  },
  'jwt-audience': {
    'an ID token': forged({ claims: { aud: 'client-2' } }),
    'a response': responding({ claims: { aud: 'client-2' } }),
  },
  'jwt-time': {
    'an ID token': forged({ claims: { exp: now() - 3600 } }),
    'a response': responding({ claims: { exp: now() - 60 } }),
  },
  'payload-claim': async () => {
    const signed = await idToken();
    return failureOf((await clientWith()).verifyPayload({ signed, audience: 'client-2' }));
  },
  'id-token-binding': {
    nonce: receiving(() => idToken(), { nonce: 'n-2' }),
    at_hash: forged({ claims: { at_hash: 'x'.repeat(22) } }),
    c_hash: redirectedWith({ c_hash: 'x'.repeat(22) }),
    s_hash: redirectedWith({ s_hash: undefined }),
  },
  'id-token-subject': async () => {
    const originalIdToken = await idToken({ claims: { sub: 'robin' } });
    return receiving(() => idToken(), { originalIdToken })();
  },
  'id-token-acr': {
    'another one': receiving(() => idToken({ claims: { acr: 'weak' } }), {
      nonce: 'n-1',
      acrValues: ['strong'],
    }),
    'a missing one': redirectedWith({}, { requiredClaims: ['acr'] }),
  },
  'id-token-auth-time': {
    'too long ago': redirectedWith({ auth_time: now() - 3600 }, { maxAge: 60 }),
    'a missing one': redirectedWith({}, { maxAge: 60, requiredClaims: ['auth_time'] }),
  },
  'id-token-consent': {
    'in the ID token': redirectedWith({ openbanking_intent_id: '1' }, { consentId: '2' }),
    'in the scope': receiving(() => idToken(), { nonce: 'n-1', consentScope: 'consent:2' }),
  },
};
provokeEach<typeof responseErrors>(provocations);

it('an exchange passes the tokens to onReceived before it checks them', async () => {
  const events: string[] = [];
  const bank = await bankJwk();
  server.answers['/token'] = json(200, {
    access_token: accessToken,
    token_type: 'Bearer',
    id_token: await idToken({ key: otherKey, header: { kid: 'unknown' } }),
  });
  server.answers['/jwks'] = (response, ...rest) => {
    events.push('keys');
    json(200, { keys: [bank] })(response, ...rest);
  };
  await (
    await clientWith({ scope: 'openid' })
  ).exchange({
    code: `code-${++count}`,
    onReceived: (tokens) => {
      events.push('received');
      expect(tokens).toMatchObject({ access_token: accessToken });
      expect(tokens).not.toHaveProperty('authorization');
      return Promise.resolve();
    },
  });
  expect(events.slice(0, 2)).toEqual(['keys', 'received']);
});
