import type { IDataObject } from 'n8n-workflow';
import { createClient } from '../../core/oauth/client';
import { runNode } from '../support/n8n/nodeExecution';
import { operationsAtSandbox } from './operationsAtSandbox';

const at = operationsAtSandbox();
const { run, tokenRequests } = at;

describe('exchange', () => {
  const accepted: [string, (redirectUrl: string, code: string) => string][] = [
    ['a bare code', (_, code) => code],
    [
      'a percent-encoded code',
      (_, code) => code.replace(/./, (c) => `%${c.charCodeAt(0).toString(16)}`),
    ],
    ['the whole redirect URL', (redirectUrl) => redirectUrl],
    ['the redirect URL pasted in Expression mode', (redirectUrl) => `=${redirectUrl}`],
  ];
  it.each(accepted)('accepts %s', async (_, form) => {
    const { redirect_url: redirectUrl, code } = await at.bank.authorize();
    const before = Date.now();
    const output = await run('exchange', { code: form(redirectUrl, code) });
    expect(output).toMatchObject({
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'openid accounts',
      authorization: `Bearer ${output.access_token as string}`,
      refresh_token: expect.any(String),
      id_token: expect.any(String),
      refresh_token_rotated: false,
    });
    const obtained = Date.parse(output.obtained_at as string);
    expect(obtained).toBeGreaterThanOrEqual(before);
    expect(Date.parse(output.expires_at as string) - obtained).toBe(3_600_000);
  });

  it('warns that the state of a pasted address was not checked', async () => {
    const { redirect_url: code } = await at.bank.authorize();
    const task = await runNode({
      credential: at.credential as IDataObject,
      parameters: { resource: 'token', operation: 'exchange', code },
    });
    expect(task.hints?.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^The address was pasted by hand, so the node did not check/),
    ]);
  });

  it('refuses an address from an expression if its state is unknown', async () => {
    const { redirect_url: redirect } = await at.bank.authorize();
    await at.bank.clearRequests();
    const task = await runNode({
      credential: at.credential as IDataObject,
      items: [{ redirect }],
      parameters: { resource: 'token', operation: 'exchange', code: '={{ $json.redirect }}' },
    });
    expect(task.error).toMatchObject({
      context: { code: 'redirect-state-unknown' },
      description: expect.stringMatching(
        /^If you pasted the address: switch the field from Expression to Fixed/,
      ),
    });
    expect(await tokenRequests()).toEqual([]);
  });

  it('sends one request to the identity server, with the certificate', async () => {
    const { code } = await at.bank.authorize();
    await at.bank.clearRequests();
    await run('exchange', { code });
    const [request, ...others] = await tokenRequests();
    expect(others).toEqual([]);
    expect(request).toMatchObject({
      server: 'identity',
      path: '/oauth2/token',
      status: 200,
      form: {
        grant_type: 'authorization_code',
        code,
        scope: 'openid accounts',
        redirect_uri: at.bank.ready.redirectUri,
        client_id: at.bank.ready.clientId,
      },
    });
    expect(request!.certificate!.pem.trim()).toBe(
      /-----BEGIN[^]*?END CERTIFICATE-----/.exec(at.credential.transportCertificate!)![0],
    );
  });

  it('sends a used code once, and fails with code-used', async () => {
    const { code } = await at.bank.authorize();
    // This client is like another process: the node does not remember its requests.
    await (await createClient(at.credential)).exchange({ code });
    await at.bank.clearRequests();
    await expect(run('exchange', { code })).rejects.toMatchObject({
      name: 'NodeApiError',
      httpCode: '400',
      context: { stage: 'authorization-server', code: 'code-used', itemIndex: 0 },
    });
    expect(await tokenRequests()).toHaveLength(1);
  });

  it('compares a given state and a given nonce', async () => {
    const first = await at.bank.authorize();
    const { nonce, state, redirect_url: code } = first;
    await expect(run('exchange', { code, options: { state: 'other' } })).rejects.toMatchObject({
      context: { code: 'state-mismatch' },
    });
    // The code was not sent, so it can still be exchanged.
    expect(await run('exchange', { code, options: { state, nonce } })).toHaveProperty(
      'authorization',
    );
    const second = await at.bank.authorize();
    const options = { nonce: 'other' };
    await expect(run('exchange', { code: second.code, options })).rejects.toMatchObject({
      message: expect.stringContaining('nonce'),
      context: { code: 'id-token-binding', stage: 'response' },
    });
  });

  it.each([
    [' ', 'input-missing'],
    ['={{ $json.nothing }}', 'input-missing'],
    ['={{ [] }}', 'input-missing'],
    ['two words', 'code-malformed'],
  ])('sends nothing for the code "%s"', async (code, expected) => {
    await expect(run('exchange', { code })).rejects.toMatchObject({
      name: 'NodeOperationError',
      context: { stage: 'configuration', code: expected, itemIndex: 0 },
    });
    expect(await tokenRequests()).toEqual([]);
  });

  it('fails without a redirect URI', async () => {
    const { code } = await at.bank.authorize();
    await expect(run('exchange', { code }, { redirectUri: '' })).rejects.toMatchObject({
      context: { code: 'field-missing' },
    });
  });
});
