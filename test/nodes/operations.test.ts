import { readFile } from 'node:fs/promises';
import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { createClient } from '../../core/oauth/client';
import { sandboxCredential } from '../support/bank/credential';
import { outputOf, runNode } from '../support/n8n/nodeExecution';
import { startSandbox } from '../support/bank/sandbox';
import { operationsAtSandbox } from './operationsAtSandbox';

const at = operationsAtSandbox();
const { run, tokenRequests } = at;

describe('refresh', () => {
  it('sends one request to the gateway, and returns the next refresh token', async () => {
    const { code } = await at.bank.authorize();
    const first = await run('exchange', { code });
    await at.bank.clearRequests();
    const second = await run('refresh', {
      refreshToken: first.refresh_token,
      options: { originalIdToken: first.id_token },
    });
    expect(second).toMatchObject({ refresh_token_rotated: true, token_type: 'Bearer' });
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(second.access_token).not.toBe(first.access_token);
    const [request] = await tokenRequests();
    expect(request).toMatchObject({
      server: 'gateway',
      path: '/token',
      form: { grant_type: 'refresh_token', refresh_token: first.refresh_token },
    });
    // The audience is the identity server, also for requests to the gateway.
    const claims = Buffer.from(String(request!.form.client_assertion).split('.')[1]!, 'base64url');
    expect(JSON.parse(claims.toString())).toMatchObject({ aud: at.bank.ready.issuer });
    const elsewhere = await createClient(at.credential);
    await expect(
      elsewhere.refresh({ refreshToken: first.refresh_token as string }),
    ).rejects.toMatchObject({ code: 'refresh-token-unknown' });
  });

  it('sends the request to the identity server if "Refresh At" says so', async () => {
    const { code } = await at.bank.authorize();
    const { refresh_token: refreshToken } = await run('exchange', { code });
    await at.bank.clearRequests();
    await run('refresh', { refreshToken }, { refreshAt: 'identityServer' });
    expect((await tokenRequests()).map(({ server }) => server)).toEqual(['identity']);
  });

  /** An ID token of another customer. Its signature is not looked at, because it is not the token that came from the bank now. */
  const otherCustomer = () => {
    const payload = Buffer.from(JSON.stringify({ iss: at.bank.ready.issuer, sub: 'x' }));
    return `eyJhbGciOiJQUzI1NiJ9.${payload.toString('base64url')}.c2ln`;
  };

  it.each([
    ['the option Original ID Token', (other: string) => ({ options: { originalIdToken: other } })],
    ['the ID token of the incoming item', () => ({})],
  ])('fails if %s names another customer', async (_name, parametersOf) => {
    const { code } = await at.bank.authorize();
    const { refresh_token: refreshToken } = await run('exchange', { code });
    const other = otherCustomer();
    const parameters = {
      resource: 'token',
      operation: 'refresh',
      refreshToken,
      ...parametersOf(other),
    };
    const task = await runNode({
      credential: at.credential as IDataObject,
      onError: 'continueErrorOutput',
      items: [{ id_token: other }],
      parameters: parameters as INodeParameters,
    });
    expect(outputOf(task)).toEqual([]);
    const [{ json: output }] = outputOf(task, 1) as [INodeExecutionData];
    expect(output).toMatchObject({
      error: { code: 'id-token-subject', stage: 'response' },
      refresh_token_rotated: true,
    });
    expect(output).not.toHaveProperty('authorization');
    // The tokens are not lost.
    await run('refresh', { refreshToken: output.refresh_token });
  });

  it('compares with the option Original ID Token, and not with the incoming item, if both are there', async () => {
    const { code } = await at.bank.authorize();
    const first = await run('exchange', { code });
    const task = await runNode({
      credential: at.credential as IDataObject,
      items: [{ id_token: otherCustomer() }],
      parameters: {
        ...{ resource: 'token', operation: 'refresh', refreshToken: first.refresh_token as string },
        options: { originalIdToken: first.id_token as string },
      },
    });
    expect(outputOf(task)[0]!.json).toHaveProperty('authorization');
  });

  it('warns if the ID token of the incoming item cannot be read', async () => {
    const { code } = await at.bank.authorize();
    const { refresh_token: refreshToken } = await run('exchange', { code });
    const task = await runNode({
      credential: at.credential as IDataObject,
      items: [{ id_token: 'nonsense' }],
      parameters: {
        ...{ resource: 'token', operation: 'refresh', refreshToken: refreshToken as string },
      },
    });
    expect(outputOf(task)[0]!.json).toHaveProperty('authorization');
    expect(task.hints?.map(({ message }) => message)).toEqual([
      expect.stringContaining('"id_token" of the incoming item'),
    ]);
  });

  it.each([
    ['access_token', 'the access token'],
    ['id_token', 'the ID token'],
    ['authorization', 'the access token with "Bearer" before it'],
  ])('sends nothing if its field contains %s of the incoming item', async (name, what) => {
    const items = [
      { refresh_token: 'rt', access_token: 'at', id_token: 'id', authorization: 'Bearer at' },
    ];
    const task = await runNode({
      credential: at.credential as IDataObject,
      items,
      parameters: { resource: 'token', operation: 'refresh', refreshToken: `={{ $json.${name} }}` },
    });
    expect(task.error).toMatchObject({
      message: `"Refresh Token" holds ${what} of the incoming item`,
      context: { code: 'refresh-token-malformed' },
    });
    expect(await tokenRequests()).toEqual([]);
  });

  it('sends nothing if its field contains a JWT access token', async () => {
    const header = Buffer.from('{"alg":"PS256","typ":"at+JWT"}').toString('base64url');
    await expect(run('refresh', { refreshToken: `${header}.e30.c2ln` })).rejects.toMatchObject({
      message: expect.stringContaining('holds an access token'),
      context: { code: 'refresh-token-malformed' },
    });
    expect(await tokenRequests()).toEqual([]);
  });

  it('names an access token as a possible cause if the bank does not know the token', async () => {
    await expect(run('refresh', { refreshToken: 'opaque' })).rejects.toMatchObject({
      description: expect.stringContaining(
        'Or it is an access token, or belongs to another consent',
      ),
      context: { code: 'refresh-token-unknown' },
    });
  });

  it.each(['  ', '={{ $json.nothing }}', '={{ {} }}'])(
    'sends nothing for the refresh token "%s"',
    async (refreshToken) => {
      await expect(run('refresh', { refreshToken })).rejects.toMatchObject({
        context: { code: 'input-missing' },
      });
      expect(await tokenRequests()).toEqual([]);
    },
  );
});

it('returns the old refresh token if the bank does not rotate it', async () => {
  const steady = await startSandbox({ rotation: false });
  try {
    const own = await sandboxCredential(steady);
    const { code } = await steady.authorize();
    const first = await run('exchange', { code }, own);
    const second = await run('refresh', { refreshToken: first.refresh_token }, own);
    expect(second).toMatchObject({
      refresh_token: first.refresh_token,
      refresh_token_rotated: false,
    });
  } finally {
    await steady.stop();
  }
});

describe('application token', () => {
  it('has no refresh token', async () => {
    const output = await run('application', { options: { scope: 'accounts' } });
    expect(output).toMatchObject({ scope: 'accounts', refresh_token_rotated: false });
    expect(output).not.toHaveProperty('refresh_token');
    expect((await tokenRequests())[0]!.form).toMatchObject({
      grant_type: 'client_credentials',
      scope: 'accounts',
    });
  });

  it('is requested without an assertion for tls_client_auth', async () => {
    const changes = {
      clientAuthentication: 'tls_client_auth',
      clientId: at.bank.ready.tlsClientId,
    } as const;
    expect(await run('application', {}, changes)).toHaveProperty('authorization');
    expect((await tokenRequests())[0]!.form).not.toHaveProperty('client_assertion');
  });

  it('is requested with an encrypted key', async () => {
    const transportPrivateKey = await readFile(at.bank.ready.files.encryptedClientKey, 'utf8');
    const encrypted = { transportPrivateKey, passphrase: 'sandbox' };
    expect(await run('application', {}, encrypted)).toHaveProperty('authorization');
  });

  it.each(['x5t', 'x5t#S256', 'jwk'] as const)(
    'is requested with the key ID %s',
    async (keyIdSource) => {
      expect(await run('application', {}, { keyIdSource })).toHaveProperty('authorization');
    },
  );
});

describe('the endpoints', () => {
  it('are read from the metadata of the bank', async () => {
    const changes = { bank: 'discovery', issuer: at.bank.ready.issuer } as const;
    const { code } = await at.bank.authorize();
    const first = await run('exchange', { code }, changes);
    expect(first).toHaveProperty('authorization');
    expect(await run('refresh', { refreshToken: first.refresh_token }, changes)).toHaveProperty(
      'authorization',
    );
  });

  it('are refused if the metadata names another issuer', async () => {
    const issuer = at.bank.ready.identityUrl;
    await expect(run('application', {}, { bank: 'discovery', issuer })).rejects.toMatchObject({
      context: { code: 'discovery-issuer-mismatch' },
    });
    expect(await tokenRequests()).toEqual([]);
  });

  it('are those of the credential if it has custom endpoints', async () => {
    const { issuer, identityUrl, gatewayUrl } = at.bank.ready;
    const changes = {
      bank: 'custom',
      issuer,
      tokenEndpoint: `${identityUrl}/oauth2/token`,
      refreshEndpoint: `${gatewayUrl}/token`,
      jwksUri: `${identityUrl}/oauth2/jwks`,
    } as const;
    const { code } = await at.bank.authorize();
    const first = await run('exchange', { code }, changes);
    expect(await run('refresh', { refreshToken: first.refresh_token }, changes)).toHaveProperty(
      'authorization',
    );
    await expect(
      run(
        'application',
        {},
        { ...changes, audience: 'custom', audienceValue: 'https://nobody.example' },
      ),
    ).rejects.toMatchObject({
      context: { code: 'assertion-audience' },
      message: expect.stringContaining('Failed to match audience values.'),
      description: expect.stringContaining('"Audience"'),
    });
  });
});
