import { HOUR, MINUTE } from '../../support/clock';
import {
  anotherProcess,
  contentIn,
  elsewhere,
  passed,
  passTime,
} from '../../support/stores/consents';
import { failureOf } from '../../support/failure';
import { accessToken } from '../../support/bank/idTokens';
import {
  idTokenBank,
  invalidGrant,
  refreshedIdToken,
  rotated,
  tokensFor,
} from '../../support/bank/tokenBank';
import { alex, exchanged, expected, failed } from './exchangedTokens';

const noRefreshToken = { refresh_token: undefined };

describe('tokens of an exchange that did not pass', () => {
  it('are stored, are not handed out, and are not refreshed', async () => {
    const bank = await idTokenBank();
    const kept = await anotherProcess(bank);
    const tokens = await exchanged({ claims: { nonce: 'another' } });
    await kept.receive('c', tokens, expected);
    expect((await contentIn(bank))!.renewed).toMatchObject({ expected });
    const { failedCheck } = await kept.keep('c', failed(tokens));
    expect(failedCheck).toMatchObject({ code: 'jwks-unusable' });
    for (const pause of [0, HOUR, 24 * HOUR]) {
      passTime(pause);
      for (const options of [{}, { tryAgain: true }, { refreshNow: true }]) {
        expect(await failureOf(elsewhere(bank, options))).toMatchObject({
          code: 'id-token-binding',
          outcome: 'received',
        });
      }
    }
    expect(bank.sent).toEqual([]);
    expect((await kept.list())[0]).toMatchObject({
      state: 'check failed',
      reason: expect.stringContaining('"nonce"') as string,
    });
  });

  it('pass when they are checked again, with their dates as of their arrival', async () => {
    const bank = await idTokenBank();
    const kept = await anotherProcess(bank);
    const tokens = await exchanged();
    await kept.receive('c', tokens, { ...expected, maximumAge: 600 });
    await kept.keep('c', failed(tokens), { consentId: 'consent-7' });
    passTime(5 * MINUTE);
    const token = await (await anotherProcess(bank)).valid('c');
    expect(token).toMatchObject({
      tokens: { access_token: accessToken, authorization: `Bearer ${accessToken}` },
      consentId: 'consent-7',
    });
    expect(bank.sent).toEqual([]);
    expect((await contentIn(bank))!.customer).toMatchObject(alex);
  });

  it('are checked after a process that died before the check', async () => {
    const bank = await idTokenBank();
    await (await anotherProcess(bank)).receive('c', await exchanged(), expected);
    expect(await elsewhere(bank)).toMatchObject({ token: accessToken });
  });

  it.each([
    ['a person asks for one more try', { tryAgain: true }, {}],
    [
      'another token is wanted, and there is no refresh token',
      { refreshNow: true },
      noRefreshToken,
    ],
  ] as const)('are checked under one lease if %s', async (_, options, changes) => {
    const bank = await idTokenBank();
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed(tokensFor(600, changes), { customer: alex }));
    await kept.keep('c', failed(await exchanged({ claims: { nonce: 'another' } })));
    let leases = 0;
    const asked = await anotherProcess(bank, {
      interference: { acquire: (real, ...given) => (leases++, real.acquire(...given)) },
    });
    const { tokens, remarks } = await asked.valid('c', options);
    expect(tokens.access_token).toBe('at-0');
    expect(remarks.join()).toMatch(/Newer tokens .* are not used: .*nonce/);
    expect(leases).toBe(1);
    expect(bank.sent).toEqual([]);
  });

  it('leave the earlier tokens in use, which are still refreshed', async () => {
    const bank = await idTokenBank();
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed(tokensFor(30), { customer: alex }));
    const tokens = await exchanged({ claims: { nonce: 'another' } });
    await kept.receive('c', tokens, expected);
    expect(await elsewhere(bank, { margin: 0 })).toMatchObject({ token: 'at-0' });
    await kept.keep('c', failed(tokens));
    const { token, remarks } = await elsewhere(bank, { margin: 0 });
    expect(token).toBe('at-0');
    expect(remarks.join()).toMatch(/Newer tokens .* are not used: .*nonce/);
    bank.answerWith(rotated({ id_token: await refreshedIdToken() }));
    expect((await elsewhere(bank)).token).toMatch(/^at-\d/);
    expect(bank.sent).toEqual(['rt']);
    const { renewed, tokens: stored } = (await contentIn(bank))!;
    expect(renewed!.tokens.refresh_token).toBe('rt-new-1');
    expect(stored!.refresh_token).toMatch(/^rt\+/);
  });

  it('are not lost if they come while the earlier tokens are refreshed', async () => {
    const bank = await idTokenBank();
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed(tokensFor(-1), { customer: alex }));
    const tokens = await exchanged({ claims: { nonce: 'another' } });
    bank.answerWith((...given) => {
      void kept.receive('c', tokens, expected).then(() => rotated()(...given));
    });
    const { token } = await elsewhere(bank);
    expect(token).toMatch(/^at-\d/);
    const content = (await contentIn(bank))!;
    expect(content.renewed!.tokens.refresh_token).toBe('rt-new-1');
    expect(content.tokens!.access_token).toBe(token);
    expect(bank.sent).toEqual(['rt']);
  });

  it('are not lost if they come while a refresh of the earlier tokens is refused', async () => {
    const bank = await idTokenBank();
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed(tokensFor(-1), { customer: alex }));
    const tokens = await exchanged({ claims: { nonce: 'another' } });
    bank.answerWith((...given) => {
      void kept.receive('c', tokens, expected).then(() => invalidGrant(...given));
    });
    expect(await failureOf(elsewhere(bank))).toMatchObject({ code: 'invalid-grant' });
    const content = (await contentIn(bank))!;
    expect(content.renewed!.tokens.refresh_token).toBe('rt-new-1');
    expect(content.setback).toMatchObject({ kind: 'refused' });
  });

  it('take the place of an ended consent as soon as they pass', async () => {
    const bank = await idTokenBank();
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed(tokensFor(-1), { customer: alex }));
    bank.answerWith(invalidGrant);
    await failureOf(kept.valid('c'));
    passTime(HOUR);
    await failureOf(kept.valid('c'));
    const tokens = await exchanged();
    await kept.receive('c', tokens, expected);
    await kept.keep('c', failed(tokens));
    expect(await elsewhere(bank)).toMatchObject({ token: accessToken });
    expect((await kept.list())[0]).toMatchObject({ state: 'valid' });
  });
});
