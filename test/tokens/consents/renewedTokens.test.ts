import type { ReceivedTokens } from '../../../core/oauth/grants/tokenSet';
import { OpenBankingError } from '../../../core/errors/OpenBankingError';
import { HOUR, MINUTE } from '../../support/clock';
import { away } from '../../support/stores/interference';
import { anotherProcess, contentIn, passed, passTime } from '../../support/stores/consents';
import { failureOf } from '../../support/failure';
import { accessToken, idToken, issuer, type Forgery } from '../../support/bank/idTokens';
import {
  idTokenBank,
  invalidGrant,
  refreshedIdToken,
  rotated,
  tokenBank,
  tokensFor,
  type TokenBank,
} from '../../support/bank/tokenBank';

const alex = { iss: issuer, sub: 'alex', aud: 'client-1' };
const mallory = { ...alex, sub: 'mallory' };
const expected = { nonce: 'n-1' };

/** Tokens of another consent that live for ten minutes. */
const others = (number = 1) =>
  tokensFor(600, { access_token: `at-new-${number}`, refresh_token: `rt-new-${number}` });

/** The tokens of an exchange, before their check. */
async function exchanged(forgery: Forgery = {}) {
  const id_token = await idToken(forgery);
  const obtained_at = new Date().toISOString();
  const tokens = { ...others(), access_token: accessToken, obtained_at };
  return { ...tokens, id_token, authorization: undefined };
}

/** The same tokens after a check that failed. */
const failed = (tokens: ReceivedTokens['tokens']): ReceivedTokens =>
  passed(tokens, {
    expected,
    failedCheck: new OpenBankingError('jwks-unusable', {
      message: 'The ID token cannot be verified',
      outcome: 'received',
    }),
  });

async function elsewhere(bank: TokenBank, options = {}) {
  const { tokens, remarks } = await (await anotherProcess(bank)).valid('c', options);
  return { token: tokens.access_token, remarks };
}

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

describe('a consent that is renewed', () => {
  it.each([
    ['another customer', mallory, undefined],
    ['another issuer', { ...alex, iss: 'https://other.example' }, undefined],
    [
      'a subject that is the new consent ID, although the old one was a customer',
      mallory,
      'mallory',
    ],
  ])('fails with %s, and leaves the earlier tokens as they are', async (_, customer, consentId) => {
    const bank = await idTokenBank();
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed(tokensFor(600), { customer: alex }), { consentId: 'old' });
    const { failedCheck } = await kept.keep('c', passed(others(), { customer }), { consentId });
    expect(failedCheck).toMatchObject({ code: 'id-token-subject', outcome: 'received' });
    expect(failedCheck!.description).toContain('"Accept Another Customer"');
    expect(await elsewhere(bank)).toMatchObject({ token: 'at-0' });
    const { renewed } = (await contentIn(bank))!;
    expect(renewed).toMatchObject({ check: { code: 'id-token-subject' } });
    expect(renewed!.tokens).not.toHaveProperty('authorization');
  });

  it('hands out no tokens of another customer while the store is away', async () => {
    const bank = await idTokenBank();
    await (await anotherProcess(bank)).keep('c', passed(tokensFor(600), { customer: alex }));
    let isAway = true;
    const kept = await anotherProcess(bank, {
      interference: {
        find: (store, names) => (isAway ? Promise.reject(away()) : store.find(names)),
      },
    });
    const result = await kept.keep('c', passed(others(), { customer: mallory }));
    const meanwhile = await kept.valid('c').catch((error: unknown) => error);
    isAway = false;
    expect(result).toMatchObject({ isWaiting: true });
    expect(meanwhile).toMatchObject({ code: 'store-unavailable' });
    expect((await kept.valid('c')).tokens.access_token).toBe('at-0');
  });

  it('keeps its newer tokens if an older code is given again', async () => {
    const bank = await idTokenBank();
    const kept = await anotherProcess(bank);
    const older = { ...tokensFor(600), obtained_at: new Date(Date.now() - HOUR).toISOString() };
    await kept.keep('c', passed(older));
    await kept.keep('c', passed(others()));
    const { remarks } = await kept.keep('c', passed(older, { isRepeated: true }));
    expect(remarks.join()).toContain('Newer tokens are stored');
    expect(await elsewhere(bank)).toMatchObject({ token: 'at-new-1' });
    // A code that is given for the first time is newer, whatever the clocks say.
    await kept.keep('c', passed(older));
    expect(await elsewhere(bank)).toMatchObject({ token: 'at-0' });
  });

  it('belongs to another customer from then on if that is accepted, with a remark', async () => {
    const bank = await idTokenBank();
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed(tokensFor(600), { customer: alex }));
    const accepted = { acceptAnotherCustomer: true };
    const result = await kept.keep('c', passed(others(), { customer: mallory }), accepted);
    expect(result).toEqual({
      remarks: [expect.stringContaining('belonged to another customer')],
      isOfAnotherCustomer: true,
    });
    expect(await elsewhere(bank)).toMatchObject({ token: 'at-new-1' });
    bank.answerWith(rotated({ id_token: await refreshedIdToken({ claims: { sub: 'alex' } }) }));
    const { remarks } = await elsewhere(bank, { refreshNow: true });
    expect(remarks.join()).toContain('names another "sub"');
  });

  it('may have the consent ID as its subject, if the subject was the consent ID before', async () => {
    const bank = await idTokenBank();
    const kept = await anotherProcess(bank);
    const of = (sub: string) => ({ customer: { ...alex, sub } });
    await kept.keep('c', passed(tokensFor(600), of('one')), { consentId: 'one' });
    const result = await kept.keep('c', passed(others(), of('two')), { consentId: 'two' });
    expect(result).toEqual({
      remarks: ['The tokens of the bank\'s consent "one" were replaced by those of "two".'],
    });
    expect(await elsewhere(bank)).toMatchObject({ token: 'at-new-1' });
  });

  it('may bring another audience, authorized party and time of log-in', async () => {
    const bank = await idTokenBank();
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed(tokensFor(600), { customer: { ...alex, auth_time: 1 } }));
    const customer = { ...alex, aud: ['client-1', 'b'], azp: 'client-1', auth_time: 2 };
    expect(await kept.keep('c', passed(others(), { customer }))).toEqual({ remarks: [] });
    expect((await contentIn(bank))!.customer).toEqual(customer);
  });

  it('warns if neither an ID token nor the ID of a consent says whose tokens are replaced', async () => {
    const kept = await anotherProcess(await idTokenBank());
    const unknown = [expect.stringContaining('no ID token says whether')];
    expect(await kept.keep('c', passed(tokensFor(600)))).toEqual({ remarks: [] });
    expect(await kept.keep('c', passed(others()))).toEqual({ remarks: unknown });
    const { remarks } = await kept.keep('c', passed(others(2), { customer: alex }));
    expect(remarks).toEqual(unknown);
    expect(await kept.keep('c', passed(others(3), { customer: alex }))).toEqual({ remarks: [] });
  });

  it('remembers the earlier customer if it brings no ID token', async () => {
    const bank = await idTokenBank();
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed(tokensFor(600), { customer: alex }));
    await kept.keep('c', passed(others()));
    const { failedCheck } = await kept.keep('c', passed(others(2), { customer: mallory }));
    expect(failedCheck).toMatchObject({ code: 'id-token-subject' });
  });

  it('is compared with the customer also when its check passes later', async () => {
    const bank = await idTokenBank();
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed(tokensFor(600), { customer: mallory }));
    const tokens = await exchanged();
    await kept.receive('c', tokens, expected);
    await kept.keep('c', failed(tokens));
    const { token, remarks } = await elsewhere(bank);
    expect(token).toBe('at-0');
    expect(remarks.join()).toContain('names another customer');
  });
});

describe('storing the same tokens again', () => {
  it('stores them if the consent has ended or was refused', async () => {
    const bank = await tokenBank();
    const kept = await anotherProcess(bank);
    const tokens = tokensFor(40);
    await kept.keep('c', passed(tokens));
    for (let round = 0; round < 2; round++) {
      bank.answerWith(invalidGrant);
      await failureOf(kept.valid('c'));
      await kept.keep('c', passed(tokens));
      expect((await kept.list())[0]).toMatchObject({ state: 'expiring' });
      await failureOf((await anotherProcess(bank)).valid('c'));
      passTime(HOUR);
      await failureOf((await anotherProcess(bank)).valid('c'));
      expect((await kept.list())[0]).toMatchObject({ state: 'needs consent' });
      await kept.keep('c', passed(tokens));
    }
    bank.answerWith(rotated());
    expect((await elsewhere(bank)).token).not.toBe('at-0');
  });

  it('stores them if they expire later', async () => {
    const bank = await tokenBank();
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed(tokensFor(100)));
    const longer = tokensFor(1000);
    await kept.keep('c', passed(longer));
    expect((await kept.list())[0]!.expires_at).toBe(longer.expires_at);
    await kept.keep('c', passed(tokensFor(100)));
    expect((await kept.list())[0]!.expires_at).toBe(longer.expires_at);
  });

  it('does not bring back a refresh token that was replaced', async () => {
    const bank = await tokenBank();
    const kept = await anotherProcess(bank);
    const tokens = tokensFor(-1);
    await kept.keep('c', passed(tokens));
    await kept.valid('c');
    await kept.receive('c', tokens, {});
    await kept.keep(
      'c',
      passed({ ...tokens, expires_at: new Date(Date.now() + 9e6).toISOString() }),
    );
    const { tokens: stored, renewed } = (await contentIn(bank))!;
    expect(stored!.refresh_token).toMatch(/^rt\+/);
    expect(renewed).toBeUndefined();
  });

  it('does not undo that they passed', async () => {
    const bank = await idTokenBank();
    const kept = await anotherProcess(bank);
    const tokens = await exchanged();
    await kept.receive('c', tokens, expected);
    await kept.keep('c', failed(tokens));
    expect((await elsewhere(bank)).token).toBe(accessToken);
    // n8n runs the node again, and the memory of used grants gives the same result.
    await kept.receive('c', tokens, expected);
    await kept.keep('c', failed(tokens));
    expect((await elsewhere(bank)).token).toBe(accessToken);
    expect((await contentIn(bank))!.renewed).toBeUndefined();
  });
});
