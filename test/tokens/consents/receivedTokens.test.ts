import { HOUR, MINUTE, SECOND } from '../../support/clock';
import {
  anotherProcess,
  contentIn,
  elsewhere,
  passed,
  passTime,
} from '../../support/stores/consents';
import { failureOf } from '../../support/failure';
import { bankJwk, issuer, jwk, otherKey } from '../../support/bank/idTokens';
import {
  idTokenBank,
  refreshedIdToken,
  rotated,
  tokensFor,
  type TokenBank,
} from '../../support/bank/tokenBank';

const customer = { iss: issuer, sub: 'alex', aud: 'client-1' };

/** A process that has stored tokens of alex whose access token expires in so many seconds. */
async function stored(bank: TokenBank, seconds: number) {
  const kept = await anotherProcess(bank);
  await kept.keep('c', passed(tokensFor(seconds), { customer }));
  return kept;
}

const mallory = { claims: { sub: 'mallory' } };

describe('a rotated refresh whose ID token does not pass', () => {
  it('ends in the error of the check, and neither refresh token is sent', async () => {
    const bank = await idTokenBank();
    const kept = await stored(bank, -1);
    bank.answerWith(rotated({ id_token: await refreshedIdToken(mallory) }));
    expect(await failureOf(kept.valid('c'))).toMatchObject({ code: 'id-token-subject' });
    bank.answerWith(rotated());
    for (const pause of [0, MINUTE, HOUR, 24 * HOUR]) {
      passTime(pause);
      for (const options of [{}, { tryAgain: true }, { refreshNow: true }]) {
        expect(await failureOf(elsewhere(bank, options))).toMatchObject({
          code: 'id-token-subject',
          outcome: 'received',
        });
      }
    }
    expect(bank.sent).toEqual(['rt']);
    expect((await kept.list())[0]).toMatchObject({
      state: 'check failed',
      reason: expect.stringContaining('names another "sub"') as string,
    });
    const { tokens, refreshed } = (await contentIn(bank))!;
    expect(tokens!.refresh_token).toBe('rt');
    expect(refreshed!.tokens.refresh_token).toMatch(/^rt\+/);
    expect(refreshed!.tokens).not.toHaveProperty('authorization');
  });

  it('leaves the older access token in use while it lives, with a remark', async () => {
    const bank = await idTokenBank();
    const kept = await stored(bank, 40);
    bank.answerWith(rotated({ id_token: await refreshedIdToken(mallory) }));
    const { tokens, remarks } = await kept.valid('c');
    expect(tokens.access_token).toBe('at-0');
    expect(remarks.join()).toContain('names another "sub"');
    expect((await kept.list())[0]).toMatchObject({ state: 'check failed' });
    expect((await elsewhere(bank)).token).toBe('at-0');
    passTime(41 * SECOND);
    expect(await failureOf(elsewhere(bank))).toMatchObject({ code: 'id-token-subject' });
    expect(bank.sent).toEqual(['rt']);
  });

  it('passes in the same process once the bank publishes the key, with its dates as of its arrival', async () => {
    const bank = await idTokenBank();
    const kept = await stored(bank, -1);
    bank.answerWith(rotated({ expires_in: 1 }));
    await kept.valid('c');
    passTime(2 * SECOND);
    const keys = [await bankJwk(), await jwk(otherKey, 'bank-2'), await jwk(otherKey, 'bank-3')];
    // A new key twice in a minute: the keys are fetched for the first one alone.
    bank.keys = keys.slice(0, 2);
    const header = { kid: 'bank-2' };
    const id_token = await refreshedIdToken({ key: otherKey, header });
    bank.answerWith(rotated({ id_token, expires_in: 1 }));
    await kept.valid('c');
    passTime(2 * SECOND);
    bank.keys = keys;
    bank.answerWith(
      rotated({ id_token: await refreshedIdToken({ key: otherKey, header: { kid: 'bank-3' } }) }),
    );
    expect(await failureOf(kept.valid('c'))).toMatchObject({ code: 'jwt-signature' });
    const { refresh_token: received } = (await contentIn(bank))!.refreshed!.tokens;
    passTime(10 * MINUTE);
    const { tokens } = await kept.valid('c');
    expect(tokens).toMatchObject({ refresh_token: received, authorization: expect.any(String) });
    expect(bank.sent).toHaveLength(3);
    expect((await kept.list())[0]).toMatchObject({ state: 'valid' });
  });

  it('passes once the credential is corrected, without a request to the token endpoint', async () => {
    const bank = await idTokenBank();
    const wrong = await anotherProcess(bank, { settings: { issuer: 'https://wrong.example' } });
    await wrong.keep('c', passed(tokensFor(-1), { customer }));
    const id_token = await refreshedIdToken();
    bank.answerWith(rotated({ id_token }));
    expect(await failureOf(wrong.valid('c'))).toMatchObject({ code: 'jwt-issuer' });
    passTime(30 * MINUTE);
    expect((await elsewhere(bank)).token).toMatch(/^at-\d+$/);
    expect(bank.sent).toEqual(['rt']);
    // The refresh token that came with them is the next one.
    const next = await anotherProcess(bank);
    await next.valid('c', { refreshNow: true });
    expect(bank.sent[1]).toMatch(/^rt\+/);
  });

  it('is checked again beside the token in use, at most once a minute', async () => {
    const bank = await idTokenBank();
    const wrong = await anotherProcess(bank, { settings: { issuer: 'https://wrong.example' } });
    await wrong.keep('c', passed(tokensFor(600), { customer }));
    bank.answerWith(rotated({ id_token: await refreshedIdToken() }));
    await wrong.valid('c', { refreshNow: true });
    expect((await elsewhere(bank)).token).not.toBe('at-0');
    expect(bank.sent).toEqual(['rt']);
  });

  it('is over if the customer consents again', async () => {
    const bank = await idTokenBank();
    const kept = await stored(bank, -1);
    bank.answerWith(rotated({ id_token: await refreshedIdToken(mallory) }));
    await failureOf(kept.valid('c'));
    const renewed = tokensFor(600, { access_token: 'at-new', refresh_token: 'rt-new' });
    expect(await kept.keep('c', passed(renewed, { customer }))).toEqual({ remarks: [] });
    expect((await elsewhere(bank)).token).toBe('at-new');
    expect((await kept.list())[0]).toMatchObject({ state: 'valid' });
  });
});

describe('a refresh without rotation whose ID token does not pass', () => {
  it('is sent again only if a person asks, and only an ID token that passes clears it', async () => {
    const bank = await idTokenBank();
    const kept = await stored(bank, -1);
    const answer = async (forgery?: object) =>
      bank.answerWith(
        rotated({
          refresh_token: undefined,
          ...(forgery && { id_token: await refreshedIdToken(forgery) }),
        }),
      );
    await answer(mallory);
    expect(await failureOf(kept.valid('c'))).toMatchObject({ code: 'id-token-subject' });
    await answer();
    expect(await failureOf(elsewhere(bank))).toMatchObject({ code: 'id-token-subject' });
    expect(bank.sent).toEqual(['rt']);
    const again = () => elsewhere(bank, { tryAgain: true });
    expect(await failureOf(again())).toMatchObject({ code: 'id-token-subject' });
    expect(bank.sent).toEqual(['rt', 'rt']);
    await answer({});
    expect((await again()).token).toMatch(/^at-\d+$/);
    expect(bank.sent).toEqual(['rt', 'rt', 'rt']);
    expect((await kept.list())[0]).toMatchObject({ state: 'valid' });
  });
});

describe('the customer of a consent', () => {
  it('is compared with each refreshed ID token, also after refreshes without one', async () => {
    const bank = await idTokenBank();
    const kept = await stored(bank, -1);
    const soon = { expires_in: 1 };
    for (const forgery of [{}, undefined, {}, undefined]) {
      const id_token = forgery && (await refreshedIdToken(forgery));
      bank.answerWith(rotated({ ...soon, id_token }));
      await kept.valid('c');
      passTime(2 * SECOND);
    }
    bank.answerWith(rotated({ id_token: await refreshedIdToken(mallory) }));
    expect(await failureOf(kept.valid('c'))).toMatchObject({ code: 'id-token-subject' });
  });

  it('is that of the first ID token that comes, if the tokens had none', async () => {
    const bank = await idTokenBank();
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed(tokensFor(-1)));
    bank.answerWith(rotated({ expires_in: 1, id_token: await refreshedIdToken() }));
    await kept.valid('c');
    passTime(2 * SECOND);
    bank.answerWith(rotated({ id_token: await refreshedIdToken(mallory) }));
    expect(await failureOf(kept.valid('c'))).toMatchObject({ code: 'id-token-subject' });
  });
});

it('tokens that a process received and did not check are checked by the next process, and not refreshed', async () => {
  const bank = await idTokenBank();
  const settings = { connectTimeout: 0.5, requestTimeout: 0.5 };
  const dying = await anotherProcess(bank, {
    settings,
    // The process dies after it has stored what it received.
    interference: { replace: () => new Promise(() => undefined) },
  });
  await stored(bank, -1);
  bank.answerWith(rotated({ id_token: await refreshedIdToken() }));
  void dying.valid('c');
  while (!(await contentIn(bank))!.refreshed) await new Promise((done) => setTimeout(done, 10));
  const next = await anotherProcess(bank, { settings });
  expect((await next.valid('c')).tokens.access_token).toMatch(/^at-\d+$/);
  expect(bank.sent).toEqual(['rt']);
});
