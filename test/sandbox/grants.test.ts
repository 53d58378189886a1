import { createHash, randomBytes } from 'node:crypto';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { sandboxWithThirdParty } from './sandboxWithThirdParty';

const at = sandboxWithThirdParty();

const userToken = async () => (await at.thirdParty.exchange((await at.bank.authorize()).code)).body;

const hashOf = (value: string): string =>
  createHash('sha256').update(value).digest().subarray(0, 16).toString('base64url');

async function verify(idToken: string) {
  const { text } = await at.thirdParty.call(`${at.bank.ready.identityUrl}/oauth2/jwks`);
  return jwtVerify(idToken, createLocalJWKSet(JSON.parse(text) as JSONWebKeySet), {
    issuer: at.bank.ready.issuer,
    audience: at.bank.ready.clientId,
    algorithms: ['PS256'],
  });
}

describe('the redirect after a consent', () => {
  it('contains code, ID token and state in the fragment', async () => {
    const { redirect_url, code, id_token, state } = await at.bank.authorize();
    const url = new URL(redirect_url);
    expect(url.origin + url.pathname).toBe(at.bank.ready.redirectUri);
    expect(Object.fromEntries(new URLSearchParams(url.hash.slice(1)))).toMatchObject({
      code,
      id_token,
      state,
    });
  });

  it('has an ID token with the hashes of code and state, the nonce and the consent', async () => {
    const { code, id_token, state, nonce, consent_id } = await at.bank.authorize();
    const { payload } = await verify(id_token);
    expect(payload).toMatchObject({
      c_hash: hashOf(code),
      s_hash: hashOf(state),
      nonce,
      openbanking_intent_id: consent_id,
      acr: 'urn:openbanking:psd2:sca',
    });
  });

  it.each(['tlsClientId', 'otherClientId'] as const)('also comes for %s', async (name) => {
    const { code, consent_id } = await at.bank.authorize(at.bank.ready[name]);
    expect(code).not.toBe('');
    expect(consent_id).toMatch(/^urn-sandbox-intent-/);
  });

  it('does not come for a client that is not registered', async () => {
    await expect(at.bank.authorize('nobody')).rejects.toThrow('There is no client');
  });
});

describe('the exchange of an authorization code', () => {
  it('returns the token set of a user, bound to the certificate', async () => {
    const { status, headers, body } = await at.thirdParty.exchange(
      (await at.bank.authorize()).code,
    );
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('no-store');
    expect(body).toEqual({
      access_token: expect.any(String) as string,
      expires_in: 3600,
      id_token: expect.any(String) as string,
      refresh_token: expect.any(String) as string,
      scope: 'openid accounts',
      token_type: 'Bearer',
    });
    const { payload } = await verify(body.id_token);
    expect(payload.sub).toBe('alex.morgan');
    const url = `${at.bank.ready.identityUrl}/oauth2/introspect`;
    const introspection = await at.thirdParty.token({ token: body.access_token }, { url });
    expect(introspection.body).toMatchObject({
      active: true,
      client_id: at.bank.ready.clientId,
      cnf: { 'x5t#S256': at.thirdParty.x5t('client', 'sha256') },
    });
  });

  it('succeeds once for a code', async () => {
    const { code } = await at.bank.authorize();
    const first = await at.thirdParty.exchange(code);
    for (let time = 2; time <= 4; time++) {
      expect(await at.thirdParty.exchange(code)).toMatchObject({
        status: 400,
        body: {
          error: 'invalid_grant',
          error_description: 'Inactive authorization code received from token request',
        },
      });
    }
    const { status } = await at.thirdParty.refresh(first.body.refresh_token);
    expect(status).toBe(400);
  });

  it('deactivates the code if the redirect URI differs', async () => {
    const { code } = await at.bank.authorize();
    expect(await at.thirdParty.exchange(code, 'https://example.com/')).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant', error_description: 'Callback url mismatch' },
    });
    for (const redirectUri of ['https://example.com/', at.bank.ready.redirectUri]) {
      expect(await at.thirdParty.exchange(code, redirectUri)).toMatchObject({
        status: 400,
        body: { error_description: 'Inactive authorization code received from token request' },
      });
    }
  });

  it('refuses an unknown code', async () => {
    expect(await at.thirdParty.exchange('4dc73435-eee5-3486-ba3b-29b49be04f21')).toMatchObject({
      status: 400,
      body: {
        error: 'invalid_grant',
        error_description: 'Invalid authorization code received from token request',
      },
    });
  });

  it("refuses another client's code", async () => {
    const { code } = await at.bank.authorize(at.bank.ready.otherClientId);
    expect(await at.thirdParty.exchange(code)).toMatchObject({
      status: 400,
      body: { error_description: 'Invalid authorization code received from token request' },
    });
  });

  it('fails without the redirect URI', async () => {
    const { code } = await at.bank.authorize();
    expect(await at.thirdParty.token({ grant_type: 'authorization_code', code })).toMatchObject({
      status: 400,
      body: { error_description: 'Missing parameters: redirect_uri' },
    });
  });

  it('works for tls_client_auth without an assertion', async () => {
    const { tlsClientId, issuer, redirectUri } = at.bank.ready;
    const { code } = await at.bank.authorize(tlsClientId);
    const { status } = await at.thirdParty.post(issuer, {
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      client_id: tlsClientId,
    });
    expect(status).toBe(200);
  });
});

describe('a refresh', () => {
  it('returns a new refresh token and a new ID token', async () => {
    const before = await userToken();
    const { status, headers, body } = await at.thirdParty.refresh(before.refresh_token);
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('no-store');
    expect(body).toMatchObject({ expires_in: 3600, scope: 'openid accounts' });
    expect(body.access_token).not.toBe(before.access_token);
    expect(body.refresh_token).not.toBe(before.refresh_token);
    expect((await verify(body.id_token)).payload.sub).toBe('alex.morgan');
  });

  it('also works at the identity server', async () => {
    const { refresh_token } = await userToken();
    const { status } = await at.thirdParty.token({ grant_type: 'refresh_token', refresh_token });
    expect(status).toBe(200);
  });

  it('ends the whole grant if the refresh token was used before', async () => {
    const before = await userToken();
    const { body } = await at.thirdParty.refresh(before.refresh_token);
    const unknown = {
      status: 400,
      body: {
        error: 'invalid_grant',
        error_description: 'Persisted access token data not found',
      },
    };
    expect(await at.thirdParty.refresh(before.refresh_token)).toMatchObject(unknown);
    expect(await at.thirdParty.refresh(body.refresh_token)).toMatchObject(unknown);
    expect(await at.thirdParty.api('/accounts', body.access_token)).toMatchObject({ status: 401 });
  });

  it('accepts one of several requests with the same token at the same time, and ends the grant', async () => {
    const { refresh_token } = await userToken();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => at.thirdParty.refresh(refresh_token)),
    );
    const successes = answers.filter(({ status }) => status === 200);
    expect(successes).toHaveLength(1);
    expect((await at.thirdParty.refresh(successes[0]!.body.refresh_token)).status).toBe(400);
    expect((await at.thirdParty.api('/accounts', successes[0]!.body.access_token)).status).toBe(
      401,
    );
  });

  it('is refused with an unknown token', async () => {
    expect(await at.thirdParty.refresh('unknown')).toMatchObject({
      status: 400,
      body: { error_description: 'Persisted access token data not found' },
    });
  });

  it('is refused over another certificate, and the token stays valid', async () => {
    const { refresh_token } = await userToken();
    expect(await at.thirdParty.refresh(refresh_token, 'otherClient')).toMatchObject({
      status: 400,
      body: {
        error: 'invalid_grant',
        error_description: 'Invalid token binding value is present in the request.',
      },
    });
    expect((await at.thirdParty.refresh(refresh_token)).status).toBe(200);
  });

  it('is refused over another certificate also after a rotation', async () => {
    const { refresh_token } = await userToken();
    const { body } = await at.thirdParty.refresh(refresh_token);
    expect(await at.thirdParty.refresh(body.refresh_token, 'otherClient')).toMatchObject({
      status: 400,
      body: { error_description: 'Invalid token binding value is present in the request.' },
    });
  });
});

describe('revocation', () => {
  const revoke = (token: string) =>
    at.thirdParty.token({ token }, { url: `${at.bank.ready.identityUrl}/oauth2/revoke` });

  it.each(['access_token', 'refresh_token'] as const)(
    'of the %s ends both tokens',
    async (name) => {
      const tokens = await userToken();
      expect((await revoke(tokens[name])).status).toBe(200);
      expect((await at.thirdParty.api('/accounts', tokens.access_token)).status).toBe(401);
      expect((await at.thirdParty.refresh(tokens.refresh_token)).status).toBe(400);
    },
  );

  it('of an unknown token succeeds', async () => {
    expect((await revoke('unknown')).status).toBe(200);
  });
});

describe('a pushed authorization request', () => {
  const push = async (aud?: string) => {
    const { ready } = at.bank;
    const now = Math.floor(Date.now() / 1000);
    const verifier = randomBytes(32).toString('base64url');
    const request = await at.thirdParty.sign({
      iss: ready.clientId,
      aud: ready.issuer,
      iat: now,
      nbf: now,
      exp: now + 60,
      client_id: ready.clientId,
      response_type: 'code id_token',
      redirect_uri: ready.redirectUri,
      scope: ready.scope,
      state: 'state',
      nonce: 'nonce',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
    const url = `${ready.identityUrl}/oauth2/par`;
    return at.thirdParty.token({ request }, { url, assertion: { claims: { aud } } });
  };

  it.each([
    ['the token endpoint', () => at.bank.ready.issuer],
    ['the PAR endpoint', () => `${at.bank.ready.identityUrl}/oauth2/par`],
  ])('is accepted with %s as audience', async (_name, audience) => {
    const { status, body } = await push(audience());
    expect(status).toBe(201);
    expect(body.request_uri).toMatch(/^urn:/);
    // The server counts from the second in which it received the request: 59 if the answer is of the next second.
    expect(body.expires_in).toBeGreaterThanOrEqual(50);
    expect(body.expires_in).toBeLessThanOrEqual(60);
  });

  it('is refused with another audience', async () => {
    expect(await push('https://example.com')).toMatchObject({
      status: 401,
      body: { error_description: 'Failed to match audience values.' },
    });
  });
});
