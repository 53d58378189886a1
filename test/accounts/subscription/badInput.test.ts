import type { SqlStore } from '../../../core/store/sqlStore';
import { away } from '../../support/stores/interference';
import { failureOf } from '../../support/failure';
import { booked, LedgerBank, pending, refusal } from './ledgerBank';
import { eventsOf, idsOf, sqlitePlace, Subscriber, type SyncPlace } from './subscriber';

const DAY = 24 * 3_600_000;

let place: Required<SyncPlace>;
let bank: LedgerBank;

beforeEach(async () => {
  place = await sqlitePlace();
  bank = new LedgerBank({ 'A-1': [booked('T1', '12.50', 1), booked('T2', '3.00')] });
});

/** A store that is away as long as a test says so. It may be away for some statements alone. */
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

describe('a bank', () => {
  it.each([
    ['an empty list', { Data: { Transaction: [] } }],
    ['null', { Data: { Transaction: null } }],
    ['no data', { Data: {} }],
    ['status 204', 204],
    ['an empty body', 200],
  ])('that answers %s once ends nothing and forgets nothing', async (_, answer) => {
    bank.rows().push(pending('P1', '50.00'));
    const one = await Subscriber.start(place, bank, { withPending: true });
    await one.round();
    bank.behaviour = (path) => (path.endsWith('/transactions') ? answer : undefined);
    expect(await one.round()).toEqual([]);
    bank.behaviour = () => undefined;
    bank.rows()[2] = booked('P1', '50.00');
    expect(eventsOf(await one.round())).toEqual(['booked P1 was P1']);
  });

  it('that lists no account once still gives the transactions of the accounts', async () => {
    const one = await Subscriber.start(place, bank);
    await one.round();
    place.pass(DAY);
    bank.behaviour = (path) => (path === '/accounts' ? { Data: { Account: [] } } : undefined);
    bank.rows().push(booked('T3', '7.00'));
    expect(idsOf(await one.round())).toEqual(['T3']);
  });

  it('that closes the list of accounts still gives the transactions of the accounts', async () => {
    const one = await Subscriber.start(place, bank);
    await one.round();
    place.pass(DAY);
    bank.behaviour = (path) =>
      path === '/accounts' ? refusal('reauthentication-needed') : undefined;
    bank.rows().push(booked('T3', '7.00'));
    const { failures, remarks } = await one.report();
    expect(failures).toEqual([]);
    expect(remarks.join()).toContain('refuses the list of accounts');
    expect(one.open.flatMap(({ items }) => idsOf(items))).toEqual(['T3']);
  });

  it('that refuses one account gives the others, and its state is kept', async () => {
    bank.accounts.set('A-2', [booked('X1', '1.00')]);
    const one = await Subscriber.start(place, bank);
    await one.round();
    bank.behaviour = (path) =>
      path.startsWith('/accounts/A-2') ? refusal('account-unknown') : undefined;
    bank.rows('A-1').push(booked('T3', '7.00'));
    bank.rows('A-2').push(booked('X2', '2.00'));
    const { failures } = await one.report();
    expect(failures).toMatchObject([{ consent: 'c', accountId: 'A-2' }]);
    expect(one.open.flatMap(({ items }) => idsOf(items))).toEqual(['T3']);
    await one.succeed();
    bank.behaviour = () => undefined;
    expect(idsOf(await one.round())).toEqual(['X2']);
  });

  it('whose page fails in the middle gives the rows before it, and nothing is ended', async () => {
    const next =
      'https://bank.example:8243/open-banking/v3.1/aisp/accounts/A-1/transactions?page=2';
    bank = new LedgerBank({ 'A-1': [booked('T1', '1.00'), pending('P1', '5.00')] });
    const one = await Subscriber.start(place, bank, { withPending: true });
    await one.round();
    bank.behaviour = (path, query) => {
      if (!path.endsWith('/transactions')) return undefined;
      if (query.includes('page=2')) return refusal('api-unavailable');
      return { Data: { Transaction: [booked('T2', '3.00')] }, Links: { Next: next } };
    };
    const { failures } = await one.report();
    expect(failures).toHaveLength(1);
    expect(one.open.flatMap(({ items }) => eventsOf(items))).toEqual(['new T2']);
    await one.succeed();
    bank.behaviour = () => undefined;
    bank.rows().push(booked('T2', '3.00'));
    expect(await one.round()).toEqual([]);
  });

  it('whose row has an amount that cannot be read gives the others, and reports the row at each poll', async () => {
    const odd = { Amount: { Amount: '1,234.56', Currency: 'GBP' } };
    bank.rows().push(booked('ODD', '1.00', 0, odd));
    const one = await Subscriber.start(place, bank);
    for (const expected of [['T1', 'T2'], []]) {
      const { failures } = await one.report();
      expect(failures).toMatchObject([{ accountId: 'A-1', error: { code: 'amount-unreadable' } }]);
      expect(one.open.flatMap(({ items }) => idsOf(items))).toEqual(expected);
      await one.succeed();
    }
    bank.rows()[2] = booked('ODD', '1234.56');
    expect(idsOf(await one.round())).toEqual(['ODD']);
  });

  it('that says that the consent ended is noticed until a read succeeds', async () => {
    const one = await Subscriber.start(place, bank);
    await one.round();
    bank.behaviour = () => refusal('consent-not-accepted');
    await one.report();
    await one.report();
    expect((await one.sync.consent('c'))?.noticed).toMatchObject([{ reason: 'ended' }]);
    bank.behaviour = () => undefined;
    await one.report();
    expect((await one.sync.consent('c'))?.noticed).toEqual([]);
  });
});

describe('an account', () => {
  it('that disappears and comes back goes on where it was', async () => {
    bank.accounts.set('A-2', [booked('X1', '1.00')]);
    const one = await Subscriber.start(place, bank);
    await one.round();
    const rows = bank.rows('A-2');
    bank.accounts.delete('A-2');
    place.pass(DAY);
    expect(await one.round()).toEqual([]);
    place.pass(DAY);
    expect(await one.round()).toEqual([]);
    rows.push(booked('X2', '2.00'));
    bank.accounts.set('A-2', rows);
    place.pass(DAY);
    expect(idsOf(await one.round())).toEqual(['X2']);
  });

  it('of which another consent has the same AccountId is another one', async () => {
    const one = await Subscriber.start(place, bank);
    expect(await one.round('c', 'd')).toHaveLength(4);
    expect(await one.round('c', 'd')).toEqual([]);
  });

  it('that the customer adds later gives what was booked since the first poll', async () => {
    const one = await Subscriber.start(place, bank, { start: 'now' });
    await one.round();
    bank.accounts.set('A-2', [booked('X0', '1.00', 3), booked('X1', '2.00', -1)]);
    place.pass(DAY);
    expect(idsOf(await one.round())).toEqual(['X1']);
  });
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
