import { mayTakeOver, type LeaseSight } from '../../../core/tokens/consents/takeover';

/** A lease that must not be taken over: its holder has just shown that it lives. */
const living = (isMarked: boolean): LeaseSight => ({
  lease: { isMarked, beatAge: 400, remaining: 30_000 },
  silentFor: 400,
  watchedFor: 5_000,
  untilLimit: 20_000,
  longest: 40_000,
});

type Change = Partial<LeaseSight> | ((sight: LeaseSight) => Partial<LeaseSight>);

const lease =
  (changes: Partial<LeaseSight['lease']>): Change =>
  (sight) => ({ lease: { ...sight.lease, ...changes } });

function judged(isMarked: boolean, changes: Change[]) {
  return mayTakeOver(
    changes.reduce<LeaseSight>(
      (sight, change) => ({ ...sight, ...(typeof change === 'function' ? change(sight) : change) }),
      living(isMarked),
    ),
  );
}

describe('a lease without a mark', () => {
  it.each<[string, boolean, Change[]]>([
    ['while its holder lives', false, []],
    ['if its process has ended', true, [{ goneFor: 0 }]],
    ['three seconds after the last heartbeat', true, [lease({ beatAge: 3001 })]],
    ['if this caller saw no heartbeat for three seconds', true, [{ silentFor: 3000 }]],
    ['after its time', true, [lease({ remaining: -1 })]],
    ['after its longest time, by the clock of this caller', true, [{ watchedFor: 40_000 }]],
    ['if there never was a heartbeat, within its time', false, [lease({ beatAge: undefined })]],
    ['if the clock of the store was set back', false, [lease({ beatAge: -9e6, remaining: 9e6 })]],
  ])('%s: %s', (_, expected, changes) => {
    expect(judged(false, changes)).toBe(expected);
  });
});

describe('a lease with a mark', () => {
  const afterLimit: Change = { untilLimit: -1 };

  it.each<[string, boolean, Change[]]>([
    ['while its holder lives', false, []],
    ['if its process has just ended', false, [{ goneFor: 4999 }]],
    ['five seconds after the end of its process', true, [{ goneFor: 5000 }]],
    ['without a heartbeat, after the limit', true, [{ silentFor: 3000 }, afterLimit]],
    ['without a heartbeat, before the limit', false, [{ silentFor: 39_000 }]],
    ['with a heartbeat, after the limit', false, [afterLimit]],
    ['after its time, with a heartbeat', false, [lease({ remaining: -1 })]],
    [
      'if the clock of the store jumps by an hour',
      false,
      [lease({ remaining: -3.6e6, beatAge: 3.6e6 }), { untilLimit: -3.6e6 }],
    ],
    ['if its holder hangs for the whole limit', true, [{ watchedFor: 40_000 }]],
    [
      'if its holder hangs, and the clock was set back',
      true,
      [{ watchedFor: 40_000, untilLimit: 9e6 }],
    ],
  ])('%s: %s', (_, expected, changes) => {
    expect(judged(true, changes)).toBe(expected);
  });
});
