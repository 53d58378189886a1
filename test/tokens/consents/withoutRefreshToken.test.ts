import { HOUR, SECOND } from '../../support/clock';
import { anotherProcess, passed, passTime } from '../../support/stores/consents';
import { failureOf } from '../../support/failure';
import { json } from '../../support/bank/scriptedBank';
import { rotated, tokenBank, tokensFor } from '../../support/bank/tokenBank';

describe('a consent without a refresh token', () => {
  it('is valid until its access token expires, and ends then', async () => {
    const bank = await tokenBank();
    const kept = await anotherProcess(bank);
    const tokens = tokensFor(120, { refresh_token: undefined });
    await kept.keep('c', passed(tokens));
    const next = async () => (await anotherProcess(bank)).valid('c', { margin: HOUR });
    expect(await next()).toMatchObject({ tokens: { access_token: 'at-0' }, remarks: [] });
    expect((await kept.list())[0]).toMatchObject({
      state: 'valid',
      needs_consent_at: tokens.expires_at,
    });
    passTime(60 * SECOND);
    expect(await next()).toMatchObject({ tokens: { access_token: 'at-0' } });
    passTime(61 * SECOND);
    expect(await failureOf(next())).toMatchObject({
      code: 'consent-ended',
      message: expect.stringContaining('gave no refresh token') as string,
    });
    expect((await kept.list())[0]).toMatchObject({ state: 'needs consent' });
    expect(bank.sent).toEqual([]);
  });

  it('is valid as long as nobody knows when its access token expires', async () => {
    const bank = await tokenBank();
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed(tokensFor(0, { refresh_token: undefined, expires_at: undefined })));
    passTime(24 * HOUR);
    expect((await (await anotherProcess(bank)).valid('c')).tokens.access_token).toBe('at-0');
  });
});

describe('a token with a lifetime of days', () => {
  it('is refreshed after 24 hours, and is used if that fails', async () => {
    const bank = await tokenBank();
    const kept = await anotherProcess(bank);
    const obtained_at = new Date().toISOString();
    await kept.keep('c', passed(tokensFor(3_600_000, { obtained_at })));
    const next = async () => (await (await anotherProcess(bank)).valid('c')).tokens.access_token;
    passTime(23.9 * HOUR);
    expect(await next()).toBe('at-0');
    expect(bank.sent).toEqual([]);
    passTime(0.2 * HOUR);
    bank.answerWith(json(503, {}));
    expect(await next()).toBe('at-0');
    bank.answerWith(rotated());
    passTime(6 * SECOND);
    expect(await next()).not.toBe('at-0');
    expect(bank.sent).toEqual(['rt', 'rt']);
  });

  it('is not refreshed by its age if it has no refresh token', async () => {
    const bank = await tokenBank();
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed(tokensFor(3_600_000, { refresh_token: undefined })));
    passTime(48 * HOUR);
    expect((await kept.valid('c')).tokens.access_token).toBe('at-0');
  });
});

describe('a refresh that brings a refresh token and no access token', () => {
  const answer = (refresh_token: string) => json(200, { refresh_token });

  it('leaves the access token in use, and the new refresh token is the next one', async () => {
    const bank = await tokenBank();
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed(tokensFor(40)));
    bank.answerWith(answer('rt-2'));
    const { tokens, remarks } = await kept.valid('c');
    expect(tokens.access_token).toBe('at-0');
    expect(remarks.join()).toContain('access');
    passTime(45 * SECOND);
    expect(await failureOf(kept.valid('c'))).toMatchObject({ code: 'response-invalid' });
    expect(bank.sent).toEqual(['rt']);
    bank.answerWith(rotated());
    expect((await kept.valid('c', { tryAgain: true })).tokens.access_token).toMatch(/^at-\d/);
    expect(bank.sent).toEqual(['rt', 'rt-2']);
  });
});
