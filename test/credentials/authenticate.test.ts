import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import type {
  ICredentialDataDecryptedObject,
  IDataObject,
  IHttpRequestOptions,
} from 'n8n-workflow';
import { sandboxCredential } from '../support/bank/credential';
import { loadPackage } from '../support/n8n/nodeExecution';
import { startSandbox, type Sandbox } from '../support/bank/sandbox';

let bank: Sandbox;
let credential: ICredentialDataDecryptedObject;
let authenticate: (
  data: ICredentialDataDecryptedObject,
  options: IHttpRequestOptions,
) => Promise<IHttpRequestOptions>;

beforeAll(async () => {
  bank = await startSandbox();
  credential = { ...(await sandboxCredential(bank)) };
  const { type } = (await loadPackage()).getCredential('openBankingApi');
  authenticate = type.authenticate as typeof authenticate;
});
afterAll(() => bank?.stop());

const accounts = () => `${bank.ready.gatewayUrl}/open-banking/v3.1/aisp/accounts`;

/** The properties of a failure that n8n keeps. */
const failure = (code: string) => ({
  context: expect.objectContaining({ code }) as object,
  description: expect.stringMatching(new RegExp(`\\([a-z-]+: ${code}\\)$`)) as string,
});

/** Sends a request with these options over node:https, as n8n does. Returns the status. */
function get(options: IHttpRequestOptions): Promise<number> {
  return new Promise((done, fail) => {
    request(
      options.url,
      { ...options.agentOptions, headers: options.headers as never },
      (response) => {
        response.resume().on('end', () => done(response.statusCode!));
      },
    )
      .on('error', fail)
      .end();
  });
}

describe('client certificate only', () => {
  it('adds only the certificate, the authorities and an interaction ID, and switches redirects off', async () => {
    const given = { url: accounts(), headers: { Accept: 'application/json' } };
    const options = await authenticate(credential, given);
    expect(options).toEqual({
      ...{ url: given.url, uri: given.url },
      headers: {
        Accept: 'application/json',
        'x-fapi-interaction-id': expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/),
      },
      followRedirect: false,
      followAllRedirects: false,
      disableFollowRedirect: true,
      maxRedirects: 0,
      sendCredentialsOnCrossOriginRedirect: false,
      rejectUnauthorized: true,
      skipSslCertificateValidation: false,
      agentOptions: {
        rejectUnauthorized: true,
        minVersion: 'TLSv1.2',
        checkServerIdentity: expect.any(Function),
        cert: credential.transportCertificate,
        key: credential.transportPrivateKey,
        passphrase: undefined,
        ca: credential.certificateAuthorities,
      },
    });
  });

  it('does not change the given options, which n8n stores with the execution', async () => {
    const given = Object.freeze({
      url: accounts(),
      headers: Object.freeze({ Accept: 'a' }),
      agentOptions: Object.freeze({ cert: 'my certificate', key: 'my key' }),
    });
    const options = await authenticate(credential, given);
    expect(options).not.toBe(given);
    expect(JSON.stringify(given)).not.toContain('PRIVATE KEY');
  });

  it('keeps the certificate and the headers that the user set', async () => {
    const options = await authenticate(credential, {
      url: accounts(),
      headers: { authorization: 'Bearer mine', 'X-FAPI-Interaction-ID': 'mine' },
      agentOptions: { cert: 'my certificate', key: 'my key' },
    });
    expect(options.headers).toEqual({
      authorization: 'Bearer mine',
      'X-FAPI-Interaction-ID': 'mine',
    });
    expect(options.agentOptions).toMatchObject({
      cert: 'my certificate',
      key: 'my key',
      ca: credential.certificateAuthorities,
    });
    expect(options.agentOptions).not.toHaveProperty('passphrase');
  });

  it('opens an encrypted key', async () => {
    const transportPrivateKey = await readFile(bank.ready.files.encryptedClientKey, 'utf8');
    const encrypted = { ...credential, transportPrivateKey, passphrase: 'sandbox' };
    const options = await authenticate(encrypted, { url: accounts() });
    // The gateway accepts the certificate, and refuses the missing token.
    expect(await get(options)).toBe(401);
  });

  it('rejects a malformed private key', async () => {
    await expect(
      authenticate({ ...credential, transportPrivateKey: 'x' }, { url: accounts() }),
    ).rejects.toMatchObject(failure('private-key-malformed'));
  });
});

describe("a consent's token", () => {
  it('belongs to the consent in the header, or else to the consent of the credential', async () => {
    const { clientOf } = await import('../../core/oauth/client');
    const { openConsentTokens } = await import('../../core/tokens/openStores');
    const kept = openConsentTokens(await clientOf(credential), {});
    const expires_at = new Date(Date.now() + 3_600_000).toISOString();
    for (const name of ['one', 'two']) {
      const tokens = { access_token: name, token_type: 'Bearer', authorization: `Bearer ${name}` };
      const dates = { expires_at, obtained_at: new Date().toISOString() };
      const received = { ...tokens, ...dates, refresh_token_rotated: false };
      await kept.keep(name, { tokens: received, remarks: [], expected: {} });
    }
    const mode = { ...credential, authorizeWith: 'consent', consent: 'one' };
    const sent = async (headers: IDataObject) =>
      ((await authenticate(mode, { url: accounts(), headers })).headers as IDataObject)
        .Authorization;
    expect(await sent({})).toBe('Bearer one');
    expect(await sent({ 'x-open-banking-consent': 'two' })).toBe('Bearer two');
    const named = { url: accounts(), headers: { ' X-Open-Banking-Consent': 'two' } };
    const { headers } = await authenticate(mode, named);
    expect(Object.keys(headers!).sort()).toEqual(['Authorization', 'x-fapi-interaction-id']);
    await expect(sent({ 'x-open-banking-consent': '' })).rejects.toMatchObject({
      ...failure('input-missing'),
    });
  });

  it('does not use the first refresh token if the node names another consent', async () => {
    await bank.clearRequests();
    const mode = {
      ...credential,
      authorizeWith: 'consent',
      consent: 'mine',
      firstRefreshToken: 'rt',
    };
    const headers = { 'x-open-banking-consent': 'somebody-else' };
    await expect(authenticate(mode, { url: accounts(), headers })).rejects.toMatchObject({
      ...failure('consent-unknown'),
    });
    expect(await bank.requests()).toEqual([]);
  });
});

describe('application token', () => {
  const mode = (): ICredentialDataDecryptedObject => ({
    ...credential,
    authorizeWith: 'application',
  });
  const tokenRequests = async () =>
    (await bank.requests()).filter(({ path }) => path === '/oauth2/token');

  it('is requested once for many requests', async () => {
    await bank.clearRequests();
    const all = await Promise.all(
      Array.from({ length: 20 }, () => authenticate(mode(), { url: accounts() })),
    );
    const headers = new Set(all.map(({ headers }) => (headers as IDataObject).Authorization));
    expect([...headers]).toEqual([expect.stringMatching(/^Bearer \S+$/)]);
    expect(await tokenRequests()).toHaveLength(1);
    expect(await authenticate(mode(), { url: accounts() })).toMatchObject({
      headers: { Authorization: [...headers][0] },
    });
    expect(await tokenRequests()).toHaveLength(1);
  });

  it('is accepted by the gateway, but not for accounts', async () => {
    const options = await authenticate(mode(), { url: accounts() });
    expect(await get(options)).toBe(403);
    expect((await bank.requests()).at(-1)!.error).toMatchObject({
      error: expect.stringMatching(/900912|Claim Mismatch/),
    });
  });

  it('does not replace a header that the user set', async () => {
    const { headers } = await authenticate(mode(), {
      url: accounts(),
      headers: { AUTHORIZATION: 'Bearer mine' },
    });
    expect(headers).toMatchObject({ AUTHORIZATION: 'Bearer mine' });
    expect(headers).not.toHaveProperty('Authorization');
  });

  it('is requested again after a failure', async () => {
    const wrong = { ...mode(), clientId: 'unknown-client' };
    await expect(authenticate(wrong, { url: accounts() })).rejects.toMatchObject({
      ...failure('client-unknown'),
    });
    await bank.clearRequests();
    await expect(authenticate(wrong, { url: accounts() })).rejects.toThrow();
    expect(await tokenRequests()).toHaveLength(1);
  });
});

it('requests another application token if the last one is about to expire', async () => {
  const hasty = await startSandbox({ accessTokenLifetime: 20 });
  try {
    const own = { ...(await sandboxCredential(hasty)), authorizeWith: 'application' };
    for (let time = 1; time <= 2; time++) {
      await authenticate(own, { url: hasty.ready.gatewayUrl });
      const asked = (await hasty.requests()).filter(({ path }) => path === '/oauth2/token');
      expect(asked).toHaveLength(time);
    }
  } finally {
    await hasty.stop();
  }
});

describe('the financial ID', () => {
  const sent = async (
    changes: IDataObject,
    headers: IDataObject = {},
    url = accounts(),
  ): Promise<IDataObject> =>
    (
      await authenticate(
        { ...credential, financialId: 'bank-1', ...changes },
        {
          url,
          headers,
        },
      )
    ).headers as IDataObject;
  const application = { authorizeWith: 'application' };

  it('is sent in the modes that set a token, also beside a token of the node', async () => {
    expect(await sent(application)).toMatchObject({ 'x-fapi-financial-id': 'bank-1' });
    expect(await sent({ authorizeWith: 'consent' }, { Authorization: 'Bearer mine' })).toEqual({
      Authorization: 'Bearer mine',
      'x-fapi-financial-id': 'bank-1',
      'x-fapi-interaction-id': expect.any(String),
    });
  });

  it('is not sent in the mode that names no host', async () => {
    expect(await sent({ authorizeWith: 'certificate' })).not.toHaveProperty('x-fapi-financial-id');
  });

  it('is not sent if the credential has none, or the node sets the header', async () => {
    expect(await sent({ ...application, financialId: ' ' })).not.toHaveProperty(
      'x-fapi-financial-id',
    );
    const own = await sent(application, { 'X-FAPI-Financial-ID': 'mine' });
    expect(own).toMatchObject({ 'X-FAPI-Financial-ID': 'mine' });
    expect(own).not.toHaveProperty('x-fapi-financial-id');
  });

  it('goes to no other host than those of the credential', async () => {
    await expect(sent(application, {}, 'https://other.example/accounts')).rejects.toMatchObject(
      failure('host-not-allowed'),
    );
  });
});

it('sends a token to the host of "Account API URL"', async () => {
  const mode = {
    ...credential,
    ...{ authorizeWith: 'application', accountApiUrl: 'https://rs.bank.example/aisp/accounts' },
  };
  const { headers } = await authenticate(mode, { url: 'https://rs.bank.example/other' });
  expect(headers).toHaveProperty('Authorization');
  await expect(
    authenticate(mode, { url: 'https://rs.bank.example:8443/aisp' }),
  ).rejects.toMatchObject(failure('host-not-allowed'));
});

describe('the result', () => {
  it.each(['certificate', 'application'])(
    'does not have the header of the consent in the mode "%s"',
    async (authorizeWith) => {
      const { headers } = await authenticate(
        { ...credential, authorizeWith },
        {
          url: accounts(),
          headers: { Authorization: 'Bearer mine', 'X-Open-Banking-Consent': 'a' },
        },
      );
      expect(Object.keys(headers!).sort()).toEqual(['Authorization', 'x-fapi-interaction-id']);
    },
  );

  it('is an error if the node names a consent and sets a token itself', async () => {
    const headers = { Authorization: 'Bearer mine', 'x-open-banking-consent': 'a' };
    await expect(
      authenticate({ ...credential, authorizeWith: 'consent' }, { url: accounts(), headers }),
    ).rejects.toMatchObject(failure('header-malformed'));
  });

  it('is an error if neither the node nor the credential names a consent', async () => {
    await expect(
      authenticate({ ...credential, authorizeWith: 'consent' }, { url: accounts() }),
    ).rejects.toMatchObject({
      ...failure('input-missing'),
      description: expect.stringContaining('x-open-banking-consent'),
    });
  });

  it('has a token in place of an empty Authorization header, or is an error', async () => {
    const headers = { Authorization: undefined };
    await expect(authenticate(credential, { url: accounts(), headers })).rejects.toMatchObject({
      ...failure('header-malformed'),
      message: 'The header "Authorization" is empty',
    });
    const application = { ...credential, authorizeWith: 'application' };
    const set = await authenticate(application, { url: accounts(), headers });
    expect(set.headers).toMatchObject({ Authorization: expect.stringMatching(/^Bearer \S+$/) });
  });
});
