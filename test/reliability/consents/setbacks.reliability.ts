import { HOUR, MINUTE, SECOND } from '../../support/clock';
import {
  anotherProcess,
  contentIn,
  elsewhere,
  passed,
  passTime,
} from '../../support/stores/consents';
import { failureOf } from '../../support/failure';
import { away } from '../../support/stores/interference';
import { json, PAGE, raw, type Answer } from '../../support/bank/scriptedBank';
import {
  heldBack,
  invalidGrant,
  reset,
  rotated,
  silent,
  tokenBank,
  tokensFor,
} from '../../support/bank/tokenBank';
import { until } from '../../support/waiting';
import { isQuick } from '../form';
import { short, stored } from './storedTokens';

const failures: [name: string, answer: Answer, said: string][] = [
  ['503', json(503, {}), 'status 503'],
  ['502 with a web page', raw(502, PAGE, 'text/html'), 'status 502'],
  ['429', json(429, { error: 'slow_down' }), 'slow_down'],
  ['a reset', reset, 'closed the connection'],
  ['a lost answer', silent, 'did not answer in time'],
  ['a web page with 403', raw(403, PAGE, 'text/html'), 'web page'],
  ['an empty 400', raw(400, ''), 'empty body'],
  ['invalid_client', json(401, { error: 'invalid_client' }), 'invalid_client'],
  ['{}', json(200, {}), 'without an access token'],
  ['unknown members', json(200, { hello: 'world' }), 'without an access token'],
];

describe('a refresh that fails inside the life of the access token', () => {
  it.each(failures)('costs nobody anything after %s', async (_, answer, said) => {
    const { bank, kept } = await stored(40, answer);
    const asked = await Promise.all(Array.from({ length: 100 }, () => kept.valid('c')));
    expect(new Set(asked.map(({ tokens }) => tokens.access_token))).toEqual(new Set(['at-0']));
    expect(asked[0]!.remarks.join()).toContain('is used until it expires');
    expect(asked[0]!.remarks.join()).toContain(said);
    expect(bank.sent).toEqual(['rt']);
    expect(await elsewhere(bank)).toMatchObject({ token: 'at-0' });
  });

  // The long form alone has 0.6 seconds: a busy machine may need longer for the call.
  it.each(isQuick ? [2, 1] : [2, 1, 0.6])(
    'hands the token out %d seconds before its end',
    async (seconds) => {
      const { bank, kept } = await stored(seconds, silent);
      const begun = performance.now();
      expect(await kept.valid('c')).toMatchObject({
        tokens: { access_token: 'at-0' },
        remarks: [expect.stringContaining('is still under way')],
      });
      expect(performance.now() - begun).toBeLessThan(seconds * SECOND);
      expect(bank.sent).toEqual(['rt']);
      // The refresh goes on, and its end is stored.
      await new Promise((done) => setTimeout(done, 1500));
      expect((await kept.list())[0]).toMatchObject({ state: 'outcome unknown' });
    },
  );

  it('does not hand the token out if this process stands still until it has expired', async () => {
    const held = heldBack(rotated());
    const { bank, kept } = await stored(3, held.answer);
    const expiry = Date.now() + 3 * SECOND;
    const asked = kept.valid('c');
    await until(() => bank.sent.length > 0);
    while (Date.now() < expiry + 50);
    held.send();
    expect((await asked).tokens.access_token).not.toBe('at-0');
    expect(bank.sent).toEqual(['rt']);
  });

  it('hands the token out before its end while another process refreshes', async () => {
    const { bank, kept } = await stored(1.5, (...given) => {
      setTimeout(() => rotated()(...given), 900).unref();
    });
    const refreshing = kept.valid('c');
    while (bank.sent.length === 0) await new Promise((done) => setTimeout(done, 5));
    expect(await elsewhere(bank)).toMatchObject({ token: 'at-0' });
    await refreshing;
    expect(bank.sent).toEqual(['rt']);
  });

  it('is tried again when its pause is over, and then brings new tokens', async () => {
    const { bank, kept } = await stored(40, json(503, {}));
    await kept.valid('c');
    bank.answerWith(rotated());
    passTime(SECOND);
    expect(await elsewhere(bank)).toMatchObject({ token: 'at-0' });
    passTime(5 * SECOND);
    const { token, remarks } = await elsewhere(bank);
    expect(token).not.toBe('at-0');
    expect(remarks).toEqual([]);
    expect(bank.sent).toEqual(['rt', 'rt']);
  });

  it('costs nobody anything if the keys of the bank cannot be fetched', async () => {
    const bank = await tokenBank({ ...short, scope: 'openid', jwksUri: 'https://localhost:1/' });
    const kept = await anotherProcess(bank);
    await kept.keep('c', passed(tokensFor(40)));
    expect((await kept.valid('c')).tokens.access_token).toBe('at-0');
    expect(bank.sent).toEqual([]);
  });

  it.each(['acquire', 'markAttempt', 'settle'] as const)(
    'costs nobody anything if the store fails at %s',
    async (method) => {
      const { bank } = await stored(40, json(503, {}));
      const kept = await anotherProcess(bank, {
        interference: { [method]: () => Promise.reject(away()) },
      });
      const { tokens, remarks } = await kept.valid('c');
      expect(tokens.access_token).toBe('at-0');
      expect(remarks.join()).toContain('is used until it expires');
      await kept.forget('c');
    },
  );

  it('costs nobody anything if the store cannot be read and the token is in memory', async () => {
    const { bank } = await stored(62, rotated());
    let isAway = false;
    const kept = await anotherProcess(bank, {
      interference: {
        find: (real, names) => (isAway ? Promise.reject(away()) : real.find(names)),
      },
    });
    await kept.valid('c');
    isAway = true;
    passTime(20 * SECOND);
    const { tokens, remarks } = await kept.valid('c');
    expect(tokens.access_token).toBe('at-0');
    expect(remarks.join()).toContain('The token store cannot be used');
    passTime(50 * SECOND);
    expect(await failureOf(kept.valid('c'))).toMatchObject({ code: 'store-unavailable' });
  });

  it('costs nobody anything if other processes take over each lease', async () => {
    const { bank } = await stored(40, rotated());
    const kept = await anotherProcess(bank, {
      interference: { markAttempt: () => Promise.resolve(undefined) },
    });
    const { tokens, remarks } = await kept.valid('c');
    expect(tokens.access_token).toBe('at-0');
    expect(remarks.join()).toContain('is being refreshed by another process');
    expect(bank.sent).toEqual([]);
  });

  it('hands out no token of a consent that was forgotten meanwhile', async () => {
    const { bank, kept } = await stored(40, (...given) => {
      void kept.forget('c').then(() => rotated()(...given));
    });
    const failure = await failureOf((await anotherProcess(bank)).valid('c'));
    expect(failure).toMatchObject({ code: 'consent-unknown' });
  });

  it('does not hand out a token whose refresh token the bank refused', async () => {
    const { bank, kept, stateOf } = await stored(40, invalidGrant);
    expect(await failureOf(kept.valid('c'))).toMatchObject({ code: 'invalid-grant' });
    // Also to a caller for whom the token is fresh.
    const failure = await failureOf(elsewhere(bank, { margin: 1000 }));
    expect(failure).toMatchObject({ code: 'invalid-grant', outcome: 'not-sent' });
    expect(await stateOf()).toMatchObject({ state: 'refused' });
    expect(bank.sent).toEqual(['rt']);
  });
});

describe('a refresh that fails after the access token has expired', () => {
  it.each([
    ['503', json(503, {}), 'refresh-outcome-unknown', 'status 503', 5 * SECOND],
    ['a reset', reset, 'refresh-outcome-unknown', 'closed the connection', 5 * SECOND],
    ['a lost answer', silent, 'refresh-outcome-unknown', 'did not answer in time', 5 * SECOND],
    ['429', json(429, {}), 'too-many-requests', '429', 5 * SECOND],
    ['{}', json(200, {}), 'refresh-outcome-unknown', 'without an access token', 5 * SECOND],
    ['an unreadable 4xx', raw(403, PAGE, 'text/html'), 'response-unexpected', 'web page', HOUR],
    ['invalid_grant', invalidGrant, 'invalid-grant', 'invalid_grant', HOUR],
  ] as const)(
    'gives each caller %s, and is sent again when its pause is over',
    async (_, answer, code, said, pause) => {
      const { bank, kept } = await stored(-1, answer);
      const begun = Date.now();
      const first = await failureOf(kept.valid('c'));
      const at = Date.now();
      const { until: pauseEnd } = (await contentIn(bank))!.setback!;
      expect(pauseEnd).toBeGreaterThanOrEqual(begun + pause);
      expect(pauseEnd).toBeLessThanOrEqual(at + pause);
      expect(first).toMatchObject({ code, message: expect.stringContaining(said) as string });
      bank.answerWith(rotated());
      for (const moment of [0, pauseEnd - at - 4 * SECOND]) {
        passTime(moment);
        const failure = await failureOf(elsewhere(bank));
        expect(failure).toMatchObject({ code, outcome: 'not-sent' });
        expect(failure.message).toContain(said);
        // The time is that of the request, whoever asks.
        const [time] = /\d{4}-[\d:.T-]+Z/.exec(failure.text)!;
        expect(Date.parse(time)).toBeGreaterThanOrEqual(begun);
        expect(Date.parse(time)).toBeLessThanOrEqual(at);
        expect(failure.text).not.toContain('no answer came');
      }
      expect(bank.sent).toEqual(['rt']);
      passTime(5 * SECOND);
      expect((await elsewhere(bank)).token).not.toBe('at-0');
      expect(bank.sent).toEqual(['rt', 'rt']);
    },
  );

  it.each([
    [429, '120', 2 * MINUTE],
    [503, '120', 2 * MINUTE],
    [429, '86400', 5 * MINUTE],
    [503, '86400', 5 * MINUTE],
  ])('waits after %d with Retry-After: %s', async (status, seconds, wait) => {
    const { bank, kept } = await stored(-1, json(status, {}, { 'Retry-After': seconds }));
    await failureOf(kept.valid('c'));
    bank.answerWith(rotated());
    passTime(wait - 10 * SECOND);
    await failureOf(elsewhere(bank));
    expect(bank.sent).toEqual(['rt']);
    passTime(12 * SECOND);
    await elsewhere(bank);
    expect(bank.sent).toEqual(['rt', 'rt']);
  });

  it('changes nothing if the bank refused the client', async () => {
    const { bank, kept, stateOf } = await stored(-1, json(401, { error: 'invalid_client' }));
    expect(await failureOf(kept.valid('c'))).toMatchObject({ code: 'invalid-client' });
    expect(await stateOf()).toMatchObject({ state: 'expiring' });
    bank.answerWith(rotated());
    await elsewhere(bank);
    expect(bank.sent).toEqual(['rt', 'rt']);
  });
});

describe('a refresh that another process has sent', () => {
  it('is waited for, and is not reported as lost', async () => {
    const { bank, kept } = await stored(-1, (...given) => {
      setTimeout(() => rotated()(...given), 300).unref();
    });
    const refreshing = kept.valid('c');
    while (bank.sent.length === 0) await new Promise((done) => setTimeout(done, 5));
    const { token } = await elsewhere(bank);
    expect(token).toBe((await refreshing).tokens.access_token);
    expect(bank.sent).toEqual(['rt']);
  });

  it('is sent once more if its process hangs for longer than a refresh may take', async () => {
    const { bank } = await stored(-1, silent);
    const hanging = await anotherProcess(bank, {
      interference: { settle: () => new Promise(() => undefined) },
    });
    void hanging.valid('c');
    while (bank.sent.length === 0) await new Promise((done) => setTimeout(done, 5));
    bank.answerWith(rotated());
    const { token, remarks } = await elsewhere(bank);
    expect(token).not.toBe('at-0');
    expect(remarks.join()).toContain('did not end');
    expect(bank.sent).toEqual(['rt', 'rt']);
  });
});
