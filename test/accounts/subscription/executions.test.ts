import { DAY } from '../../support/clock';
import { booked, LedgerBank, pending } from './ledgerBank';
import { eventsOf, idsOf, sqlitePlace, Subscriber, type SyncPlace } from './subscriber';

let place: Required<SyncPlace>;
let bank: LedgerBank;

beforeEach(async () => {
  place = await sqlitePlace();
  bank = new LedgerBank({ 'A-1': [booked('T1', '12.50', 1), booked('T2', '3.00')] });
});

describe('an execution', () => {
  it('that succeeds after it counted as failed is committed', async () => {
    const one = await Subscriber.start(place, bank);
    await one.poll();
    const [handOver] = one.open.splice(0);
    await handOver!.failed();
    await handOver!.committed();
    one.now += 60_000;
    expect(await one.handWaiting()).toEqual([]);
    expect(await one.round()).toEqual([]);
  });

  it('without an answer counts as failed after its time', async () => {
    const one = await Subscriber.start(place, bank, { deadline: 600_000 });
    await one.poll();
    one.now += 599_000;
    expect(await one.handWaiting()).toEqual([]);
    one.now += 61_001;
    await one.handWaiting();
    one.now += 60_000;
    expect(idsOf(await one.handWaiting())).toEqual(['T1', 'T2']);
  });

  it('of a process whose end is not known counts as failed after its time', async () => {
    const one = await Subscriber.start(place, bank, { deadline: 600_000 });
    await one.poll();
    const two = await Subscriber.start(place, bank);
    place.pass(590_000);
    expect(await two.poll()).toEqual([]);
    place.pass(20_000);
    two.now += 60_000;
    expect(idsOf(await two.handWaiting())).toEqual(['T1', 'T2']);
  });
});

it('uses the clock of the store: those of the hosts may differ by days', async () => {
  const one = await Subscriber.start(place, bank, { readsPerDay: 4 });
  const other = await Subscriber.start(place, bank, { readsPerDay: 4 });
  other.now += 30 * DAY;
  expect(await one.poll()).toHaveLength(2);
  expect(await other.poll()).toEqual([]);
  expect(bank.reads).toHaveLength(1);
});

it('shows rows as a first look, and remembers nothing but the reads', async () => {
  bank.rows().push(pending('P1', '5.00'));
  const one = await Subscriber.start(place, bank, { readsPerDay: 4 });
  const { items } = await one.subscription.preview(['c'], 1);
  expect(eventsOf(items)).toEqual(['new T2']);
  expect(await one.sync.consent('c')).toBeUndefined();
  expect(await one.poll()).toEqual([]);
  place.pass(DAY / 4);
  expect(idsOf(await one.poll())).toEqual(['T1', 'T2']);
});
