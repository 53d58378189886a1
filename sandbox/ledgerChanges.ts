import { createHash } from 'node:crypto';
import type { Account } from './accounts';
import type { Payment } from './payments';
import { transactionId, type Transaction } from './transactions';

/** Something that the bank did to the transactions of an account. `day` is the bank's day on which it did so. */
export type LedgerChange =
  /** The transactions of the day, or of the last day before that has any, have other IDs. */
  | { kind: 'renumber'; day: number }
  /** The newest booked transaction is dated on another day. */
  | { kind: 're-date'; day: number; by: number }
  /** A payment is booked. */
  | { kind: 'book'; day: number; booked: number }
  /** A payment is made that is equal to the newest booked one. */
  | { kind: 'repeat'; day: number }
  /** A pending payment is withdrawn. */
  | { kind: 'withdraw'; booked: number; ordinal: number };

const FERRY: Payment = { party: 'Harbour Ferry', amount: -8_500, kind: 'card', town: 'HULL' };

/** The transactions of an account after all changes, newest first. */
export function changedRows(
  account: Account,
  rows: readonly Transaction[],
  changes: readonly LedgerChange[],
): Transaction[] {
  let changed = [...rows];
  for (const [number, change] of changes.entries()) {
    changed = afterChange(account, changed, change, number);
    changed.sort((a, b) => b.booked - a.booked);
  }
  return withBalances(account.transactionIds === 'positions' ? numbered(changed) : changed);
}

function afterChange(
  account: Account,
  rows: Transaction[],
  change: LedgerChange,
  number: number,
): Transaction[] {
  if (change.kind === 'withdraw') {
    const { booked, ordinal } = change;
    return rows.filter((row) => row.booked !== booked || row.ordinal !== ordinal);
  }
  const newest = rows.find((row) => row.state === 'booked' && row.booked <= change.day);
  const id = account.transactionIds === 'unique' ? idOf(account, change, number) : undefined;
  switch (change.kind) {
    case 'renumber':
      return rows.map((row) =>
        row.state === 'booked' && row.booked === newest?.booked
          ? otherId(account, row, number)
          : row,
      );
    case 're-date':
      return rows.map((row) =>
        row === newest ? { ...withOwnId(account, row), booked: row.booked + change.by } : row,
      );
    case 'book':
      return [
        ...rows,
        {
          ...{ payment: FERRY, state: 'booked', booked: change.booked, made: change.booked, id },
          ...{ ordinal: 1000 + number, balanceAfter: undefined },
          // Amounts differ, so that each is a payment of its own.
          amount: FERRY.amount - number,
        },
      ];
    case 'repeat':
      return newest ? [...rows, { ...newest, id, ordinal: 1000 + number }] : rows;
  }
}

function otherId(account: Account, row: Transaction, number: number): Transaction {
  if (account.transactionIds === 'positions') return { ...row, firstNumber: 10 * (number + 1) };
  const id = digest(`${transactionId(account, row)}/${number}`);
  return { ...row, id: `${account.id}-${id}` };
}

/** A row that keeps its ID if it has one of its own, whatever its day is. */
function withOwnId(account: Account, row: Transaction): Transaction {
  return account.transactionIds === 'unique' ? { ...row, id: transactionId(account, row) } : row;
}

function idOf(account: Account, change: LedgerChange, number: number): string {
  return `${account.id}-${digest(`${JSON.stringify(change)}/${number}`)}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Numbers the booked rows of each day. The last one that came is the oldest of its day, so that it takes the first number. */
function numbered(rows: readonly Transaction[]): Transaction[] {
  const counts = new Map<number, number>();
  return [...rows]
    .reverse()
    .map((row) => {
      if (row.state !== 'booked') return row;
      const ordinal = counts.get(row.booked) ?? 0;
      counts.set(row.booked, ordinal + 1);
      return { ...row, ordinal: ordinal + (row.firstNumber ?? 0) };
    })
    .reverse();
}

/** The balance after the newest booked row stays, as the balance of the account does. */
function withBalances(rows: readonly Transaction[]): Transaction[] {
  let balance = rows.find(({ balanceAfter }) => balanceAfter !== undefined)?.balanceAfter;
  return rows.map((row) => {
    if (row.state !== 'booked' || balance === undefined) return row;
    const balanceAfter = balance;
    balance -= row.amount;
    return { ...row, balanceAfter };
  });
}
