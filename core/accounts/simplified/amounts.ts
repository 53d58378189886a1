import { counted, type Remarks } from '../../lib/remarks';
import { decimalOf, isZero } from './decimal';
import { objectIn } from './members';
import type { RawRow } from './rawRow';
import { textOf } from './texts';

/** The code of the error for an amount that cannot be used. */
export type AmountFault = 'amount-unreadable' | 'amount-sign-missing';

/** An amount with its sign, or what is wrong with it. */
export type SignedAmount = { readonly text: string } | { readonly fault: AmountFault };

type Direction = 'Credit' | 'Debit';

/** v3.1 and v4.0 have the same two words; ISO 20022 has the codes. */
const DIRECTIONS: ReadonlyMap<string, Direction> = new Map([
  ['credit', 'Credit'],
  ['crdt', 'Credit'],
  ['debit', 'Debit'],
  ['dbit', 'Debit'],
]);

/** The direction of a transaction or balance; `undefined` if the bank does not say it. */
export function directionOf(row: RawRow): Direction | undefined {
  const word = textOf(row.CreditDebitIndicator);
  return word === undefined ? undefined : DIRECTIONS.get(word.toLowerCase());
}

/**
 * The amount of a transaction or balance as signed decimal text, with the bank's digits: a debit is negative. The indicator decides on the
 * sign, because it is mandatory; a sign in the amount counts only without it. Zero has no sign.
 */
export function signedAmount(row: RawRow, remarks?: Remarks): SignedAmount {
  const decimal = decimalOf(objectIn(row, 'Amount').Amount);
  if (!decimal) return { fault: 'amount-unreadable' };
  const { digits, sign } = decimal;
  const direction = directionOf(row);
  if (!direction) {
    if (isZero(decimal)) return { text: digits };
    if (sign === '') return { fault: 'amount-sign-missing' };
    remarks?.count(signOfAmount);
    return { text: signed(digits, sign === '-') };
  }
  if (sign === '-' && !isZero(decimal)) {
    remarks?.count(direction === 'Debit' ? minusOfDebit : minusOfCredit);
  }
  return { text: signed(digits, direction === 'Debit' && !isZero(decimal)) };
}

/** The currency of an amount, in capitals. `XXX` means "no currency" (ISO 4217), so it is left out. */
export function currencyOf(amount: RawRow): string | undefined {
  const currency = textOf(amount.Currency)?.toUpperCase();
  return currency === 'XXX' ? undefined : currency;
}

function signed(digits: string, isNegative: boolean): string {
  return isNegative ? `-${digits}` : digits;
}

const minusOfDebit = (count: number) =>
  `In ${counted(count, 'row')}, an amount has a minus besides "CreditDebitIndicator" Debit. It is negative once.`;

const minusOfCredit = (count: number) =>
  `In ${counted(count, 'row')}, an amount has a minus, but "CreditDebitIndicator" says Credit. The indicator is mandatory, so the amount is positive.`;

const signOfAmount = (count: number) =>
  `In ${counted(count, 'row')}, "CreditDebitIndicator" is missing or unknown. The sign is that of the amount.`;
