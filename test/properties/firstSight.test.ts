import fc from 'fast-check';
import { sightingsOf } from '../../core/accounts/simplified/sightings';
import { Remarks } from '../../core/lib/remarks';
import { identitiesOf } from '../../core/sync/identities/identitiesOf';
import { emptyRows } from '../../core/sync/identities/knownRows';
import { lookedUp } from '../../core/sync/identities/lookedUp';
import { observed } from '../../core/sync/identities/observed';
import { atOnce, row } from '../accounts/simplified/rows';
import { holds } from './property';

/** Rows of a bank with few days, amounts, references and IDs, so that many of them agree in some of these. */
const rows = fc.array(
  fc
    .record({
      id: fc.constantFrom(undefined, 'T-1001', 'T-1002', 'T-1003', '1', '2', 'NOTPROVIDED'),
      reference: fc.constantFrom(undefined, 'R-1', 'R-2'),
      amount: fc.constantFrom('12.50', '12.5', '7.00', 'unreadable'),
      direction: fc.constantFrom('Debit', 'Debit', 'Credit'),
      day: fc.constantFrom('2026-03-02', '2026-03-03', undefined),
      status: fc.constantFrom('Booked', 'Booked', 'Pending', 'Rejected', 'InFo'),
      text: fc.constantFrom('SHOP 11', 'SHOP 12'),
    })
    .map(({ id, reference, amount, direction, day, status, text }) =>
      row({
        ...{ TransactionId: id, TransactionReference: reference, Status: status },
        ...{ CreditDebitIndicator: direction, TransactionInformation: text },
        Amount: { Amount: amount, Currency: 'GBP' },
        BookingDateTime: day && `${day}T00:00:00+00:00`,
        ValueDateTime: day && `${day}T00:00:00+00:00`,
      }),
    ),
  { maxLength: 8 },
);

it('transactions have the same IDs without a memory, in a first look, and after the first read of a trigger', () => {
  holds(
    fc.property(rows, (raw) => {
      const seen = atOnce(sightingsOf(raw, new Remarks()));
      const plain = atOnce(identitiesOf(seen, 'A-1', new Remarks()));
      const readable = seen.map((one) => (one.amount === '' ? undefined : one));
      const read = { rows: readable, isComplete: true, from: '2026-02-20', today: '2026-03-10' };
      const { given } = atOnce(observed(emptyRows(), { ...read, wideDays: 45 }, 'A-1'));
      const looked = atOnce(lookedUp(emptyRows(), readable, 'A-1'));
      const shown = (identities: readonly ({ id: string; source: string } | undefined)[]) =>
        identities.map((one) => one && `${one.source} ${one.id}`);
      expect(shown(given)).toEqual(shown(plain));
      expect(shown(looked)).toEqual(shown(plain));
    }),
  );
});
