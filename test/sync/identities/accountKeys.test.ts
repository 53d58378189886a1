import { accountIdentity } from '../../../core/accounts/simplified/account';
import type { RawRow } from '../../../core/accounts/simplified/rawRow';
import { randomValue } from '../../../core/lib/randomValue';
import {
  recognized,
  type KnownAccount,
  type Recognition,
} from '../../../core/sync/identities/accountKeys';

const KEY = randomValue();

/** An account as the bank lists it. */
function account(AccountId: string, Identification?: string, members: RawRow = {}): RawRow {
  const { SecondaryIdentification, ...others } = members;
  const named = {
    SchemeName: 'UK.OBIE.SortCodeAccountNumber',
    Identification,
    SecondaryIdentification,
  };
  return { AccountId, Currency: 'GBP', ...(Identification ? { Account: [named] } : {}), ...others };
}

/** Lists of the bank, one after the other. Returns the keys of the accounts of each, and the remarks. */
function listed(...lists: readonly (readonly RawRow[])[]) {
  let known: readonly KnownAccount[] = [];
  return lists.map((rows) => {
    const accounts = rows.map((row) => ({
      accountId: row.AccountId as string,
      ...accountIdentity(row),
    }));
    const result = recognized(known, accounts, KEY);
    known = JSON.parse(JSON.stringify(result.known)) as KnownAccount[];
    const keys = Object.fromEntries(result.accounts.map((one) => [one.accountId, one.accountKey]));
    return { keys, remarks: result.remarks, known };
  });
}

const NUMBER = '40111022334455';

describe('the key of an account', () => {
  it('is its first ID, and stays the same under another ID with the same identification', () => {
    const [first, second, third] = listed(
      [account('A-1', NUMBER)],
      [account('Z-9', '401110 22334455')],
      [account('Z-9', NUMBER)],
    );
    expect(first).toMatchObject({ keys: { 'A-1': 'A-1' }, remarks: [] });
    expect(second).toMatchObject({ keys: { 'Z-9': 'A-1' } });
    expect(second!.remarks).toEqual([expect.stringContaining('Account Z-9 continues account A-1')]);
    expect(third).toMatchObject({ keys: { 'Z-9': 'A-1' }, remarks: [] });
  });

  it('tells accounts with one identification apart by currency and secondary identification', () => {
    const pots = (one: string, two: string, three: string) => [
      account(one, NUMBER),
      account(two, NUMBER, { Currency: 'EUR' }),
      account(three, NUMBER, { SecondaryIdentification: '0021' }),
    ];
    const [, second] = listed(pots('A', 'B', 'C'), pots('Z', 'Y', 'X').reverse());
    expect(second!.keys).toEqual({ Z: 'A', Y: 'B', X: 'C' });
  });

  it('stays the same without identification if one account is left over on both sides', () => {
    const [, second] = listed(
      [account('A-1', NUMBER), account('A-2')],
      [account('A-1', NUMBER), account('Z-2')],
    );
    expect(second!.keys).toEqual({ 'A-1': 'A-1', 'Z-2': 'A-2' });
    expect(second!.remarks).toHaveLength(1);
  });

  it('is new without identification if several accounts are left over', () => {
    const [, second] = listed([account('A-1'), account('A-2')], [account('Z-1'), account('Z-2')]);
    expect(second!.keys).toEqual({ 'Z-1': 'Z-1', 'Z-2': 'Z-2' });
    expect(second!.remarks).toEqual([
      expect.stringContaining('Z-1 is treated as a new account'),
      expect.stringContaining('Z-2 is treated as a new account'),
    ]);
  });

  it('is new without identification after another customer took the name, and never that of a former customer', () => {
    const listOf = (...ids: string[]) =>
      ids.map((id) => ({ accountId: id, ...accountIdentity(account(id)) }));
    const keysOf = ({ accounts }: Recognition) => accounts.map(({ accountKey }) => accountKey);
    const former = recognized([], listOf('A-1'), KEY);
    const other = recognized(former.known, listOf('B-1'), KEY, false);
    expect(keysOf(other)).toEqual(['B-1']);
    expect(keysOf(recognized(other.known, listOf('B-1', 'B-2'), KEY))).toEqual(['B-1', 'B-2']);
    expect(keysOf(recognized(other.known, listOf('B-9'), KEY))).toEqual(['B-1']);
  });

  it('does not go by a masked card number', () => {
    const card = '************1234';
    const [, second] = listed(
      [account('A-1', card), account('A-2', card)],
      [account('Z-1', card), account('A-2', card), account('Z-3', card)],
    );
    expect(second!.keys).toEqual({ 'Z-1': 'Z-1', 'A-2': 'A-2', 'Z-3': 'Z-3' });
  });

  it('is new for another account, although one account went away', () => {
    const [, second] = listed([account('A-1', NUMBER)], [account('Z-1', '40111099999999')]);
    expect(second!.keys).toEqual({ 'Z-1': 'Z-1' });
  });

  it('stays the same if the bank shows more identifications, or another currency, later', () => {
    const iban = { SchemeName: 'UK.OBIE.IBAN', Identification: 'GB00TEST40111022334455' };
    const number = { SchemeName: 'UK.OBIE.SortCodeAccountNumber', Identification: NUMBER };
    const [, ...later] = listed(
      [account('A-1', NUMBER)],
      [account('A-1', undefined, { Account: [iban, number] })],
      [account('A-1', undefined, { Account: [iban], Currency: undefined })],
      [account('A-1')],
      [account('Z-9', undefined, { Account: [iban], Currency: undefined })],
    );
    expect(later.map(({ keys }) => Object.values(keys))).toEqual([
      ['A-1'],
      ['A-1'],
      ['A-1'],
      ['A-1'],
    ]);
  });

  it('is another one if the bank uses the ID of an account for another account', () => {
    const [, second, third] = listed(
      [account('1', NUMBER), account('2', '40111077777777')],
      [account('1', '40111077777777'), account('2', '40111088888888')],
      [account('1', NUMBER)],
    );
    expect(second!.keys).toEqual({ '1': '2', '2': '2~2' });
    expect(third!.keys).toEqual({ '1': '1' });
  });

  it('stays the same if an account is not listed for some time', () => {
    const [, , third] = listed(
      [account('A-1', NUMBER), account('A-2', '40111077777777')],
      [account('A-1', NUMBER)],
      [account('A-1', NUMBER), account('A-2', '40111077777777')],
    );
    expect(third).toMatchObject({ keys: { 'A-1': 'A-1', 'A-2': 'A-2' }, remarks: [] });
  });

  it('is remembered without the identification, and with the last twenty IDs', () => {
    const lists = Array.from({ length: 50 }, (_, at) => [account(`A-${at}`, NUMBER)]);
    const { known } = listed(...lists).at(-1)!;
    expect(JSON.stringify(known)).not.toContain(NUMBER);
    expect(known).toMatchObject([{ key: 'A-0', ids: { length: 20 } }]);
    expect(known[0]!.ids.at(-1)).toBe('A-49');
  });
});
