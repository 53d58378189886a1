import { createHash } from 'node:crypto';
import type { Account } from './accounts';
import { dateText, DAY } from './calendar';
import { scheduleOf, type Payment, type Schedule } from './payments';

/** State of a transaction. A declined card payment moved no money. */
export type TransactionState = 'booked' | 'pending' | 'future' | 'declined';

/** A transaction of an invented account. */
export interface Transaction {
  payment: Payment;
  state: TransactionState;
  /** Midnight of the day on which it is booked, or is expected to be, in milliseconds since the epoch. */
  booked: number;
  /** Midnight of the day on which it was made. */
  made: number;
  /** Its number among those that are booked on this day, from 0. */
  ordinal: number;
  /** Amount in hundredths; negative for a payment by the customer. */
  amount: number;
  /** Booked balance after it, in hundredths; only if it is booked. */
  balanceAfter: number | undefined;
  /** The bank's ID, if it has another one than usual. */
  id?: string;
  /** The number from which the rows of its day are counted, if it is not 0. */
  firstNumber?: number;
}

/** Days back for which a schedule without daily payments is searched. */
const MOST_DAYS = 40_000;

/** Days over which many transactions are spread. */
const SPREAD = 700;

const DECLINED: Payment = { party: 'Night Owl Kiosk', amount: -1_840, kind: 'card', town: 'LEEDS' };

/**
 * The transactions of an account on a day of the bank, newest first. Their number is always the same: each day, new ones come and the
 * oldest leave.
 */
export function transactionsOf(account: Account, today: number): Transaction[] {
  const schedule = scheduleOf(account);
  const count = account.transactionCount;
  const perDay = Math.max(schedule.perDay, schedule.perDay && Math.ceil(count / SPREAD));
  const rows = upcoming(account, schedule, today);
  let balance = account.balance;
  for (let day = today; rows.length < count && day > today - MOST_DAYS * DAY; day -= DAY) {
    for (const row of bookedOn(account, schedule, day, perDay).reverse()) {
      rows.push({ ...row, balanceAfter: balance });
      balance -= row.amount;
    }
  }
  return rows.slice(0, count);
}

/** The transactions that are not booked: a future payment, today's card payments, and a declined one. */
function upcoming(account: Account, schedule: Schedule, today: number): Transaction[] {
  if (schedule.pending === 0) return [];
  const tomorrow = today + DAY;
  const pending = bookedOn(account, schedule, tomorrow, schedule.perDay)
    .filter(({ payment }) => payment.kind === 'card')
    .slice(0, schedule.pending)
    .map((row): Transaction => ({ ...row, state: 'pending', amount: row.amount - tipOf(row) }))
    .reverse();
  if (account.subType === 'CreditCard') return pending;
  const declined: Transaction = {
    ...{ payment: DECLINED, state: 'declined', booked: today, made: today },
    ...{ ordinal: 99, amount: DECLINED.amount, balanceAfter: undefined },
  };
  return [...futureAfter(schedule, tomorrow), ...pending, declined];
}

/** The next payment by the customer that is known in advance. */
function futureAfter({ monthly }: Schedule, day: number): Transaction[] {
  for (let booked = day + DAY; ; booked += DAY) {
    const date = new Date(booked).getUTCDate();
    const ordinal = monthly.findIndex((payment) => payment.day === date && payment.amount < 0);
    const payment = monthly[ordinal];
    if (!payment) continue;
    const { amount } = payment;
    return [
      {
        ...{ payment, state: 'future', booked, made: booked },
        ...{ ordinal, amount, balanceAfter: undefined },
      },
    ];
  }
}

/** The transactions that are booked on a day, oldest first: the monthly ones, and the card payments of the day before. */
function bookedOn(
  account: Account,
  { monthly, daily }: Schedule,
  day: number,
  perDay: number,
): Transaction[] {
  const date = new Date(day).getUTCDate();
  const row = { state: 'booked', booked: day, balanceAfter: undefined } as const;
  const rows: Transaction[] = monthly
    .filter((payment) => payment.day === date)
    .map((payment, ordinal) => ({
      ...row,
      ...{ payment, ordinal, made: day, amount: payment.amount },
    }));
  for (let index = 0; index < perDay; index += 1) {
    const noise = noiseOf(Number(account.id.slice(-8)) + day / DAY, index);
    const payment = daily[noise % daily.length]!;
    // Amounts differ a little, as on a real statement.
    const amount = Math.round(payment.amount * (0.8 + ((noise >>> 8) & 0xff) / 640));
    const booked = { ...row, payment, ordinal: rows.length, made: day - DAY, amount };
    rows.push({ ...booked, amount: amount + tipOf(booked) });
  }
  return rows;
}

function tipOf({ payment, amount }: Pick<Transaction, 'payment' | 'amount'>): number {
  return Math.round(amount * (payment.tip ?? 0));
}

/** A number that looks like chance and is the same each time. */
function noiseOf(first: number, second: number): number {
  let value = Math.imul(first ^ 0x9e3779b9, 0x85ebca6b) + Math.imul(second + 1, 0xc2b2ae35);
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  value = Math.imul(value ^ (value >>> 12), 0x297a2d39);
  return (value ^ (value >>> 15)) >>> 0;
}

/** The bank's ID of a transaction; `undefined` if the account has none. A booked payment has another ID than when it was pending. */
export function transactionId(account: Account, row: Transaction): string | undefined {
  if (row.id !== undefined) return row.id;
  const date = dateText(row.booked);
  switch (account.transactionIds) {
    case 'none':
      return undefined;
    case 'positions':
      return row.state === 'booked' ? `${date}-${row.ordinal}` : undefined;
    case 'unique': {
      const name = `${account.id}/${date}/${row.ordinal}/${row.state}`;
      return `${account.id}-${createHash('sha256').update(name).digest('hex').slice(0, 16)}`;
    }
  }
}
