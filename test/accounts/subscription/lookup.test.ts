import { Lookup, onlyNew } from '../../../core/accounts/lookup';
import { pullAccounts, pullBalances, pullTransactions } from '../../../core/accounts/pull';
import type { SimplifiedTransaction } from '../../../core/accounts/simplified/transaction';
import { Remarks } from '../../../core/lib/remarks';
import type { SyncMemory } from '../../../core/sync/memory';
import { away } from '../../support/stores/interference';
import { booked, LedgerBank } from './ledgerBank';
import { idsOf, sqlitePlace, Subscriber, type SyncPlace } from './subscriber';

let place: Required<SyncPlace>;
let bank: LedgerBank;

beforeEach(async () => {
  place = await sqlitePlace();
  // Rows without IDs: their transaction_id depends on what the memory knows.
  const row = (days: number) => booked('', '12.50', days, { TransactionId: undefined });
  bank = new LedgerBank({ 'A-1': [row(1), row(1)] });
});

/** Reads as Get Many does. */
async function getMany(sync: SyncMemory, counts = true) {
  const lookup = new Lookup(sync, 'c', counts);
  const common = { api: bank, origin: { consent: 'c' }, simplify: true, remarks: new Remarks() };
  const request = { ...common, lookup };
  const [account] = [...bank.accounts.keys()] as [string];
  const accounts = await pullAccounts(request);
  const { rows } = await pullTransactions(request, account, { status: 'booked' });
  await lookup.countReads();
  return { accounts: accounts.rows, rows: rows as SimplifiedTransaction[], request, account };
}

describe('Get Many', () => {
  it('puts out the transaction_id that the trigger gave, whatever the order of the rows', async () => {
    const one = await Subscriber.start(place, bank);
    const [first] = idsOf(await one.round());
    bank.rows().reverse();
    bank.rows()[0] = { ...bank.rows()[0], TransactionId: 'LATER' };
    const { rows } = await getMany(one.sync);
    expect(rows).toHaveLength(2);
    expect(rows.map((row) => row.transaction_id)).toContain(first);
    expect(rows.map((row) => row.transaction_id)).not.toContain('LATER');
  });

  it('puts out the account_key of an account that has another AccountId since a renewal', async () => {
    const one = await Subscriber.start(place, bank);
    await one.round();
    const identification = { SchemeName: 'UK.OBIE.IBAN', Identification: 'GB00A-1' };
    bank.accounts.set('Z-9', bank.rows());
    bank.accounts.delete('A-1');
    bank.behaviour = (path) =>
      path === '/accounts'
        ? { Data: { Account: [{ AccountId: 'Z-9', Currency: 'GBP', Account: [identification] }] } }
        : path.endsWith('/balances')
          ? { Data: { Balance: [{ CreditDebitIndicator: 'Credit', Amount: { Amount: '1.00' } }] } }
          : undefined;
    place.pass(25 * 3_600_000);
    await one.round();
    const { accounts, rows, request } = await getMany(one.sync);
    expect(accounts).toMatchObject([{ account_id: 'Z-9', account_key: 'A-1' }]);
    expect(rows[0]).toMatchObject({ account_id: 'Z-9', account_key: 'A-1' });
    const balances = await pullBalances(request, 'Z-9');
    expect(balances.rows).toMatchObject([{ account_id: 'Z-9', account_key: 'A-1' }]);
  });

  it('reads as well without the store', async () => {
    const failing = {
      ofConsent: () => Promise.reject(away()),
      reads: { add: () => Promise.reject(away()) },
    };
    const { accounts, rows } = await getMany(failing as unknown as SyncMemory);
    expect(accounts).toMatchObject([{ account_key: 'A-1' }]);
    expect(rows).toHaveLength(2);
  });

  it('counts as a read of the list and of the account, unless the customer is present', async () => {
    const one = await Subscriber.start(place, bank, { readsPerDay: 4 });
    await getMany(one.sync, false);
    expect(await one.sync.reads.counted('c', ['', 'A-1'])).toEqual(new Map());
    await getMany(one.sync);
    await getMany(one.sync);
    const counted = await one.sync.reads.counted('c', ['', 'A-1', 'A-2']);
    const counts = [...counted].map(([name, { count }]) => [name, count]);
    expect(Object.fromEntries(counts)).toEqual({ '': 2, 'A-1': 2 });
    // The trigger waits for its turn, and Get Many is not refused.
    expect(await one.poll()).toEqual([]);
    place.pass(6 * 3_600_000);
    expect(await one.poll()).toHaveLength(2);
  });
});

describe('the option Only New', () => {
  it('leaves out what was marked as processed, without a trigger', async () => {
    const { sync } = await Subscriber.start(place, bank);
    const { rows } = await getMany(sync);
    expect(await onlyNew(sync, 'w2/n2', rows)).toHaveLength(2);
    const [first] = rows;
    await sync.markProcessed('w2/n2', 'c', first!.account_id, [first!.transaction_id]);
    expect(await onlyNew(sync, 'w2/n2', rows)).toEqual([rows[1]]);
    expect(await onlyNew(sync, 'other', rows)).toHaveLength(2);
  });

  it('leaves out what the trigger with the same Position Name handed over with success', async () => {
    const one = await Subscriber.start(place, bank, { subscriber: 'ledger' });
    await one.poll();
    const { rows } = await getMany(one.sync);
    expect(await onlyNew(one.sync, 'ledger', rows)).toHaveLength(2);
    await one.succeed();
    expect(await onlyNew(one.sync, 'ledger', rows)).toEqual([]);
    bank.rows().push(booked('T3', '1.00'));
    const later = await getMany(one.sync);
    expect(idsOf((await onlyNew(one.sync, 'ledger', later.rows)) as never)).toEqual(['T3']);
  });
});
