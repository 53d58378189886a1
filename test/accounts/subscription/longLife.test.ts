import { Lookup } from '../../../core/accounts/lookup';
import { LIST } from '../../../core/sync/reads';
import { booked, LedgerBank, refusal } from './ledgerBank';
import { idsOf, sqlitePlace, Subscriber, type SyncPlace } from './subscriber';

const DAY = 86_400_000;

let place: Required<SyncPlace>;
let bank: LedgerBank;

beforeEach(async () => {
  place = await sqlitePlace();
  bank = new LedgerBank({ 'A-1': [booked('T1', '12.50', 1)] });
});

describe('the counted reads of Get Many', () => {
  it('are deleted after a day, also if no trigger polls', async () => {
    const read = async () => {
      const { sync } = await Subscriber.start(place, bank);
      const lookup = new Lookup(sync, 'c');
      lookup.willRead();
      await lookup.countReads();
      return sync;
    };
    await read();
    place.pass(25 * 3_600_000);
    const sync = await read();
    // The clock goes back, so that all that is stored counts.
    place.pass(-25 * 3_600_000);
    expect((await sync.reads.counted('c', [LIST])).get(LIST)).toMatchObject({ count: 1 });
  });
});

describe('the position of a deleted consent', () => {
  it('is forgotten after its time', async () => {
    const one = await Subscriber.start(place, bank);
    await one.round();
    await one.sync.keepFor('c', 90);
    place.pass(91 * DAY);
    await one.sync.sweep();
    expect(await one.sync.consent('c')).toBeUndefined();
  });

  it('stays if a trigger polls the consent again, also if the bank shows nothing new', async () => {
    const one = await Subscriber.start(place, bank);
    await one.round();
    await one.sync.keepFor('c', 90);
    bank.rows().length = 0;
    await one.round();
    place.pass(91 * DAY);
    await one.round();
    bank.rows().push(booked('T1', '12.50', 1));
    expect(idsOf(await one.round())).toEqual([]);
  });
});

describe('a pause that the bank asks for', () => {
  it('is at most a day long for a trigger', async () => {
    const one = await Subscriber.start(place, bank);
    const year = 366 * DAY;
    bank.behaviour = () => refusal('api-unavailable', { retryAfter: year });
    const report = await one.report();
    expect(report.failures).toHaveLength(1);
    bank.behaviour = () => undefined;
    expect(await one.round()).toEqual([]);
    place.pass(DAY + 1000);
    expect(idsOf(await one.round())).toEqual(['T1']);
  });
});

describe('a poll that is ended', () => {
  it('hands nothing over, and its rows come with the next poll', async () => {
    const one = await Subscriber.start(place, bank);
    const ending = new AbortController();
    bank.behaviour = (path) => {
      if (path.endsWith('/transactions')) ending.abort();
      return undefined;
    };
    const handed: unknown[] = [];
    await one.subscription.poll(['c'], (handOver) => handed.push(handOver), ending.signal);
    expect(handed).toEqual([]);
    one.subscription.close();
    expect(idsOf(await one.round())).toEqual(['T1']);
  });
});
