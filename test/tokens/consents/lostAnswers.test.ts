import {
  anotherProcess,
  expired,
  rotatingBank,
  type RotatingBankOptions,
  passed,
  passTime,
} from '../../support/stores/consents';
import { SECOND } from '../../support/clock';
import { failureOf } from '../../support/failure';
import { whileUnreachable } from '../../support/servers/unreachable';

/** The time limit ends a request after two seconds. Five seconds later its refresh token may be sent once more. */
const settings = { requestTimeout: 2, connectTimeout: 60 };
const PAUSE = 5 * SECOND;

/** A bank that carries out the first refresh and does not answer it. */
async function losingBank(options: RotatingBankOptions = {}) {
  let silent = true;
  const bank = await rotatingBank({ ...options, answers: () => !silent });
  return Object.assign(bank, { answerAgain: () => (silent = false) });
}

describe('a refresh of a stored consent that got no answer', () => {
  it('is sent once more by the same process five seconds later', async () => {
    const bank = await losingBank({ grace: true });
    const stored = await anotherProcess(bank, { settings });
    await stored.keep('c', passed(expired(bank, 'c')));
    const failure = await failureOf(stored.valid('c'));
    expect(failure).toMatchObject({ code: 'refresh-outcome-unknown', outcome: 'unknown' });
    bank.answerAgain();
    passTime(PAUSE);
    const { tokens, remarks } = await stored.valid('c');
    expect(tokens.access_token).toBe('at-c-2');
    expect(bank.grant('c')).toEqual({ refreshes: 2, revoked: false });
    expect(remarks.join()).toContain('did not end');
    expect((await stored.list())[0]).toMatchObject({ state: 'valid' });
  });

  it('is not sent again before the five seconds have passed, and keeps the time of the attempt', async () => {
    const bank = await losingBank({ grace: true });
    const marks: unknown[] = [];
    const stored = await anotherProcess(bank, {
      settings,
      interference: {
        markAttempt: (store, ...given) => {
          marks.push(given);
          return store.markAttempt(...given);
        },
      },
    });
    await stored.keep('c', passed(expired(bank, 'c')));
    await failureOf(stored.valid('c'));
    bank.answerAgain();
    for (const pause of [0, SECOND]) {
      passTime(pause);
      const failure = await failureOf(stored.valid('c'));
      expect(failure).toMatchObject({ code: 'refresh-outcome-unknown', outcome: 'not-sent' });
    }
    expect(marks).toHaveLength(1);
    expect(bank.grant('c')).toEqual({ refreshes: 1, revoked: false });
  });

  it('ends the consent if the bank refuses the refresh token the second time, and names the reason', async () => {
    const bank = await losingBank();
    const stored = await anotherProcess(bank, { settings });
    await stored.keep('c', passed(expired(bank, 'c')));
    await failureOf(stored.valid('c'));
    bank.answerAgain();
    passTime(PAUSE);
    const failure = await failureOf(stored.valid('c'));
    expect(failure).toMatchObject({ code: 'consent-ended', outcome: 'refused' });
    expect(failure.description).toMatch(/^A refresh was sent on .* its answer.* was lost\./);
    expect((await stored.list())[0]).toMatchObject({ state: 'needs consent' });
  });

  it('is not sent again by other processes that waited for it', async () => {
    const bank = await losingBank();
    const all = await Promise.all(
      Array.from({ length: 4 }, (_, index) =>
        anotherProcess(bank, { settings: { ...settings, connectTimeout: 60 + index / 1000 } }),
      ),
    );
    await all[0]!.keep('c', passed(expired(bank, 'c')));
    const failures = await Promise.all(all.map((stored) => failureOf(stored.valid('c'))));
    expect(failures.map(({ code }) => code)).toEqual(failures.map(() => 'refresh-outcome-unknown'));
    expect(failures.filter(({ outcome }) => outcome === 'unknown')).toHaveLength(1);
    expect(bank.grant('c')).toEqual({ refreshes: 1, revoked: false });
  });
});

describe('a refresh of a stored consent that never reached the bank', () => {
  it('leaves the consent as it was', async () => {
    const bank = await rotatingBank();
    const stored = await anotherProcess(bank);
    await stored.keep('c', passed(expired(bank, 'c')));
    const failure = await whileUnreachable(() => failureOf(stored.valid('c')));
    expect(failure).toMatchObject({ outcome: 'not-sent' });
    expect((await stored.list())[0]).toMatchObject({ state: 'expiring' });
    const elsewhere = await anotherProcess(bank);
    expect((await elsewhere.valid('c')).tokens.access_token).toBe('at-c-1');
  });
});
