import { halfHash, issuer, now, type Forgery } from '../../support/bank/idTokens';
import { faults, good, tokenCheckBank, wrong } from './tokenCheckBank';

const bank = tokenCheckBank();
const { answerWith, clientWith, expectFailed, expectPassed, newGrant, refresh } = bank;

describe('a refresh', () => {
  it.each<[string, string, Forgery]>([
    ...faults,
    ['another "sub"', 'id-token-subject', wrong({ sub: 'robin' })],
    ['another "auth_time"', 'id-token-auth-time', wrong({ auth_time: 1_700_000_001 })],
    ['no "azp" although the first one had it', 'jwt-audience', wrong({ azp: undefined })],
  ])('fails with an ID token with %s', async (_, code, forgery) => {
    answerWith(await good(forgery));
    await expectFailed(await refresh(), code);
  });

  it.each<[string, Forgery]>([
    ['every claim', {}],
    ['no "nonce"', wrong({ nonce: undefined })],
    ['no "auth_time"', wrong({ auth_time: undefined })],
    ['another "c_hash", which belongs to a code', wrong({ c_hash: halfHash('another code') })],
    ['an "iat" a week ago', wrong({ iat: now() - 604_800 })],
    ['a further "aud"', wrong({ aud: ['client-2', 'client-1'] })],
  ])('passes with an ID token with %s', async (_, forgery) => {
    answerWith(await good(forgery));
    await expectPassed(await refresh(), { iss: issuer, sub: 'alex' });
  });

  it.each([undefined, null, ''])('passes with the ID token %j', async (token) => {
    answerWith(token);
    const received = await refresh();
    await expectPassed(received);
    expect(received.customer).toBeUndefined();
  });

  it('names the audiences and log-in times that differ, and no "sub"', async () => {
    answerWith(await good(wrong({ auth_time: 1_700_000_001 })));
    expect((await refresh()).failedCheck!.message).toBe(
      'The ID token has another "auth_time" than the first one of the consent: 1700000001 instead of 1700000000',
    );
    answerWith(await good(wrong({ azp: undefined })));
    expect((await refresh()).failedCheck!.message).toBe(
      'The ID token has another "azp" than the first one of the consent: none instead of "client-1"',
    );
    answerWith(await good(wrong({ sub: 'robin' })));
    expect((await refresh()).failedCheck!.message).toBe(
      'The ID token names another "sub" than the first one of the consent',
    );
  });

  it('by hand compares with the original ID token', async () => {
    const client = await clientWith();
    const original = (forgery?: Forgery) => good(forgery);
    const withOriginal = async (originalIdToken: string) =>
      client.refresh({ refreshToken: newGrant(), originalIdToken });
    answerWith(await good());
    await expectPassed(await withOriginal(await original()));
    await expectFailed(
      await withOriginal(await original(wrong({ sub: 'robin' }))),
      'id-token-subject',
    );
    const audiences = ['client-1', 'client-2'];
    await expectFailed(
      await withOriginal(await original(wrong({ aud: audiences }))),
      'jwt-audience',
    );
  });

  it('by hand sends nothing if the original ID token cannot be read', async () => {
    const before = bank.server.requests.length;
    const refreshing = (await clientWith()).refresh({ refreshToken: 'rt', originalIdToken: 'x' });
    await expect(refreshing).rejects.toMatchObject({
      code: 'field-malformed',
      outcome: 'not-sent',
    });
    expect(bank.server.requests.length).toBe(before);
  });
});
