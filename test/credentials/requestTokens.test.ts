import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import { clientOf } from '../../core/oauth/client';
import { openConsentTokens } from '../../core/tokens/openStores';
import { sandboxCredential } from '../support/bank/credential';
import { startSandbox } from '../support/bank/sandbox';
import { credentialAtSandbox, failure, get } from './credentialAtSandbox';

const at = credentialAtSandbox();
const { accounts, authenticate } = at;

describe("a consent's token", () => {
  it('belongs to the consent in the header, or else to the consent of the credential', async () => {
    const kept = openConsentTokens(await clientOf(at.credential), {});
    const expires_at = new Date(Date.now() + 3_600_000).toISOString();
    for (const name of ['one', 'two']) {
      const tokens = { access_token: name, token_type: 'Bearer', authorization: `Bearer ${name}` };
      const dates = { expires_at, obtained_at: new Date().toISOString() };
      const received = { ...tokens, ...dates, refresh_token_rotated: false };
      await kept.keep(name, { tokens: received, remarks: [], expected: {} });
    }
    const mode = { ...at.credential, authorizeWith: 'consent', consent: 'one' };
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
    await at.bank.clearRequests();
    const mode = {
      ...at.credential,
      authorizeWith: 'consent',
      consent: 'mine',
      firstRefreshToken: 'rt',
    };
    const headers = { 'x-open-banking-consent': 'somebody-else' };
    await expect(authenticate(mode, { url: accounts(), headers })).rejects.toMatchObject({
      ...failure('consent-unknown'),
    });
    expect(await at.bank.requests()).toEqual([]);
  });
});

describe('application token', () => {
  const mode = (): ICredentialDataDecryptedObject => ({
    ...at.credential,
    authorizeWith: 'application',
  });
  const tokenRequests = async () =>
    (await at.bank.requests()).filter(({ path }) => path === '/oauth2/token');

  it('is requested once for many requests', async () => {
    await at.bank.clearRequests();
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
    expect((await at.bank.requests()).at(-1)!.error).toMatchObject({
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
    await at.bank.clearRequests();
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
