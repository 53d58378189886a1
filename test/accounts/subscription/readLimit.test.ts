import { OpenBankingError } from '../../../core/errors/OpenBankingError';
import { HOUR } from '../../support/clock';
import { booked, dayBefore, LedgerBank, refusal } from './ledgerBank';
import { idsOf, sqlitePlace, Subscriber, type SyncPlace } from './subscriber';

let place: Required<SyncPlace>;
let bank: LedgerBank;

beforeEach(async () => {
  place = await sqlitePlace();
  bank = new LedgerBank({ 'A-1': [booked('T1', '12.50', 1)] });
});

/** The hours, from now, in which a subscriber that polls every hour reads. */
async function hoursOfReads(one: Subscriber, hours: number): Promise<number[]> {
  const read: number[] = [];
  for (let hour = 0; hour < hours; hour++) {
    const before = bank.reads.length;
    await one.round();
    if (bank.reads.length > before) read.push(hour);
    place.pass(HOUR);
  }
  return read;
}

describe('the limit of reads in 24 hours', () => {
  it('spreads the reads of an account over the day', async () => {
    const one = await Subscriber.start(place, bank, { readsPerDay: 4 });
    expect(await hoursOfReads(one, 30)).toEqual([0, 6, 12, 18, 24]);
  });

  it('is kept in any 24 hours, also through restarts and another process', async () => {
    const all: number[] = [];
    for (let restart = 0; restart < 4; restart++) {
      const one = await Subscriber.start(place, bank, { readsPerDay: 4 });
      const other = await Subscriber.start(place, bank, { readsPerDay: 4 });
      await other.round();
      all.push(...(await hoursOfReads(one, 10)).map((hour) => restart * 10 + hour));
    }
    expect(bank.reads.length).toBeLessThanOrEqual(8);
    expect(bank.reads.length).toBeGreaterThanOrEqual(6);
  });

  it('is none if it is not given', async () => {
    const one = await Subscriber.start(place, bank);
    expect(await hoursOfReads(one, 3)).toEqual([0, 1, 2]);
  });

  it('counts all pages of a read as one, and the list of accounts is read once a day', async () => {
    const next =
      'https://bank.example:8243/open-banking/v3.1/aisp/accounts/A-1/transactions?page=2';
    bank.behaviour = (path, query) => {
      if (!path.endsWith('/transactions')) return undefined;
      const isFirst = !query.includes('page=2');
      const rows = [booked(isFirst ? 'T1' : 'T2', '1.00')];
      return { Data: { Transaction: rows }, Links: isFirst ? { Next: next } : {} };
    };
    const one = await Subscriber.start(place, bank, { readsPerDay: 4 });
    expect(idsOf(await one.round()).sort()).toEqual(['T1', 'T2']);
    await hoursOfReads(one, 24);
    expect(bank.reads).toHaveLength(8);
    expect(bank.asked.filter((path) => path.startsWith('/accounts?'))).toHaveLength(2);
  });

  it('counts refusals, but no read that the bank did not answer', async () => {
    const one = await Subscriber.start(place, bank, { readsPerDay: 4 });
    await one.round();
    place.pass(6 * HOUR);
    bank.behaviour = () => new OpenBankingError('timeout', { message: 'No answer came' });
    const report = await one.report();
    expect(report.failures).toMatchObject([{ consent: 'c', accountId: 'A-1' }]);
    bank.behaviour = () => refusal('api-unavailable');
    await one.report();
    bank.behaviour = () => undefined;
    bank.rows().push(booked('T2', '3.00'));
    place.pass(HOUR);
    expect(await one.round()).toEqual([]);
    place.pass(5 * HOUR);
    expect(idsOf(await one.round())).toEqual(['T2']);
  });

  it('says when the next account may be read', async () => {
    const one = await Subscriber.start(place, bank, { readsPerDay: 4 });
    await one.report();
    await one.succeed();
    const { nextReadAt = 0 } = await one.report();
    const hours = (nextReadAt - Date.now()) / HOUR;
    expect(hours).toBeGreaterThan(5.5);
    expect(hours).toBeLessThan(6.1);
  });

  it('is shared by two subscribers in turn, so that none goes without', async () => {
    const options = { readsPerDay: 4 };
    const one = await Subscriber.start(place, bank, { ...options, subscriber: 'one' });
    const other = await Subscriber.start(place, bank, { ...options, subscriber: 'other' });
    const got: Record<string, string[]> = { one: [], other: [] };
    for (let hour = 0; hour < 48; hour++) {
      if (hour % 12 === 0) bank.rows().push(booked(`H${hour}`, `${hour + 1}.00`, 0));
      got.one!.push(...idsOf(await one.round()));
      got.other!.push(...idsOf(await other.round()));
      place.pass(HOUR);
    }
    expect(got.one).toEqual(expect.arrayContaining(['T1', 'H0', 'H12', 'H24']));
    expect(got.other!.sort()).toEqual(got.one!.sort());
    expect(bank.reads.length).toBeLessThanOrEqual(9);
  });

  it('reads nothing before the time that the bank names, also after a restart', async () => {
    bank.behaviour = () => refusal('api-unavailable', { retryAfter: 20 * HOUR });
    const one = await Subscriber.start(place, bank);
    expect((await one.report()).failures).toHaveLength(1);
    const asked = bank.asked.length;
    bank.behaviour = () => undefined;
    const two = await Subscriber.start(place, bank);
    place.pass(19 * HOUR);
    const { nextReadAt } = await two.report();
    expect(nextReadAt).toBeGreaterThan(Date.now() + 19 * HOUR);
    expect(bank.asked).toHaveLength(asked);
    place.pass(1.1 * HOUR);
    expect(idsOf(await two.round())).toEqual(['T1']);
  });
});

describe('the period that is asked for', () => {
  const froms = () => bank.reads.map((one) => /fromBookingDateTime=(.*)T00/.exec(one)![1]);

  it('is the wide one once a day, and the window otherwise, with a day more and without a zone', async () => {
    const one = await Subscriber.start(place, bank, { readsPerDay: 4, start: 'now' });
    await hoursOfReads(one, 24);
    // The window reaches back from the day of the read before, and reads come every six hours.
    const days = [46, 15, 15, 15].map((count, at) =>
      dayBefore(count, Date.now() + Math.max(at - 1, 0) * 6 * HOUR),
    );
    expect(froms()).toEqual(days);
    expect(bank.reads[0]).toBe(
      `/accounts/A-1/transactions?fromBookingDateTime=${dayBefore(46)}T00:00:00`,
    );
  });

  it('begins at the start of a subscriber until a complete read has shown it', async () => {
    bank.behaviour = (path) =>
      path.endsWith('transactions') ? refusal('api-unavailable') : undefined;
    const one = await Subscriber.start(place, bank, { start: { from: '2025-01-10' } });
    await one.report();
    bank.behaviour = () => undefined;
    await one.round();
    await one.round();
    expect(froms()).toEqual(['2025-01-09', '2025-01-09', dayBefore(15)]);
  });

  it('reaches back to the last complete read if n8n was off for two months', async () => {
    const one = await Subscriber.start(place, bank);
    await one.round();
    place.pass(60 * 24 * HOUR);
    bank.rows().push(booked('T2', '3.00', -2), booked('T3', '4.00', -58));
    const two = await Subscriber.start(place, bank);
    expect(idsOf(await two.round())).toEqual(['T2', 'T3']);
    expect(froms().at(-1)).toBe(dayBefore(46));
  });

  it('reaches back to a transaction whose execution failed', async () => {
    bank.rows()[0] = booked('OLD', '1.00', 80);
    const one = await Subscriber.start(place, bank);
    expect(idsOf(await one.poll())).toEqual(['OLD']);
    one.kill();
    const two = await Subscriber.start(place, bank);
    expect(idsOf(await two.round())).toEqual(['OLD']);
    expect(froms().at(-1)).toBe(dayBefore(95));
    await two.round();
    expect(froms().at(-1)).toBe(dayBefore(15));
  });

  it('reaches back to a transaction whose execution failed although the bank dated it back since', async () => {
    bank.rows()[0] = booked('OLD', '1.00', 80);
    const one = await Subscriber.start(place, bank);
    expect(idsOf(await one.poll())).toEqual(['OLD']);
    one.kill();
    bank.rows()[0] = booked('OLD', '1.00', 83);
    const two = await Subscriber.start(place, bank);
    expect(idsOf(await two.round())).toEqual(['OLD']);
  });

  it('is cut to what the bank allows without a warning if nothing can be lost', async () => {
    const one = await Subscriber.start(place, bank, { start: 'now' });
    await one.round();
    place.pass(60 * 24 * HOUR);
    bank.behaviour = (path, query) =>
      path.endsWith('/transactions') && query < `fromBookingDateTime=${dayBefore(29)}`
        ? refusal('period-refused')
        : undefined;
    bank.rows().push(booked('T2', '3.00', -3));
    expect((await one.report()).remarks).toEqual([]);
    expect(idsOf(one.open[0]!.items)).toEqual(['T2']);
    expect(froms().slice(1)).toEqual([dayBefore(46), dayBefore(29)]);
  });

  it('is cut to what the bank allows, which is reported as a possible loss', async () => {
    bank.rows().push(booked('T2', '3.00', 50));
    bank.behaviour = (path, query) =>
      path.endsWith('/transactions') && query < `fromBookingDateTime=${dayBefore(89)}`
        ? refusal('period-refused')
        : undefined;
    const one = await Subscriber.start(place, bank, { start: { from: '2020-01-01' } });
    const { remarks, failures } = await one.report();
    expect(failures).toEqual([]);
    expect(remarks.join()).toContain(
      `refuses transactions from 2019-12-31 on. It gives those from ${dayBefore(89)} on`,
    );
    expect(idsOf(one.open[0]!.items)).toEqual(['T2', 'T1']);
    expect((await one.sync.consent('c'))?.noticed).toMatchObject([
      { reason: 'may-have-lost', accountId: 'A-1' },
    ]);
    await one.succeed();
    // It is asked once.
    const before = bank.reads.length;
    expect((await one.report()).remarks).toEqual([]);
    expect(bank.reads).toHaveLength(before + 1);
  });
});
