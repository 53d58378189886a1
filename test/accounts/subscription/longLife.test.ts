import { Lookup } from '../../../core/accounts/lookup';
import { LIST } from '../../../core/sync/reads';
import { DAY } from '../../support/clock';
import { passed as received, tokensOf } from '../../support/stores/consents';
import { booked, LedgerBank, refusal } from './ledgerBank';
import { idsOf, sqlitePlace, Subscriber, type SyncPlace } from './subscriber';

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
    await one.sync.forgetLater('c');
    place.pass(91 * DAY);
    await one.sync.sweep();
    expect(await one.sync.consent('c')).toBeUndefined();
  });

  it('stays if a trigger polls the consent again, also if the bank shows nothing new', async () => {
    const one = await Subscriber.start(place, bank);
    await one.round();
    await one.sync.forgetLater('c');
    bank.rows().length = 0;
    await one.round();
    place.pass(91 * DAY);
    await one.round();
    bank.rows().push(booked('T1', '12.50', 1));
    expect(idsOf(await one.round())).toEqual([]);
  });
});

describe('the memory of what nobody uses any more', () => {
  /** The consent is read once a week, until so many days have passed since the first read. */
  async function live(one: Subscriber, days: number): Promise<void> {
    while (passed < days) {
      place.pass(7 * DAY);
      passed += 7;
      bank.rows()[0] = booked('T1', '12.50', -passed);
      await one.round();
    }
  }

  let passed: number;
  beforeEach(() => {
    passed = 0;
  });

  it('is dropped for an account that lists have not shown for 400 days, and stays for the others', async () => {
    bank.accounts.set('A-2', [booked('T2', '1.00', 1)]);
    const one = await Subscriber.start(place, bank);
    await one.round();
    bank.accounts.delete('A-2');
    await live(one, 390);
    expect((await one.sync.ofConsent('c')).accounts.size).toBe(2);
    await live(one, 420);
    const { accounts, consent } = await one.sync.ofConsent('c');
    expect([...accounts.keys()]).toEqual(['A-1']);
    expect(consent?.known.map(({ key }) => key)).toEqual(['A-1']);
  });

  it('is dropped for a workflow that has not read for 400 days while another one reads', async () => {
    const one = await Subscriber.start(place, bank, { subscriber: 'one' });
    const gone = await Subscriber.start(place, bank, { subscriber: 'gone' });
    await gone.round();
    await one.round();
    await live(one, 390);
    const positions = async () =>
      Object.keys((await one.sync.account('c', 'A-1')).state.positions).sort();
    expect(await positions()).toEqual(['gone', 'one']);
    await live(one, 420);
    expect(await positions()).toEqual(['one']);
    expect(Object.keys((await one.sync.consent('c'))!.starts)).toEqual(['one']);
  });

  it('stays although nothing was read for 500 days', async () => {
    bank.accounts.set('A-2', [booked('T2', '1.00', 1)]);
    const one = await Subscriber.start(place, bank, { subscriber: 'one' });
    const other = await Subscriber.start(place, bank, { subscriber: 'other' });
    await one.round();
    await other.round();
    place.pass(500 * DAY);
    bank.filters = false;
    expect(await one.round()).toEqual([]);
    expect(await other.round()).toEqual([]);
  });

  it('is dropped 90 days after the tokens of its consent are gone, however they were deleted', async () => {
    const one = await Subscriber.start(place, bank);
    await one.round();
    await one.sync.sweep();
    place.pass(89 * DAY);
    await one.sync.sweep();
    expect(await one.sync.consent('c')).toBeDefined();
    place.pass(2 * DAY);
    await one.sync.sweep();
    expect(await one.sync.consent('c')).toBeUndefined();
  });

  it('stays as long as tokens of its consent are stored', async () => {
    const one = await Subscriber.start(place, bank);
    await one.tokens.keep('c', received(tokensOf('at')));
    await one.round();
    await one.sync.sweep();
    place.pass(91 * DAY);
    await one.sync.sweep();
    expect(await one.sync.consent('c')).toBeDefined();
  });

  it('is dropped for "Consent Needs Attention" that has put out nothing new for 400 days', async () => {
    const { sync } = await Subscriber.start(place, bank);
    await sync.changeAttention('w/n', () => ({ ended: '' }));
    place.pass(399 * DAY);
    await sync.sweep();
    expect(await sync.attention('w/n')).toEqual({ ended: '' });
    place.pass(2 * DAY);
    await sync.sweep();
    expect(await sync.attention('w/n')).toEqual({});
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
