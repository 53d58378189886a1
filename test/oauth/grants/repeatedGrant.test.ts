import { accessToken, bankJwk, otherKey } from '../../support/bank/idTokens';
import { json, raw } from '../../support/bank/scriptedBank';
import { later } from '../../support/clock';
import { good, tokenCheckBank, wrong } from './tokenCheckBank';

const bank = tokenCheckBank();
const { answerWith, clientWith, exchange, newGrant, requestsTo } = bank;

describe('a grant that is given again', () => {
  const sent = () => requestsTo('/token');

  it('passes if the keys can be fetched since', async () => {
    const client = await clientWith();
    bank.server.answers['/jwks'] = raw(503, '');
    answerWith(await good());
    expect((await exchange({}, client)).failedCheck).toMatchObject({ code: 'jwks-unusable' });
    bank.server.answers['/jwks'] = json(200, { keys: [await bankJwk()] });
    const before = sent().length;
    const second = await exchange({}, client);
    expect(second.failedCheck).toBeUndefined();
    expect(second).toMatchObject({
      tokens: { authorization: `Bearer ${accessToken}` },
      customer: { sub: 'alex' },
    });
    expect(sent().length).toBe(before);
  });

  it('keeps a failed check', async () => {
    const client = await clientWith();
    answerWith(await good({ key: otherKey }));
    await exchange({}, client);
    expect((await exchange({}, client)).failedCheck).toMatchObject({ code: 'jwt-signature' });
  });

  it('does not return the expired access token of a code', async () => {
    const client = await clientWith();
    const refresh_token = answerWith(await good(), { expires_in: 60 });
    await exchange({}, client);
    later(61_000);
    const { tokens, failedCheck, remarks } = await exchange({}, client);
    expect(failedCheck).toBeUndefined();
    expect(tokens).toMatchObject({ refresh_token });
    expect(tokens).not.toHaveProperty('authorization');
    expect(remarks.at(-1)).toMatch(/access token that it brought expired on/);
  });

  it('goes on with the next refresh token if the access token has expired', async () => {
    const client = await clientWith();
    const given = newGrant();
    answerWith(undefined, { expires_in: 60, refresh_token: 'next-a' });
    await client.refresh({ refreshToken: given });
    answerWith(undefined, { access_token: 'at-2', refresh_token: 'next-b' });
    const before = sent().length;
    expect((await client.refresh({ refreshToken: given })).tokens.access_token).toBe(accessToken);
    expect(sent().length).toBe(before);
    later(61_000);
    const onReceived = jest.fn(() => Promise.resolve());
    const both = await Promise.all([
      client.refresh({ refreshToken: given, onReceived }),
      client.refresh({ refreshToken: given }),
    ]);
    for (const { tokens, remarks } of both) {
      expect(tokens).toMatchObject({ authorization: 'Bearer at-2', refresh_token: 'next-b' });
      expect(remarks.join()).toContain('has expired meanwhile');
    }
    const [request, ...others] = sent().slice(before);
    expect(new URLSearchParams(request!.body).get('refresh_token')).toBe('next-a');
    expect(others).toEqual([]);
    expect(onReceived).toHaveBeenCalledTimes(1);
  });

  it('does not send the next refresh token if it is stored for a consent', async () => {
    const client = await clientWith();
    const given = newGrant();
    answerWith(undefined, { expires_in: 60, refresh_token: 'next-stored' });
    await client.refresh({ refreshToken: given });
    later(61_000);
    const before = sent().length;
    const isStored = jest.fn((token: string) => Promise.resolve(token === 'next-stored'));
    const { tokens, remarks } = await client.refresh({ refreshToken: given, isStored });
    expect(tokens).not.toHaveProperty('authorization');
    expect(tokens.refresh_token).toBe('next-stored');
    expect(remarks.join()).toContain('Refresh it with the refresh token');
    expect(sent().length).toBe(before);
  });

  it('ends if the bank sends an earlier refresh token again', async () => {
    const client = await clientWith();
    const given = newGrant();
    const lifetime = { expires_in: 60 };
    answerWith(undefined, { ...lifetime, refresh_token: 'circle-b' });
    await client.refresh({ refreshToken: given });
    answerWith(undefined, { ...lifetime, refresh_token: given });
    await client.refresh({ refreshToken: 'circle-b' });
    later(61_000);
    const before = sent().length;
    const { tokens } = await client.refresh({ refreshToken: given });
    expect(tokens).not.toHaveProperty('authorization');
    expect(sent().length).toBe(before);
  });

  it('does not send the next refresh token if the answer did not pass', async () => {
    const client = await clientWith();
    const given = newGrant();
    answerWith(await good({ key: otherKey }), { expires_in: 60 });
    await client.refresh({ refreshToken: given });
    later(61_000);
    const before = sent().length;
    const { failedCheck } = await client.refresh({ refreshToken: given });
    expect(failedCheck).toMatchObject({ code: 'jwt-signature' });
    expect(sent().length).toBe(before);
  });

  it('compares what it gives with another original ID token', async () => {
    const client = await clientWith();
    const given = newGrant();
    answerWith(await good());
    await client.refresh({ refreshToken: given });
    const originalIdToken = await good(wrong({ sub: 'robin' }));
    const { failedCheck } = await client.refresh({ refreshToken: given, originalIdToken });
    expect(failedCheck).toMatchObject({ code: 'id-token-subject' });
  });

  it.each(['code', 'refresh token'])('is sent again after 429 if it is a %s', async (kind) => {
    const client = await clientWith();
    const given = newGrant();
    const send = () =>
      kind === 'code' ? client.exchange({ code: given }) : client.refresh({ refreshToken: given });
    bank.server.answers['/token'] = json(429, { error: 'invalid_request' });
    await expect(send()).rejects.toMatchObject({ code: 'too-many-requests', outcome: 'refused' });
    answerWith(undefined);
    expect((await send()).tokens).toMatchObject({ authorization: `Bearer ${accessToken}` });
  });
});
