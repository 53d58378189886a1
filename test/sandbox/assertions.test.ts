import { createPublicKey, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { startSandbox, type Sandbox } from '../support/bank/sandbox';
import { TestThirdParty, type AssertionChanges } from './thirdParty';

let bank: Sandbox;
let thirdParty: TestThirdParty;

beforeAll(async () => {
  bank = await startSandbox();
  thirdParty = new TestThirdParty(bank.ready);
}, 60_000);

afterAll(async () => {
  thirdParty?.close();
  await bank?.stop();
});

const application = (assertion?: AssertionChanges) =>
  thirdParty.token({ grant_type: 'client_credentials', scope: 'accounts' }, { assertion });

const seconds = (offset: number): number => Math.floor(Date.now() / 1000) + offset;

describe('a client assertion that WSO2 accepts', () => {
  it('gets an application token without a refresh token', async () => {
    const { status, headers, body } = await application();
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('no-store');
    expect(body).toEqual({
      access_token: expect.any(String) as string,
      expires_in: 3600,
      scope: 'accounts',
      token_type: 'Bearer',
    });
  });

  it('may have no iat', async () => {
    const { status } = await application({ claims: { iat: undefined } });
    expect(status).toBe(200);
  });

  it('may be 299 seconds old', async () => {
    const { status } = await application({ claims: { iat: seconds(-299) } });
    expect(status).toBe(200);
  });

  it('may have x5t, x5t#S256 or the RFC 7638 thumbprint as key ID', async () => {
    const jwk = createPublicKey(thirdParty.certificate().toString()).export({ format: 'jwk' });
    const keyIds = [
      thirdParty.x5t(),
      thirdParty.x5t('client', 'sha256'),
      await calculateJwkThumbprint(jwk),
    ];
    const statuses = await Promise.all(
      keyIds.map(async (kid) => (await application({ header: { kid } })).status),
    );
    expect(statuses).toEqual([200, 200, 200]);
  });
});

describe('a client assertion that WSO2 refuses', () => {
  it.each<[string, AssertionChanges | (() => AssertionChanges), number, string, string]>([
    [
      'another audience',
      { claims: { aud: 'https://localhost/oauth2/token' } },
      401,
      'invalid_client',
      'Failed to match audience values.',
    ],
    [
      'the gateway as audience',
      () => ({ claims: { aud: `${bank.ready.gatewayUrl}/token` } }),
      401,
      'invalid_client',
      'Failed to match audience values.',
    ],
    [
      'the PAR endpoint as audience at the token endpoint',
      () => ({ claims: { aud: `${bank.ready.identityUrl}/oauth2/par` } }),
      401,
      'invalid_client',
      'Failed to match audience values.',
    ],
    [
      'a list of audiences',
      () => ({ claims: { aud: [bank.ready.issuer] } }),
      401,
      'invalid_client',
      'Failed to match audience values.',
    ],
    [
      'iat more than 300 seconds ago',
      { claims: { iat: seconds(-310) } },
      400,
      'invalid_request',
      'The jwt is too old to use.',
    ],
    [
      'exp in the past',
      { claims: { exp: seconds(-5) } },
      400,
      'invalid_request',
      'JWT Token is expired.',
    ],
    [
      'nbf in the future',
      { claims: { nbf: seconds(120) } },
      400,
      'invalid_request',
      'The token is used before the nbf claim value.',
    ],
    [
      'RS256',
      { header: { alg: 'RS256' } },
      401,
      'invalid_client',
      'Signature algorithm used in the request is invalid.',
    ],
    [
      'a client that nobody registered',
      { claims: { iss: 'nobody', sub: 'nobody' } },
      401,
      'invalid_client',
      'A valid OAuth client could not be found for client_id: nobody',
    ],
    [
      'an issuer that is not the subject',
      { claims: { iss: 'somebody' } },
      400,
      'invalid_request',
      "Invalid issuer 'somebody' is found in the JWT. ",
    ],
    [
      'no jti',
      { claims: { jti: undefined } },
      400,
      'invalid_request',
      'Mandatory field :jti is missing in the JWT assertion.',
    ],
    [
      'an unknown kid',
      { header: { kid: 'unknown' } },
      401,
      'invalid_client',
      'Client credentials are invalid.',
    ],
    [
      "another client's key",
      () => ({ key: 'otherClient', header: { kid: thirdParty.x5t() } }),
      401,
      'invalid_client',
      'Client credentials are invalid.',
    ],
  ])('%s', async (_name, changes, status, error, error_description) => {
    const answer = await application(typeof changes === 'function' ? changes() : changes);
    expect(answer).toMatchObject({ status, body: { error, error_description } });
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('that was used before', async () => {
    const jti = randomUUID();
    const assertion = { claims: { jti } };
    expect((await application(assertion)).status).toBe(200);
    expect(await application(assertion)).toMatchObject({
      status: 400,
      body: {
        error: 'invalid_request',
        error_description: `JWT Token with jti: ${jti} has been replayed`,
      },
    });
  });

  it('that is not a JWT', async () => {
    const answer = await thirdParty.token({
      grant_type: 'client_credentials',
      client_assertion: 'not.a.jwt',
    });
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });
});

describe('a client without an assertion', () => {
  const post = (form: Record<string, string>) => thirdParty.post(bank.ready.issuer, form);
  const grant = { grant_type: 'client_credentials', scope: 'accounts' };

  it('is refused if it has registered private_key_jwt', async () => {
    expect(await post({ ...grant, client_id: bank.ready.clientId })).toMatchObject({
      status: 401,
      body: {
        error: 'invalid_client',
        error_description: 'Unsupported client authentication mechanism',
      },
    });
  });

  it('is refused with another assertion type', async () => {
    const credentials = await thirdParty.credentials();
    const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer';
    expect(await post({ ...grant, ...credentials, client_assertion_type })).toMatchObject({
      status: 401,
      body: { error_description: 'Unsupported client authentication mechanism' },
    });
  });

  it('is accepted if it has registered tls_client_auth', async () => {
    const { status } = await post({ ...grant, client_id: bank.ready.tlsClientId });
    expect(status).toBe(200);
  });

  it('is refused with tls_client_auth over another certificate', async () => {
    const form = { ...grant, client_id: bank.ready.tlsClientId };
    expect(await thirdParty.post(bank.ready.issuer, form, 'otherClient')).toMatchObject({
      status: 401,
      body: { error: 'invalid_client', error_description: 'Client credentials are invalid.' },
    });
  });

  it('is refused if it is not registered', async () => {
    expect(await post({ ...grant, client_id: 'nobody' })).toMatchObject({
      status: 401,
      body: {
        error: 'invalid_client',
        error_description: 'A valid OAuth client could not be found for client_id: nobody',
      },
    });
  });
});

describe('a request that WSO2 refuses', () => {
  it.each<[string, Record<string, string>, string]>([
    [
      'no code',
      { grant_type: 'authorization_code', redirect_uri: 'x' },
      'Missing parameters: code',
    ],
    ['no refresh token', { grant_type: 'refresh_token' }, 'Missing parameters: refresh_token'],
    ['no grant type', {}, 'Missing grant_type parameter value'],
  ])('%s', async (_name, form, error_description) => {
    expect(await thirdParty.token(form)).toMatchObject({
      status: 400,
      body: { error: 'invalid_request', error_description },
    });
  });

  it('with repeated parameters', async () => {
    const credentials = new URLSearchParams(await thirdParty.credentials());
    const form = `grant_type=client_credentials&scope=accounts&scope=openid&${String(credentials)}`;
    expect(await thirdParty.post(bank.ready.issuer, form)).toMatchObject({
      status: 400,
      body: {
        error: 'invalid_request',
        error_description: 'Invalid request with repeated parameters.',
      },
    });
  });

  it('with sensitive data in the address', async () => {
    const url = `${bank.ready.issuer}?code=secret`;
    expect(await thirdParty.token({ grant_type: 'authorization_code' }, { url })).toMatchObject({
      status: 400,
      body: {
        error: 'invalid_request',
        error_description: 'Invalid request with sensitive data in the URL.',
      },
    });
  });

  it('with a body that is too large', async () => {
    const answer = await thirdParty.token({ grant_type: 'x'.repeat(60_000) });
    expect(answer).toMatchObject({ status: 413, body: { error: 'invalid_request' } });
  });
});

describe('the transport certificate', () => {
  const endpoints = ['token', 'revoke', 'introspect', 'par'];

  it.each(endpoints)('is mandatory at /oauth2/%s', async (endpoint) => {
    const url = `${bank.ready.identityUrl}/oauth2/${endpoint}`;
    const answer = await thirdParty.token({ token: 'x' }, { url, certificate: 'none' });
    expect(answer).toMatchObject({
      status: 400,
      body: {
        error: 'invalid_request',
        error_description: 'Transport certificate not found in the request',
      },
    });
  });

  it.each(endpoints)('must come from a known authority at /oauth2/%s', async (endpoint) => {
    const url = `${bank.ready.identityUrl}/oauth2/${endpoint}`;
    const answer = await thirdParty.token({ token: 'x' }, { url, certificate: 'untrustedClient' });
    expect(answer).toMatchObject({
      status: 400,
      body: {
        error: 'invalid_client',
        error_description:
          'Invalid transport certificate. Certificate passed through the request not valid',
      },
    });
  });

  it('is demanded by the handshake at the gateway', async () => {
    const url = `${bank.ready.gatewayUrl}/token`;
    await expect(thirdParty.call(url, { certificate: 'none' })).rejects.toThrow();
    await expect(thirdParty.call(url, { certificate: 'untrustedClient' })).rejects.toThrow();
  });

  it('is not needed for the pages of customers', async () => {
    const paths = ['/.well-known/openid-configuration', '/oauth2/jwks', '/sandbox/redirect'];
    const statuses = await Promise.all(
      paths.map(async (path) => {
        const url = bank.ready.identityUrl + path;
        return (await thirdParty.call(url, { certificate: 'none' })).status;
      }),
    );
    expect(statuses).toEqual([200, 200, 200]);
  });
});
