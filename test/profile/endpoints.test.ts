import { knownEndpoints } from '../../core/profile/endpoints';

describe('endpoints of WSO2', () => {
  it.each([
    ['is.bank.example', 'https://is.bank.example:9446/oauth2/token'],
    [' is.bank.example ', 'https://is.bank.example:9446/oauth2/token'],
    ['is.bank.example:443', 'https://is.bank.example:443/oauth2/token'],
    ['https://is.bank.example', 'https://is.bank.example:9446/oauth2/token'],
    ['HTTPS://is.bank.example:9443/', 'https://is.bank.example:9443/oauth2/token'],
    ['https://is.bank.example:443', 'https://is.bank.example:443/oauth2/token'],
    ['https://is.bank.example:9446/oauth2/token', 'https://is.bank.example:9446/oauth2/token'],
    ['10.0.0.7:9446', 'https://10.0.0.7:9446/oauth2/token'],
    ['[::1]', 'https://[::1]:9446/oauth2/token'],
    ['[::1]:9447', 'https://[::1]:9447/oauth2/token'],
    ['localhost', 'https://localhost:9446/oauth2/token'],
  ])('are on the host %s', (host, token) => {
    const onHost = (url: string) => ({
      url,
      source: '"Host" in the credential',
      server: 'identityServer',
    });
    const at = (path: string) => new URL(token).origin + path;
    expect(knownEndpoints({ host })).toEqual({
      issuer: token,
      token: onHost(token),
      refresh: onHost(token),
      authorization: at('/oauth2/authorize'),
      pushedAuthorizationRequest: onHost(at('/oauth2/par')),
      jwks: onHost(at('/oauth2/jwks')),
      revocation: onHost(at('/oauth2/revoke')),
      introspection: onHost(at('/oauth2/introspect')),
    });
  });

  it.each([
    ['', 'field-missing'],
    ['   ', 'field-missing'],
    ['http://is.bank.example', 'url-malformed'],
    ['HTTP://is.bank.example', 'url-malformed'],
    ['ftp://is.bank.example', 'url-malformed'],
    ['is bank example', 'url-malformed'],
    ['is.bank.example:99999', 'url-malformed'],
    ['is.bank.example:port', 'url-malformed'],
    ['is.bank.example/api', 'url-malformed'],
    ['user:password@is.bank.example', 'url-malformed'],
    ['is.bank.example#x', 'url-malformed'],
    ['is.bank.example?x=1', 'url-malformed'],
    ['https:\\\\is.bank.example', 'url-malformed'],
    ['https://', 'url-malformed'],
    ['is.bank.example\nevil.example', 'url-malformed'],
  ])('reject the host "%s" with %s', (host, code) => {
    expect(() => knownEndpoints({ host })).toThrow(
      expect.objectContaining({
        code,
        stage: 'configuration',
        message: expect.stringContaining('"Host"'),
      }),
    );
  });

  const hosts = { host: 'is.example', gatewayHost: 'api.example' };

  it.each([undefined, 'identityServer' as const])(
    'refresh at the identity server if "Refresh At" is %s',
    (refreshAt) => {
      const { token, refresh } = knownEndpoints({ ...hosts, refreshAt });
      expect(refresh.url).toBe('https://is.example:9446/oauth2/token');
      expect(refresh).toBe(token);
    },
  );

  it('ignore the gateway if it does not refresh tokens', () => {
    const { refresh } = knownEndpoints({ ...hosts, gatewayHost: 'no host' });
    expect(refresh.url).toBe('https://is.example:9446/oauth2/token');
  });

  it('refresh at the gateway if "Refresh At" is the gateway', () => {
    const { token, refresh } = knownEndpoints({ ...hosts, refreshAt: 'apiGateway' });
    expect(token.url).toBe('https://is.example:9446/oauth2/token');
    expect(refresh).toEqual({
      url: 'https://api.example:8243/token',
      source: '"API Gateway Host" in the credential',
      server: 'apiGateway',
    });
  });

  it.each([
    ['http://api.example', 'url-malformed', '"API Gateway Host" begins with "http://"'],
    ['', 'field-missing', '"API Gateway Host" is empty, and "Refresh At" names the API gateway'],
    [undefined, 'field-missing', '"API Gateway Host" is empty'],
    ['  ', 'field-missing', '"API Gateway Host" is empty'],
  ])('reject %j as gateway that refreshes tokens', (gatewayHost, code, message) => {
    const settings = { host: 'is.example', gatewayHost, refreshAt: 'apiGateway' } as const;
    expect(() => knownEndpoints(settings)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  it('advise to fill in "API Gateway Host" if it is missing', () => {
    expect(() => knownEndpoints({ host: 'is.example', refreshAt: 'apiGateway' })).toThrow(
      expect.objectContaining({
        description: expect.stringContaining('Fill in "API Gateway Host"'),
      }),
    );
  });

  it('reject an unknown value of "Refresh At"', () => {
    expect(() => knownEndpoints({ ...hosts, refreshAt: 'bank' as 'apiGateway' })).toThrow(
      '"Refresh At" has an unknown value',
    );
  });

  it('may have an issuer that differs from the token endpoint', () => {
    const { issuer } = knownEndpoints({ host: 'is.example', issuer: 'https://issuer.example' });
    expect(issuer).toBe('https://issuer.example');
  });
});

describe('custom endpoints', () => {
  const custom = {
    bank: 'custom',
    issuer: 'https://bank.example',
    tokenEndpoint: 'https://mtls.bank.example/token',
  } as const;

  it('are exactly as in the fields', () => {
    const token = {
      url: 'https://mtls.bank.example/token',
      source: '"Token Endpoint" in the credential',
    };
    expect(knownEndpoints(custom)).toEqual({
      issuer: 'https://bank.example',
      token,
      refresh: token,
      jwks: undefined,
    });
  });

  it('include those for authorization and pushed authorization requests', () => {
    const endpoints = {
      authorizationEndpoint: ' https://bank.example/authorize?tenant=1 ',
      pushedAuthorizationRequestEndpoint: 'https://mtls.bank.example/par',
    };
    expect(knownEndpoints({ ...custom, ...endpoints })).toMatchObject({
      authorization: 'https://bank.example/authorize?tenant=1',
      pushedAuthorizationRequest: {
        url: 'https://mtls.bank.example/par',
        source: '"Pushed Authorization Request Endpoint" in the credential',
      },
    });
  });

  it.each([
    [{ authorizationEndpoint: 'http://bank.example' }, 'url-malformed', 'Authorization Endpoint'],
    [
      { pushedAuthorizationRequestEndpoint: 'par' },
      'url-malformed',
      'Pushed Authorization Request Endpoint',
    ],
    [{ tokenEndpoint: '' }, 'field-missing', 'Token Endpoint'],
    [{ tokenEndpoint: 'bank.example/token' }, 'url-malformed', 'Token Endpoint'],
    [{ tokenEndpoint: 'http://bank.example/token' }, 'url-malformed', 'Token Endpoint'],
    [{ issuer: undefined }, 'field-missing', 'Issuer'],
    [{ refreshEndpoint: 'javascript:alert(1)' }, 'url-malformed', 'Refresh Endpoint'],
    [{ jwksUri: 'http://bank.example/jwks' }, 'url-malformed', 'JWKS URL'],
  ])('reject %j with %s', (change, code, label) => {
    expect(() => knownEndpoints({ ...custom, ...change })).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(`"${label}"`) }),
    );
  });
});
