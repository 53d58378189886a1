import { booked, LedgerBank, pending } from './ledgerBank';
import {
  eventsOf,
  idsOf,
  postgresPlace,
  sqlitePlace,
  Subscriber,
  type SyncPlace,
} from './subscriber';

describe.each([
  ['SQLite', sqlitePlace],
  ['PostgreSQL', postgresPlace],
])('new transactions in %s', (_, newPlace: () => Promise<SyncPlace>) => {
  let place: SyncPlace;
  let bank: LedgerBank;

  beforeEach(async () => {
    place = await newPlace();
    bank = new LedgerBank({ 'A-1': [booked('T1', '12.50', 1), booked('T2', '3.00')] });
  });

  it('are handed over once, the oldest first', async () => {
    const one = await Subscriber.start(place, bank);
    const items = await one.round();
    expect(items).toMatchObject([
      {
        ...{ event: 'new', transaction_id: 'T1', id_source: 'bank', amount: '-12.50' },
        ...{ account_id: 'A-1', account_key: 'A-1', consent: 'c', status: 'booked' },
      },
      { event: 'new', transaction_id: 'T2' },
    ]);
    expect(await one.round()).toEqual([]);
    bank.rows().push(booked('T3', '7.00'));
    expect(idsOf(await one.round())).toEqual(['T3']);
    expect(await one.round()).toEqual([]);
  });

  it('wait while an execution of their account is open, and come after it', async () => {
    const one = await Subscriber.start(place, bank);
    expect(await one.poll()).toHaveLength(2);
    bank.rows().push(booked('T3', '7.00'));
    expect(await one.poll()).toEqual([]);
    await one.open.shift()!.committed();
    expect(idsOf(await one.handWaiting())).toEqual(['T3']);
  });

  it('come again after 1, 5 and 30 minutes without a read if the execution fails', async () => {
    const one = await Subscriber.start(place, bank);
    await one.poll();
    const reads = bank.asked.length;
    for (const minutes of [1, 5, 30, 30]) {
      await one.fail();
      expect(await one.handWaiting()).toEqual([]);
      expect(one.subscription.waitingUntil).toBe(one.now + minutes * 60_000);
      one.now += minutes * 60_000;
      expect(idsOf(await one.handWaiting())).toEqual(['T1', 'T2']);
    }
    expect(bank.asked).toHaveLength(reads);
    await one.succeed();
    expect(one.subscription.waitingUntil).toBeUndefined();
    expect(await one.round()).toEqual([]);
  });

  it('come with the next read of another process if the process ended before the commit', async () => {
    const one = await Subscriber.start(place, bank);
    expect(await one.poll()).toHaveLength(2);
    const two = await Subscriber.start(place, bank);
    expect(await two.poll()).toEqual([]);
    one.kill();
    const three = await Subscriber.start(place, bank);
    expect(idsOf(await three.round())).toEqual(['T1', 'T2']);
    expect(await three.round()).toEqual([]);
  });

  it('wait while the bank shows them as pending, if it had booked them before', async () => {
    for (const withPending of [false, true]) {
      const subscriber = `w/${String(withPending)}`;
      bank.rows()[0] = booked('T1', '12.50', 1);
      const one = await Subscriber.start(place, bank, { subscriber, withPending });
      expect(await one.poll()).toHaveLength(2);
      one.kill();
      bank.rows()[0] = pending('T1', '12.50', 1);
      const two = await Subscriber.start(place, bank, { subscriber, withPending });
      expect(idsOf(await two.round())).toEqual(['T2']);
      bank.rows()[0] = booked('T1', '12.50', 1);
      expect(await two.round()).toMatchObject([{ transaction_id: 'T1', status: 'booked' }]);
      expect(await two.round()).toEqual([]);
    }
  });

  it('do not come again if the process ended after the commit', async () => {
    const one = await Subscriber.start(place, bank);
    await one.round();
    one.kill();
    const two = await Subscriber.start(place, bank);
    expect(await two.round()).toEqual([]);
  });

  it('are handed over by one of two processes that poll at the same time', async () => {
    const all = await Promise.all([
      Subscriber.start(place, bank),
      Subscriber.start(place, bank),
      Subscriber.start(place, bank),
    ]);
    const items = await Promise.all(all.map((one) => one.poll()));
    expect(idsOf(items.flat()).sort()).toEqual(['T1', 'T2']);
  });

  it('come to each subscriber, with the same transaction_id', async () => {
    bank.rows().push(booked('', '9.00', 0, { TransactionId: undefined }));
    const one = await Subscriber.start(place, bank, { subscriber: 'one' });
    const ids = idsOf(await one.round());
    const other = await Subscriber.start(place, bank, { subscriber: 'other' });
    expect(idsOf(await other.round()).sort()).toEqual(ids.sort());
    bank.rows().push(booked('T3', '7.00'));
    expect(idsOf(await one.round())).toEqual(['T3']);
    expect(idsOf(await other.round())).toEqual(['T3']);
  });

  it('are those booked after the first poll if the start is now', async () => {
    bank.rows().push(pending('P1', '50.00', 1));
    const one = await Subscriber.start(place, bank, { start: 'now' });
    expect(await one.round()).toEqual([]);
    bank.rows().push(booked('T0', '4.00', 5), booked('T3', '7.00'));
    bank.rows()[2] = booked('P1', '50.00', 1);
    // T0 is dated before the start, and P1 was not booked then.
    expect(idsOf(await one.round()).sort()).toEqual(['P1', 'T3']);
    expect(await one.round()).toEqual([]);
  });

  it('with pending ones come as new, changed, booked and vanished', async () => {
    bank = new LedgerBank({ 'A-1': [pending('P1', '50.00', 1), pending('P2', '5.00', 1)] });
    const one = await Subscriber.start(place, bank, { withPending: true });
    expect(eventsOf(await one.round())).toEqual(['new P1', 'new P2']);
    bank.rows()[1] = pending('P2', '5.00', 1, { TransactionInformation: 'ANOTHER TEXT' });
    expect(eventsOf(await one.round())).toEqual(['changed P2']);
    bank.accounts.set('A-1', [booked('P1', '50.00', 0), booked('T3', '1.00')]);
    expect(eventsOf(await one.round()).sort()).toEqual([
      'booked P1 was P1',
      'new T3',
      'vanished P2',
    ]);
    expect(await one.round()).toEqual([]);
  });

  it('can be marked as processed while their execution is open', async () => {
    const one = await Subscriber.start(place, bank);
    await one.poll();
    expect(await one.sync.markProcessed('w1/n1', 'c', 'A-1', ['T1', 'T9'])).toBe(2);
    expect(await one.sync.markProcessed('w1/n1', 'c', 'A-1', ['T1', 'T9'])).toBe(0);
    await one.fail();
    one.now += 60_000;
    expect(idsOf(await one.handWaiting())).toEqual(['T2']);
    await one.succeed();
    bank.rows().push(booked('T9', '9.00'));
    expect(await one.round()).toEqual([]);
  });

  it('come in batches, with at most so many executions at the same time', async () => {
    const many = Array.from({ length: 7 }, (__, at) => booked(`M${at}`, `${at + 1}.00`, 9 - at));
    bank = new LedgerBank({ 'A-1': many, 'A-2': [booked('X', '1.00', 20)] });
    const one = await Subscriber.start(place, bank, { maximumRows: 3, maximumOpen: 2 });
    // The rows of an account come in turn.
    expect(idsOf(await one.poll())).toEqual(['X', 'M0', 'M1']);
    expect(one.open).toHaveLength(1);
    const all: string[] = [];
    while (one.open.length > 0) {
      await one.succeed();
      all.push(...idsOf(await one.handWaiting()));
    }
    expect(all).toEqual(['M2', 'M3', 'M4', 'M5', 'M6']);
    expect(await one.round()).toEqual([]);
  });
});
