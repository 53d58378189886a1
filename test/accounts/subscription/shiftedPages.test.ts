import { BASE, page } from '../pageSource';
import { booked, LedgerBank, refusal } from './ledgerBank';
import { sqlitePlace, Subscriber } from './subscriber';

const coffee = booked('T1', '3.50', 1, { TransactionId: undefined });
const rent = booked('T2', '900.00', 2, { TransactionId: undefined });
const ticket = booked('T4', '7.00', 3, { TransactionId: undefined });
const fare = booked('T3', '2.00', 0, { TransactionId: undefined });

let bank: LedgerBank;
let one: Subscriber;

beforeEach(async () => {
  bank = new LedgerBank();
  one = await Subscriber.start(await sqlitePlace(), bank);
});

/** The bank gives rows without an ID in pages of two, and books a row after the first page of some reads. */
function inPages(rows: object[], later: readonly (object | undefined)[] = []): void {
  const waiting = [...later];
  bank.behaviour = (path, query) => {
    if (!path.endsWith('/transactions')) return undefined;
    const number = Number(/page=(\d+)/.exec(query)?.[1] ?? 1);
    const shown = rows.slice((number - 1) * 2, number * 2);
    const isLast = number * 2 >= rows.length;
    const next = number === 1 ? waiting.shift() : undefined;
    if (next) rows.unshift(next);
    return page(shown, isLast ? undefined : `${BASE}${path}?page=${number + 1}`);
  };
}

const amountsOf = (items: readonly object[]) =>
  items.map((item) => ('amount' in item ? item.amount : undefined)).sort();

describe('equal rows without an ID on two pages', () => {
  it('are one transaction if the pages shifted while they were read', async () => {
    inPages([coffee, rent, ticket], [fare]);
    expect(amountsOf(await one.round())).toEqual(['-2.00', '-3.50', '-7.00', '-900.00']);
    expect(await one.round()).toEqual([]);
  });

  it('are two transactions if a second read shows both, and then they are read once', async () => {
    inPages([rent, coffee, coffee, ticket]);
    expect(amountsOf(await one.round())).toEqual(['-3.50', '-3.50', '-7.00', '-900.00']);
    const before = bank.reads.length;
    expect(await one.round()).toEqual([]);
    expect(bank.reads.length - before).toBe(2);
  });

  it('are two transactions if the bank refuses the second read', async () => {
    inPages([rent, coffee, coffee, ticket]);
    const usual = bank.behaviour;
    bank.behaviour = (path, query) =>
      bank.reads.length > 2 ? refusal('api-unavailable') : usual(path, query);
    expect(amountsOf(await one.round())).toEqual(['-3.50', '-3.50', '-7.00', '-900.00']);
  });
});
