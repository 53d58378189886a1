import { inPieces, PIECE } from '../../core/lib/pieces';
import { emptyAccount, positionOf } from '../../core/sync/accountState';
import { afterRead, type SubscriberRead } from '../../core/sync/afterRead';
import type { Sighting } from '../../core/sync/identities/facts';
import { observed } from '../../core/sync/identities/observed';

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
