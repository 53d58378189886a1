import { DAY } from '../../support/clock';
import { booked, LedgerBank, pending } from './ledgerBank';
import { eventsOf, idsOf, sqlitePlace, Subscriber, type SyncPlace } from './subscriber';

let place: Required<SyncPlace>;
let bank: LedgerBank;

beforeEach(async () => {
  place = await sqlitePlace();
  bank = new LedgerBank({ 'A-1': [booked('T1', '12.50', 1), booked('T2', '3.00')] });
});

describe('a user', () => {
  it('who adds pending ones gets those that come from then on, and loses nothing', async () => {
    bank.rows().push(pending('P1', '50.00'));
    const one = await Subscriber.start(place, bank);
    expect(idsOf(await one.round())).toEqual(['T1', 'T2']);
    const two = await Subscriber.start(place, bank, { withPending: true });
    bank.rows().push(pending('P2', '5.00'));
    expect(eventsOf(await two.round())).toEqual(['new P2']);
    bank.rows()[2] = booked('P1', '50.00');
    expect(eventsOf(await two.round())).toEqual(['new P1']);
  });

  it('who no longer wants pending ones gets each of them as booked, once', async () => {
    bank.rows().push(pending('P1', '50.00'), pending('P2', '5.00'));
    const one = await Subscriber.start(place, bank, { withPending: true });
    await one.round();
    const two = await Subscriber.start(place, bank);
    bank.rows().splice(2, 2, booked('P1', '50.00'));
    expect(eventsOf(await two.round())).toEqual(['booked P1 was P1']);
    expect(await two.round()).toEqual([]);
  });

  it('who changes the start after the first poll changes nothing', async () => {
    const one = await Subscriber.start(place, bank, { start: 'now' });
    await one.round();
    const two = await Subscriber.start(place, bank, { start: { from: '2020-01-01' } });
    bank.rows().push(booked('T3', '7.00'));
    expect(idsOf(await two.round())).toEqual(['T3']);
  });

  it('who changes the Encryption Key keeps the position if the former key stays behind the new one', async () => {
    const [first, second] = ['a'.repeat(32), 'b'.repeat(32)];
    const one = await Subscriber.start(place, bank, { encryptionKey: first, readsPerDay: 4 });
    await one.round();
    const two = await Subscriber.start(place, bank, {
      encryptionKey: `${second} ${first}`,
      readsPerDay: 4,
    });
    const reads = bank.reads.length;
    expect(await two.round()).toEqual([]);
    expect(bank.reads).toHaveLength(reads);
    place.pass(DAY / 4);
    bank.rows().push(booked('T3', '7.00'));
    expect(idsOf(await two.round())).toEqual(['T3']);
    // It moved to the new key with that write.
    place.pass(DAY / 4);
    const three = await Subscriber.start(place, bank, { encryptionKey: second });
    expect(await three.round()).toEqual([]);
  });

  it('gets a remark about a first run after the former Encryption Key was removed', async () => {
    const one = await Subscriber.start(place, bank, { encryptionKey: 'a'.repeat(32) });
    await one.round();
    const two = await Subscriber.start(place, bank, { encryptionKey: 'b'.repeat(32) });
    const { remarks } = await two.report();
    expect(remarks.join()).toContain('encrypted with a key that the credential no longer has');
    expect(two.open.flatMap(({ items }) => idsOf(items))).toEqual(['T1', 'T2']);
  });

  it('gets only new rows after a consent was deleted, and all rows again after its position was deleted too', async () => {
    const one = await Subscriber.start(place, bank);
    await one.round();
    await one.sync.forgetLater('c');
    place.pass(80 * DAY);
    bank.rows().splice(0, 2, booked('T3', '7.00', -80));
    expect(idsOf(await one.round())).toEqual(['T3']);
    // It was used, so it stays.
    place.pass(20 * DAY);
    expect(await one.round()).toEqual([]);
    await one.sync.forget('c');
    expect(idsOf(await one.round())).toEqual(['T3']);
    await one.sync.forgetLater('c');
    place.pass(91 * DAY);
    await one.sync.sweep();
    expect(await one.sync.consent('c')).toBeUndefined();
  });
});
