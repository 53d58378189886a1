import type { SqlStore } from '../../../core/store/sqlStore';
import { failureOf } from '../../support/failure';
import { away } from '../../support/stores/interference';
import { booked, LedgerBank } from './ledgerBank';
import { idsOf, sqlitePlace, Subscriber, type SyncPlace } from './subscriber';

let place: Required<SyncPlace>;
let bank: LedgerBank;

beforeEach(async () => {
  place = await sqlitePlace();
  bank = new LedgerBank({ 'A-1': [booked('T1', '12.50', 1), booked('T2', '3.00')] });
});

function unsteadyStore(isAway: (statement: string) => boolean): SqlStore {
  const store = place.open();
  const memories = new Proxy(store.memories, {
    get: (target, name: string) => {
      const methods = target as unknown as Record<string, (...values: unknown[]) => unknown>;
      return (...values: unknown[]) =>
        isAway(name) ? Promise.reject(away()) : methods[name]!(...values);
    },
  });
  Object.defineProperty(store, 'memories', { value: memories });
  return store;
}

describe('a store that is away', () => {
  it('lets no poll begin, and nothing is lost', async () => {
    let isAway = true;
    const one = await Subscriber.start(place, bank, { store: unsteadyStore(() => isAway) });
    expect(await failureOf(one.report())).toMatchObject({ code: 'store-unavailable' });
    expect(bank.asked).toEqual([]);
    isAway = false;
    expect(idsOf(await one.round())).toEqual(['T1', 'T2']);
  });

  it.each(['change', 'add', 'find'])('while %s is carried out loses nothing', async (statement) => {
    let left = 0;
    const store = unsteadyStore((name) => name === statement && left-- > 0);
    const one = await Subscriber.start(place, bank, { store });
    const got = new Set<string>();
    for (const failures of [1, 2, 3, 4, 0, 0]) {
      left = failures;
      const before = one.open.length;
      await one.report().catch(() => undefined);
      for (const handOver of one.open.splice(before)) {
        idsOf(handOver.items).forEach((id) => got.add(id));
        await handOver.committed().catch(() => handOver.committed());
      }
    }
    left = 0;
    expect([...got].sort()).toEqual(['T1', 'T2']);
    expect(await one.round()).toEqual([]);
  });

  it('at the commit lets the caller try it again, and nothing comes twice', async () => {
    let isAway = false;
    const one = await Subscriber.start(place, bank, { store: unsteadyStore(() => isAway) });
    await one.poll();
    const [handOver] = one.open;
    isAway = true;
    expect(await failureOf(handOver!.committed())).toMatchObject({ code: 'store-unavailable' });
    isAway = false;
    expect(await one.poll()).toEqual([]);
    await handOver!.committed();
    expect(await one.round()).toEqual([]);
  });

  it('after a failed execution does not keep its transactions back', async () => {
    let isAway = false;
    const one = await Subscriber.start(place, bank, { store: unsteadyStore(() => isAway) });
    await one.poll();
    isAway = true;
    await one.fail();
    isAway = false;
    one.now += 60_000;
    expect(idsOf(await one.handWaiting())).toEqual(['T1', 'T2']);
  });
});
