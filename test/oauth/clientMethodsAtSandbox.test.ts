import { readFile } from 'node:fs/promises';
import { createClient, diagnoseSettings } from '../../core/oauth/client';
import type { BankSettings, ClientAuthenticationMethod } from '../../core/profile/settings';
import { sandboxCredential } from '../support/bank/credential';
import { startSandbox, type Sandbox } from '../support/bank/sandbox';
import { everythingOf, failureOf } from '../support/failure';

let bank: Sandbox;
let credentials: Record<ClientAuthenticationMethod, BankSettings>;

beforeAll(async () => {
  bank = await startSandbox();
  const { ready } = bank;
  const usual = { ...(await sandboxCredential(bank)), bank: 'wso2' } as const;
  const withSecret = { clientSecret: ready.clientSecret };
  const { selfSignedCertificate, selfSignedKey } = ready.files;
  credentials = {
    private_key_jwt: usual,
    tls_client_auth: { ...usual, clientId: ready.tlsClientId },
    client_secret_basic: { ...usual, ...withSecret, clientId: ready.secretBasicClientId },
    client_secret_post: { ...usual, ...withSecret, clientId: ready.secretPostClientId },
    self_signed_tls_client_auth: {
      ...{ ...usual, clientId: ready.selfSignedClientId },
      transportCertificate: await readFile(selfSignedCertificate, 'utf8'),
      transportPrivateKey: await readFile(selfSignedKey, 'utf8'),
    },
  };
  for (const [method, credential] of Object.entries(credentials)) {
    credential.clientAuthentication = method as ClientAuthenticationMethod;
  }
});
afterAll(() => bank?.stop());

const methods = [
  ...(['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth'] as const),
  ...(['client_secret_basic', 'client_secret_post'] as const),
];
const secretMethods: readonly ClientAuthenticationMethod[] = methods.slice(3);

describe.each(methods)('a client of the sandbox bank (%s)', (method) => {
  it('passes the Test button', async () => {
    const { failure, proven, notices } = await diagnoseSettings(credentials[method]);
    expect(failure).toBeUndefined();
    expect(proven.join(' ')).toContain(
      `The bank knows the client and its ${secretMethods.includes(method) ? 'secret' : 'key'}:`,
    );
    expect(notices).toEqual([]);
  });

  it('exchanges a code, refreshes, introspects and revokes, each with the same proof', async () => {
    const client = await createClient(credentials[method]);
    const { code } = await bank.authorize(client.profile.clientId);
    await bank.clearRequests();
    const { tokens, failedCheck } = await client.exchange({ code });
    expect(failedCheck).toBeUndefined();
    const refreshed = await client.refresh({ refreshToken: String(tokens.refresh_token) });
    const token = String(refreshed.tokens.access_token);
    expect(await client.introspect({ token })).toMatchObject({ active: true });
    await client.revoke({ token });
    const asked = (await bank.requests()).filter(({ form }) => Object.keys(form).length > 0);
    expect(asked).toHaveLength(4);
    for (const { form, headers, certificate } of asked) {
      expect(certificate).not.toBeNull();
      expect({
        header: headers.authorization !== undefined,
        secret: 'client_secret' in form,
        assertion: 'client_assertion' in form,
      }).toEqual({
        header: method === 'client_secret_basic',
        secret: method === 'client_secret_post',
        assertion: method === 'private_key_jwt',
      });
    }
  });

  it('pushes an authorization request', async () => {
    const client = await createClient(credentials[method]);
    const delivery = 'pushedRequestObject';
    const options = { delivery, responseType: 'code id_token', pkce: true } as const;
    expect((await client.authorizationLink(options)).url).toContain('request_uri=');
  });
});

it.each(secretMethods)('another secret is refused, and is not shown (%s)', async (method) => {
  const clientSecret = `${bank.ready.clientSecret}x`;
  const client = await createClient({ ...credentials[method], clientSecret });
  const failure = await failureOf(client.applicationToken());
  expect(failure).toMatchObject({ stage: 'authorization-server', outcome: 'refused' });
  expect(failure.description).toContain('copy "Client ID" and "Client Secret" again');
  expect(everythingOf(failure)).not.toContain(bank.ready.clientSecret);
});
