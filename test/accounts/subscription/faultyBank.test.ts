import { DAY } from '../../support/clock';
import { booked, LedgerBank, pending, refusal } from './ledgerBank';
import { eventsOf, idsOf, sqlitePlace, Subscriber, type SyncPlace } from './subscriber';

let place: Required<SyncPlace>;
let bank: LedgerBank;

beforeEach(async () => {
  place = await sqlitePlace();
  bank = new LedgerBank({ 'A-1': [booked('T1', '12.50', 1), booked('T2', '3.00')] });
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
