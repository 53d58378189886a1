import type { TokenStore } from '../../../core/store/store';
import { HOUR, later, MINUTE } from '../../support/clock';
import {
  anotherProcess,
  moveClockOfStore,
  passed,
  passTime,
  pause,
  recordIn,
  type ProcessChanges,
} from '../../support/stores/consents';
import { away, type Interference } from '../../support/stores/interference';
import { failureOf } from '../../support/failure';
import {
  heldBack,
  reset,
  rotated,
  silent,
  tokenBank,
  tokensFor,
  type TokenBank,
} from '../../support/bank/tokenBank';
import { whileUnreachable } from '../../support/servers/unreachable';
import { until } from '../../support/waiting';

/** A refresh may take five seconds: longer than a process without a heartbeat keeps an unmarked lease. */
const LIMIT = 5000;
const settings = { connectTimeout: 3, requestTimeout: 2 };

/** The usual time limits, under which a refresh may take longer than a test. */
const usual = { connectTimeout: 10, requestTimeout: 30 };

/** A bank, and tokens in the store whose access token has expired. */
async function expiredTokens(): Promise<TokenBank> {
  const bank = await tokenBank(settings);
  await (await anotherProcess(bank)).keep('c', passed(tokensFor(-600)));
  return bank;
}

/** A process of another host that dies at a call of the store: the call never ends, and there are no more heartbeats. */
async function died(bank: TokenBank, at: 'markAttempt' | 'settle', changes: ProcessChanges = {}) {
  let isDead = false;
  const die = () => {
    isDead = true;
    return new Promise<never>(() => undefined);
  };
  const beat = (real: TokenStore, name: string) => (isDead ? die() : real.beat(name));
  const process = await anotherProcess(bank, { ...changes, interference: { beat, [at]: die } });
  void process.valid('c');
  await until(() => isDead);
}

describe('the mark of an attempt whose process died on another host', () => {
  it.each([
    ['five minutes ahead', 5 * MINUTE],
    ['five minutes behind', -5 * MINUTE],
  ])('is respected until its limit by a process whose clock is %s', async (_, difference) => {
    const bank = await expiredTokens();
    bank.answerWith(reset);
    await died(bank, 'settle');
    expect((await recordIn(bank))!.attempt).toMatchObject({ limit: LIMIT });
    bank.answerWith(rotated());
    later(difference);
    const asked = (await anotherProcess(bank)).valid('c');
    await pause(LIMIT - 1500);
    expect(bank.sent).toEqual(['rt']);
    const { tokens, remarks } = await asked;
    expect(tokens.access_token).not.toBe('at-0');
    expect(remarks.join()).toContain('did not end');
    expect(bank.sent).toEqual(['rt', 'rt']);
  });

  it('stays as it was if the next process cannot reach the bank', async () => {
    const bank = await expiredTokens();
    bank.answerWith(reset);
    await died(bank, 'settle');
    const { attempt } = (await recordIn(bank))!;
    passTime(LIMIT);
    await whileUnreachable(async () => {
      const failure = await failureOf((await anotherProcess(bank)).valid('c'));
      expect(failure).toMatchObject({ outcome: 'not-sent' });
    });
    expect((await recordIn(bank))!.attempt).toEqual(attempt);
    bank.answerWith(rotated());
    const { remarks } = await (await anotherProcess(bank)).valid('c');
    expect(remarks.join()).toContain(new Date(attempt!.at).toISOString());
    expect(bank.sent).toEqual(['rt', 'rt']);
  });
});

describe('a mark under which nothing was sent', () => {
  it('is taken off if the bank cannot be reached', async () => {
    const bank = await expiredTokens();
    await whileUnreachable(async () => failureOf((await anotherProcess(bank)).valid('c')));
    expect(await recordIn(bank)).not.toHaveProperty('attempt');
  });

  it('is taken off later if the store cannot be written at that moment', async () => {
    const bank = await expiredTokens();
    let isAway = true;
    const release: Interference['release'] = (real, ...given) =>
      isAway ? Promise.reject(away()) : real.release(...given);
    const kept = await anotherProcess(bank, { interference: { release } });
    await whileUnreachable(() => failureOf(kept.valid('c')));
    expect(await recordIn(bank)).toHaveProperty('attempt');
    isAway = false;
    await pause(500);
    expect(await recordIn(bank)).not.toHaveProperty('attempt');
    await (await anotherProcess(bank)).valid('c');
    expect(bank.sent).toEqual(['rt']);
  });
});

describe('the lease of a holder that lives', () => {
  it.each([
    ['forward', HOUR],
    ['back', -HOUR],
  ])('is not taken over if the clock of the store jumps %s by an hour', async (_, jump) => {
    const bank = await expiredTokens();
    const { answer, send } = heldBack(rotated());
    bank.answerWith(answer);
    const first = (await anotherProcess(bank, { settings: usual })).valid('c');
    await until(() => bank.sent.length === 1);
    moveClockOfStore(jump);
    const second = (await anotherProcess(bank, { settings: usual })).valid('c');
    await pause(4500);
    expect(bank.sent).toEqual(['rt']);
    send();
    expect((await second).tokens.access_token).toBe((await first).tokens.access_token);
    expect(bank.sent).toEqual(['rt']);
  });
});

describe('the lease of a process that died on another host before it marked an attempt', () => {
  it('is taken over without waiting for its time', async () => {
    const bank = await expiredTokens();
    await died(bank, 'markAttempt', { settings: usual });
    const { tokens, remarks } = await (await anotherProcess(bank, { settings: usual })).valid('c');
    expect(tokens.access_token).not.toBe('at-0');
    expect(remarks).toEqual([]);
    expect(bank.sent).toEqual(['rt']);
  });
});

describe('a refresh that got no answer', () => {
  it.each([
    ['the bank closed the connection', reset],
    ['the time limit ended it', silent],
  ])('is sent once more by the same process five seconds after %s', async (_, answer) => {
    const bank = await expiredTokens();
    bank.answerWith(answer);
    const kept = await anotherProcess(bank);
    expect(await failureOf(kept.valid('c'))).toMatchObject({ outcome: 'unknown' });
    bank.answerWith(rotated());
    passTime(1000);
    expect(await failureOf(kept.valid('c'))).toMatchObject({ outcome: 'not-sent' });
    passTime(5000);
    expect((await kept.valid('c')).tokens.access_token).not.toBe('at-0');
    expect(bank.sent).toEqual(['rt', 'rt']);
  });

  it('is not sent again earlier by a process whose clock is ahead', async () => {
    const bank = await expiredTokens();
    bank.answerWith(reset);
    await failureOf((await anotherProcess(bank)).valid('c'));
    bank.answerWith(rotated());
    later(5 * MINUTE);
    expect(await failureOf((await anotherProcess(bank)).valid('c'))).toMatchObject({
      code: 'refresh-outcome-unknown',
      outcome: 'not-sent',
    });
    expect(bank.sent).toEqual(['rt']);
  });
});
