import { createPublicKey, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { sandboxWithThirdParty } from './sandboxWithThirdParty';
import type { AssertionChanges } from './thirdParty';

const at = sandboxWithThirdParty();

const application = (assertion?: AssertionChanges) =>
  at.thirdParty.token({ grant_type: 'client_credentials', scope: 'accounts' }, { assertion });

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
    const jwk = createPublicKey(at.thirdParty.certificate().toString()).export({ format: 'jwk' });
    const keyIds = [
      at.thirdParty.x5t(),
      at.thirdParty.x5t('client', 'sha256'),
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
      () => ({ claims: { aud: `${at.bank.ready.gatewayUrl}/token` } }),
      401,
      'invalid_client',
      'Failed to match audience values.',
    ],
    [
      'the PAR endpoint as audience at the token endpoint',
      () => ({ claims: { aud: `${at.bank.ready.identityUrl}/oauth2/par` } }),
      401,
      'invalid_client',
      'Failed to match audience values.',
    ],
    [
      'a list of audiences',
      () => ({ claims: { aud: [at.bank.ready.issuer] } }),
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
      () => ({ key: 'otherClient', header: { kid: at.thirdParty.x5t() } }),
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
    const answer = await at.thirdParty.token({
      grant_type: 'client_credentials',
      client_assertion: 'not.a.jwt',
    });
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });
});
