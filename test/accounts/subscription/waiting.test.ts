import { Waiting, type FoundRow } from '../../../core/accounts/subscription/waiting';

const found = (row: number): FoundRow => ({
  ...{ consent: 'c', accountKey: 'a', row, event: 'new', isFinal: true },
  item: {
    ...{ transaction_id: `t${row}`, id_source: 'bank', account_id: 'a', account_key: 'a' },
    ...{ status: 'booked', amount: '1.00', event: 'new' },
    booked_at: `2026-03-${String(1 + (row % 28)).padStart(2, '0')}`,
  },
});

it('hands out the oldest of 200,000 transactions that wait', () => {
  const waiting = new Waiting(() => 0);
  waiting.add(Array.from({ length: 200_000 }, (_, row) => found(row)));
  expect(waiting.take(3)?.map(({ row }) => row)).toEqual([0, 28, 56]);
});
