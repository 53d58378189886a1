import { inPieces, PIECE } from '../../core/lib/pieces';
import {
  awaitedRows,
  emptyAccount,
  positionOf,
  type AccountState,
  type RowMark,
  type Start,
} from '../../core/sync/accountState';
import { afterRead, type SubscriberRead } from '../../core/sync/afterRead';
import type { Sighting } from '../../core/sync/identities/facts';
import { committed } from '../../core/sync/handOverChanges';
import { observed } from '../../core/sync/identities/observed';
import { marked } from '../../core/sync/markProcessed';

const sighting = (at: number): Sighting => ({
  ...{ bankId: `transaction-${at}x`, reference: undefined, status: 'booked', amount: '-5' },
  ...{ bookedAt: '2026-03-02T10:00:00Z', currency: 'EUR', text: '', isMutable: false },
});

it('remembers a read of many rows in pieces, so that other work of the process can run', async () => {
  const rows = Array.from({ length: PIECE * 3 }, (_, at) => sighting(at));
  const period = { isComplete: true, today: '2026-03-16', wideDays: 45 };
  const { known } = emptyAccount();
  const shown = { ...period, rows, from: '2026-01-01' };
  const observation = await inPieces(observed(known, shown, 'account-1'));
  const read: SubscriberRead = {
    ...{ ...period, subscriber: 's', withPending: false, isWide: true },
    ...{ start: { day: '2026-01-01' }, at: Date.parse('2026-03-16') },
  };
  const work = afterRead(emptyAccount(), observation, rows, read);
  let pieces = 1;
  let step = work.next();
  for (; !step.done; step = work.next()) pieces++;
  expect(pieces).toBeGreaterThan(3 * 2);
  expect(positionOf(step.value.state, 's').marks).toHaveLength(rows.length);
});

describe('what is due after some reads', () => {
  const today = '2026-03-16';
  const start = { at: Date.parse(`${today}T10:00:00Z`) };
  const shown = (status: Sighting['status'], bankId: string, day: string, text = 'CAFE') => {
    return {
      ...sighting(0),
      status,
      bankId: bankId || undefined,
      bookedAt: `${day}T00:00:00Z`,
      text,
    };
  };
  const seen = async (
    state: AccountState,
    rows: readonly Sighting[],
    at: number,
    withPending = false,
    from: Start = start,
  ) => {
    const period = { isComplete: true, today, wideDays: 45 };
    const asked = { ...period, rows, from: '2026-01-01' };
    const observation = await inPieces(observed(state.known, asked, 'account-1'));
    const read = { ...period, subscriber: 's', withPending, isWide: true, start: from, at };
    return (await inPieces(afterRead(state, observation, rows, read))).state;
  };
  const marksOf = (state: AccountState) => positionOf(state, 's').marks;

  it('hands over a payment that equals a row from before the start, if the ID of that row is at another row now', async () => {
    const before = await seen(emptyAccount(), [shown('booked', 'T1', today)], start.at);
    expect(marksOf(before)).toEqual([]);
    const later = [
      shown('booked', 'T2', today),
      shown('booked', 'T1', '2026-03-17', 'CAFE, LONDON'),
    ];
    const after = await seen(before, later, start.at + 1);
    expect(marksOf(after)).toMatchObject([
      { at: 'new', day: today },
      { at: 'new', day: '2026-03-17' },
    ]);
    expect(marksOf(await seen(after, later, start.at + 2))).toHaveLength(2);
  });

  it.each([
    { bank: 'without IDs', pending: '', booked: '', day: '2026-03-17' },
    { bank: 'without IDs, before the start', pending: '', booked: '', day: '2026-03-15' },
    { bank: 'with IDs', pending: 'T1', booked: 'T2', day: today },
  ])(
    'hands over a payment that equals a pending row which seemed to be booked as another row: $bank',
    async ({ pending, booked, day }) => {
      for (const withPending of [false, true]) {
        const read = (state: AccountState, rows: readonly Sighting[], after: number) =>
          seen(state, rows, start.at + after, withPending);
        const first = await read(emptyAccount(), [shown('pending', pending, day)], 0);
        const one = shown('booked', booked, today);
        const second = await read(first, [one], 1);
        expect(marksOf(second)).toMatchObject([{ at: 'new', day: today }]);
        const both = [one, shown('booked', pending, day)];
        const third = await read(second, both, 2);
        expect(marksOf(third)).toMatchObject([
          { at: 'new', day: today },
          { at: 'new', day },
        ]);
        expect(marksOf(await read(third, both, 3))).toEqual(marksOf(third));
      }
    },
  );

  it('hands over a payment that came under a day before the start, if the bank then dates it after the start', async () => {
    const dated = (day: string) => [shown('booked', 'T1', today), shown('booked', 'T2', day)];
    const first = await seen(emptyAccount(), dated(today).slice(0, 1), start.at);
    const second = await seen(first, dated('2026-03-15'), start.at + 1);
    expect(marksOf(second)).toEqual([]);
    const still = await seen(second, dated('2026-03-14'), start.at + 2);
    const third = await seen(still, dated(today), start.at + 3);
    expect(marksOf(third)).toMatchObject([{ at: 'new', day: today }]);
    expect(marksOf(await seen(third, dated('2026-03-15'), start.at + 4))).toMatchObject([
      { at: 'new', day: '2026-03-15' },
    ]);
  });

  it('hands over a payment that the bank dates from the day before the first day to the first day', async () => {
    const read = (state: AccountState, day: string) =>
      seen(state, [shown('booked', 'T1', day)], start.at, false, { day: today });
    const first = await read(emptyAccount(), '2026-03-15');
    expect(marksOf(first)).toEqual([]);
    expect(marksOf(await read(first, today))).toMatchObject([{ at: 'new', day: today }]);
    const { state, count } = marked(first, 's', ['T1'], today);
    expect(count).toBe(1);
    expect(marksOf(await read(state, today))).toEqual([]);
  });

  it('hands over a payment that equals a row from before the start whose ID is at another row now, if the bank then dates it after the start', async () => {
    const day = '2026-03-15';
    const rewritten = shown('booked', 'T1', day, 'CAFE, LONDON');
    const first = await seen(emptyAccount(), [shown('booked', 'T1', day)], start.at);
    const second = await seen(first, [shown('booked', 'T2', day), rewritten], start.at + 1);
    expect(marksOf(second)).toEqual([]);
    const third = await seen(second, [shown('booked', 'T2', today), rewritten], start.at + 2);
    expect(marksOf(third)).toMatchObject([{ at: 'new', day: today }]);
  });

  it('hands nothing over that the first read from now on found, whatever its date becomes', async () => {
    const dated = (day: string) => [shown('booked', 'T1', day)];
    const first = await seen(emptyAccount(), dated('2026-03-15'), start.at);
    expect(marksOf(await seen(first, dated('2026-03-17'), start.at + 1))).toEqual([]);
  });

  it('hands over a payment from before the start if it can be a known one that was dated anew, while another one took its day', async () => {
    const first = await seen(emptyAccount(), [shown('booked', '', today, 'CAFE')], start.at);
    const read = (text: string, early: string, day = '2026-03-15') =>
      seen(
        first,
        [shown('booked', '', today, text), shown('booked', '', day, early)],
        start.at + 1,
      );
    for (const early of ['CAFE', 'CAFE, LONDON']) {
      expect(marksOf(await read('BAR', early))).toMatchObject([{ at: 'new', day: '2026-03-15' }]);
    }
    // The known one is there as it was.
    expect(marksOf(await read('CAFE', 'CAFE, LONDON'))).toEqual([]);
  });

  it('hands over a payment from before the start if it can be a known one that was left out once, while another one took its day', async () => {
    const paid = (text: string, day = today) => shown('booked', '', day, text);
    const first = await seen(emptyAccount(), [paid('CAFE')], start.at);
    const second = await seen(first, [paid('BAR')], start.at + 1);
    expect(marksOf(second)).toEqual([]);
    const third = await seen(second, [paid('BAR'), paid('CAFE', '2026-03-15')], start.at + 2);
    expect(marksOf(third)).toMatchObject([{ at: 'new', day: '2026-03-15' }]);
  });

  it('hands nothing over from before the start if only a known one from before the start can have been dated anew', async () => {
    const first = await seen(emptyAccount(), [shown('booked', '', '2026-03-15', 'CAFE')], start.at);
    const rows = [
      shown('booked', '', '2026-03-15', 'BAR'),
      shown('booked', '', '2026-03-14', 'CAFE'),
    ];
    expect(marksOf(await seen(first, rows, start.at + 1))).toEqual([]);
  });

  it('does not hand over again what the bank has booked, shows as pending, and shows as booked again', async () => {
    const [pending, booked] = [[shown('pending', 'T1', today)], [shown('booked', 'T1', today)]];
    const first = await seen(emptyAccount(), [], start.at);
    const second = await seen(first, booked, start.at + 1);
    const [{ row }] = marksOf(second) as [RowMark];
    const rows = [{ row, event: 'new' as const, isFinal: true }];
    const told = committed(second, 's', { id: 'h', rows })!;
    const third = await seen(told, pending, start.at + 2);
    expect(marksOf(await seen(third, booked, start.at + 3))).toEqual([]);
  });

  it('finds the one of two equal rows that waits for its hand-over, if the other one is gone', async () => {
    for (const [before, after] of [
      ['', ''],
      ['1', '2'],
    ] as const) {
      const [one, other] = [shown('booked', before, today), shown('booked', after, today)];
      const dated = shown('booked', after, '2026-03-12');
      const first = await seen(emptyAccount(), [one], start.at);
      const second = await seen(first, [one, other], start.at + 1);
      const [mark] = marksOf(second);
      const asked = { isComplete: true, today, wideDays: 45, rows: [one, dated] };
      const read = { ...asked, from: '2026-01-01', awaited: awaitedRows(second) };
      const { given } = await inPieces(observed(second.known, read, 'account-1'));
      expect(given[0]).toMatchObject({ row: mark!.row, isNew: false });
    }
  });
});
