import { Slots } from '../../../core/lib/slots';
import {
  accessTokenOf,
  anotherProcess,
  expired,
  passed,
  pause,
  rotatingBank,
} from '../../support/stores/consents';
import { failureOf } from '../../support/failure';
import { until } from '../../support/waiting';

afterEach(() => void jest.restoreAllMocks());

/** A bank that answers the refresh of the consent "slow" after two seconds, and a process whose refresh of it is under way. */
async function slowRefresh() {
  const bank = await rotatingBank({ delay: (consent) => (consent === 'slow' ? 2000 : 0) });
  const holder = await anotherProcess(bank);
  for (const consent of ['slow', 'other']) {
    await holder.keep(consent, passed(expired(bank, consent)));
  }
  const refreshing = accessTokenOf(holder, 'slow');
  await until(() => bank.grant('slow').refreshes === 1);
  return { bank, refreshing };
}

describe('a caller that waits for the lease of another process', () => {
  it('holds up no other refresh of its own process', async () => {
    const { bank, refreshing } = await slowRefresh();
    const limits = { looks: new Slots(1), refreshes: new Slots(1) };
    const waiting = await anotherProcess(bank, { limits });
    let hasWaited = false;
    const waited = accessTokenOf(waiting, 'slow').finally(() => (hasWaited = true));
    await pause(300);
    expect(await accessTokenOf(waiting, 'other')).toBe('at-other-1');
    expect(hasWaited).toBe(false);
    expect(await waited).toBe(await refreshing);
    expect(bank.refreshes()).toBe(2);
  });

  it('gives up after twice the time of a lease', async () => {
    const { bank, refreshing } = await slowRefresh();
    const now = performance.now.bind(performance);
    let ahead = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => now() + ahead);
    const waiting = await anotherProcess(bank, {
      // A lease lasts 5.3 seconds.
      settings: { connectTimeout: 0.1, requestTimeout: 0.1 },
      interference: { look: (real, name) => ((ahead = 10_700), real.look(name)) },
    });
    expect(await failureOf(waiting.valid('slow'))).toMatchObject({
      code: 'store-busy',
      outcome: 'not-sent',
    });
    await refreshing;
    expect(bank.grant('slow').refreshes).toBe(1);
  });
});
