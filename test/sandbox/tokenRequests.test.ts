import { sandboxWithThirdParty } from './sandboxWithThirdParty';

const at = sandboxWithThirdParty();

describe('a client without an assertion', () => {
  const post = (form: Record<string, string>) => at.thirdParty.post(at.bank.ready.issuer, form);
  const grant = { grant_type: 'client_credentials', scope: 'accounts' };

  it('is refused if it has registered private_key_jwt', async () => {
    expect(await post({ ...grant, client_id: at.bank.ready.clientId })).toMatchObject({
      status: 401,
      body: {
        error: 'invalid_client',
        error_description: 'Unsupported client authentication mechanism',
      },
    });
  });

  it('is refused with another assertion type', async () => {
    const credentials = await at.thirdParty.credentials();
    const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer';
    expect(await post({ ...grant, ...credentials, client_assertion_type })).toMatchObject({
      status: 401,
      body: { error_description: 'Unsupported client authentication mechanism' },
    });
  });

  it('is accepted if it has registered tls_client_auth', async () => {
    const { status } = await post({ ...grant, client_id: at.bank.ready.tlsClientId });
    expect(status).toBe(200);
  });

  it('is refused with tls_client_auth over another certificate', async () => {
    const form = { ...grant, client_id: at.bank.ready.tlsClientId };
    expect(await at.thirdParty.post(at.bank.ready.issuer, form, 'otherClient')).toMatchObject({
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
    expect(await at.thirdParty.token(form)).toMatchObject({
      status: 400,
      body: { error: 'invalid_request', error_description },
    });
  });

  it('with repeated parameters', async () => {
    const credentials = new URLSearchParams(await at.thirdParty.credentials());
    const form = `grant_type=client_credentials&scope=accounts&scope=openid&${String(credentials)}`;
    expect(await at.thirdParty.post(at.bank.ready.issuer, form)).toMatchObject({
      status: 400,
      body: {
        error: 'invalid_request',
        error_description: 'Invalid request with repeated parameters.',
      },
    });
  });

  it('with sensitive data in the address', async () => {
    const url = `${at.bank.ready.issuer}?code=secret`;
    expect(await at.thirdParty.token({ grant_type: 'authorization_code' }, { url })).toMatchObject({
      status: 400,
      body: {
        error: 'invalid_request',
        error_description: 'Invalid request with sensitive data in the URL.',
      },
    });
  });

  it('with a body that is too large', async () => {
    const answer = await at.thirdParty.token({ grant_type: 'x'.repeat(60_000) });
    expect(answer).toMatchObject({ status: 413, body: { error: 'invalid_request' } });
  });
});

describe('the transport certificate', () => {
  const endpoints = ['token', 'revoke', 'introspect', 'par'];

  it.each(endpoints)('is mandatory at /oauth2/%s', async (endpoint) => {
    const url = `${at.bank.ready.identityUrl}/oauth2/${endpoint}`;
    const answer = await at.thirdParty.token({ token: 'x' }, { url, certificate: 'none' });
    expect(answer).toMatchObject({
      status: 400,
      body: {
        error: 'invalid_request',
        error_description: 'Transport certificate not found in the request',
      },
    });
  });

  it.each(endpoints)('must come from a known authority at /oauth2/%s', async (endpoint) => {
    const url = `${at.bank.ready.identityUrl}/oauth2/${endpoint}`;
    const answer = await at.thirdParty.token(
      { token: 'x' },
      { url, certificate: 'untrustedClient' },
    );
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
    const url = `${at.bank.ready.gatewayUrl}/token`;
    await expect(at.thirdParty.call(url, { certificate: 'none' })).rejects.toThrow();
    await expect(at.thirdParty.call(url, { certificate: 'untrustedClient' })).rejects.toThrow();
  });

  it('is not needed for the pages of customers', async () => {
    const paths = ['/.well-known/openid-configuration', '/oauth2/jwks', '/sandbox/redirect'];
    const statuses = await Promise.all(
      paths.map(async (path) => {
        const url = at.bank.ready.identityUrl + path;
        return (await at.thirdParty.call(url, { certificate: 'none' })).status;
      }),
    );
    expect(statuses).toEqual([200, 200, 200]);
  });
});
