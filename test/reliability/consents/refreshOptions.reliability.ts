import { HOUR, MINUTE, SECOND } from '../../support/clock';
import {
  anotherProcess,
  elsewhere,
  passed,
  passTime,
  tokensOf,
} from '../../support/stores/consents';
import { failureOf } from '../../support/failure';
import { json, PAGE, raw } from '../../support/bank/scriptedBank';
import { invalidGrant, reset, rotated, silent, tokenBank } from '../../support/bank/tokenBank';
import { stored } from './storedTokens';

describe('the option to try once more', () => {
  it.each([
    ['a refusal', [invalidGrant]],
    ['a refusal that cannot be read', [raw(403, PAGE, 'text/html')]],
    ['429', [json(429, {}, { 'Retry-After': '300' })]],
    ['503', [json(503, {}, { 'Retry-After': '300' })]],
    ['the end of the consent', [reset, invalidGrant]],
  ] as const)('sends the refresh token at once after %s', async (_, answers) => {
    const { bank, kept, stateOf } = await stored(-1, answers[0]);
    for (const answer of answers) {
      bank.answerWith(answer);
      await failureOf(kept.valid('c'));
      if (answers.length > 1) passTime(6 * SECOND);
    }
    bank.answerWith(rotated());
    expect((await elsewhere(bank, { tryAgain: true })).token).not.toBe('at-0');
    expect(await stateOf()).toMatchObject({ state: 'valid' });
    expect(bank.sent).toHaveLength(answers.length + 1);
  });

  it.each([
    ['the bank has just not answered in time', silent],
    ['a connection has just been lost', reset],
  ])('sends nothing if %s', async (_, answer) => {
    const { bank, kept } = await stored(-1, answer);
    await failureOf(kept.valid('c'));
    bank.answerWith(rotated());
    passTime(SECOND);
    const failure = await failureOf(elsewhere(bank, { tryAgain: true }));
    expect(failure).toMatchObject({ code: 'refresh-outcome-unknown', outcome: 'not-sent' });
    passTime(5 * SECOND);
    await elsewhere(bank, { tryAgain: true });
    expect(bank.sent).toEqual(['rt', 'rt']);
  });

  it('sends nothing if the token is fresh', async () => {
    const { bank } = await stored(600, rotated());
    expect((await elsewhere(bank, { tryAgain: true })).token).toBe('at-0');
    expect(bank.sent).toEqual([]);
  });

  it('does not close a consent that was refused less than an hour ago', async () => {
    const { bank, kept, stateOf } = await stored(-1, invalidGrant);
    await failureOf(kept.valid('c'));
    passTime(10 * MINUTE);
    const failure = await failureOf(elsewhere(bank, { tryAgain: true }));
    expect(failure).toMatchObject({ code: 'invalid-grant', outcome: 'refused' });
    expect(await stateOf()).toMatchObject({ state: 'refused' });
    passTime(HOUR);
    expect(await failureOf(elsewhere(bank))).toMatchObject({ code: 'consent-ended' });
  });

  it('leaves a consent closed that is refused again', async () => {
    const { bank, kept, stateOf } = await stored(-1, invalidGrant);
    await failureOf(kept.valid('c'));
    passTime(HOUR);
    await failureOf(elsewhere(bank));
    const failure = await failureOf(elsewhere(bank, { tryAgain: true }));
    expect(failure).toMatchObject({ code: 'consent-ended', outcome: 'refused' });
    expect(await stateOf()).toMatchObject({ state: 'needs consent' });
    bank.answerWith(json(503, {}));
    await failureOf(elsewhere(bank, { tryAgain: true }));
    expect(await stateOf()).toMatchObject({ state: 'needs consent' });
    bank.answerWith(rotated());
    await elsewhere(bank, { tryAgain: true });
    expect(await stateOf()).toMatchObject({ state: 'valid' });
  });
});

describe('the option to refresh now', () => {
  it('refreshes a fresh token, once for all callers', async () => {
    const { bank, kept } = await stored(3000, rotated());
    await kept.valid('c');
    const asked = await Promise.all(
      Array.from({ length: 20 }, () => kept.valid('c', { refreshNow: true })),
    );
    expect(new Set(asked.map(({ tokens }) => tokens.access_token)).size).toBe(1);
    expect(asked[0]!.tokens.access_token).not.toBe('at-0');
    expect(bank.sent).toEqual(['rt']);
  });

  it('refreshes once for several processes that wait for each other', async () => {
    const { bank, kept } = await stored(3000, (...given) => {
      setTimeout(() => rotated()(...given), 500).unref();
    });
    const other = await anotherProcess(bank);
    // Its store is open, so it begins long before the bank answers.
    await other.valid('c');
    const both = [kept, other].map((each) => each.valid('c', { refreshNow: true }));
    const [one, two] = await Promise.all(both);
    expect(two!.tokens.access_token).toBe(one!.tokens.access_token);
    expect(bank.sent).toEqual(['rt']);
  });

  it('returns the earlier token with a remark if the bank does not refresh it', async () => {
    const { bank, kept } = await stored(3000, json(503, {}));
    const { tokens, remarks } = await kept.valid('c', { refreshNow: true });
    expect(tokens.access_token).toBe('at-0');
    expect(remarks.join()).toContain('status 503');
    // The bank is not asked again during the pause.
    await kept.valid('c', { refreshNow: true });
    expect(bank.sent).toEqual(['rt']);
  });

  it('says that there is no refresh token', async () => {
    const bank = await tokenBank();
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed(tokensOf('at-0')));
    const { tokens, remarks } = await kept.valid('c', { refreshNow: true });
    expect(tokens.access_token).toBe('at-0');
    expect(remarks.join()).toContain('gave no refresh token');
  });
});
