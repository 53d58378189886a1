import { counted, type Remarks } from '../../lib/remarks';
import { amountError } from './amountErrors';
import { currencyOf, signedAmount } from './amounts';
import { dateOf } from './dates';
import { decimalOf, isZero, sumOf } from './decimal';
import { objectIn, objectsIn } from './members';
import type { AccountFields, Origin } from './origin';
import type { RawRow } from './rawRow';
import { textOf } from './texts';
import { balanceType } from './words';

/** A balance, made for a database row. Fields that the bank left out are absent. */
export interface SimplifiedBalance extends AccountFields {
  /** In the words of v3.1, for example `InterimAvailable`. */
  type?: string;
  /** Signed decimal text, with the bank's digits. */
  amount: string;
  /** ISO 4217. */
  currency?: string;
  /** The time of the balance: the bank's own text. */
  at?: string;
  /**
   * The credit lines that `amount` includes, as signed decimal text in the same currency: `amount` minus this is the customer's own money.
   * Absent if no credit line is included.
   */
  credit_included?: string;
}

/**
 * Simplifies a balance.
 *
 * @throws OpenBankingError `amount-unreadable`, `amount-sign-missing`
 */
export function simplifiedBalance(
  row: RawRow,
  origin: Origin,
  remarks: Remarks,
): SimplifiedBalance {
  const { accountId, accountKey = accountId } = origin;
  const type = balanceType(row.Type);
  const amount = objectIn(row, 'Amount');
  const signed = signedAmount(row, remarks);
  if ('fault' in signed) {
    const where = type === undefined ? 'a balance' : `the balance ${type}`;
    throw amountError(signed.fault, row, where, accountId);
  }
  const currency = currencyOf(amount);
  if (currency === undefined) remarks.count(withoutCurrency);
  const at = dateOf(row.DateTime);
  if (!at && textOf(row.DateTime) !== undefined) remarks.count(unreadableDate);
  const credit = creditIncluded(row, currency, remarks);
  return {
    account_id: accountId,
    account_key: accountKey,
    ...(type === undefined ? {} : { type }),
    amount: signed.text,
    ...(currency === undefined ? {} : { currency }),
    ...(at ? { at: at.text } : {}),
    ...(credit === undefined ? {} : { credit_included: credit }),
  };
}

/**
 * The sum of the credit lines that a balance includes. `Available` is what is left of a limit. Beside another line, it would count the same
 * credit twice, so it counts only if it stands alone.
 */
function creditIncluded(
  row: RawRow,
  currency: string | undefined,
  remarks: Remarks,
): string | undefined {
  const included = objectsIn(row, 'CreditLine').filter(({ Included }) => isTrue(Included));
  if (included.length === 0) return undefined;
  const limits = included.filter(({ Type }) => textOf(Type)?.toLowerCase() !== 'available');
  const lines = limits.length > 0 ? limits : included;
  const amounts = lines.map((line) => creditOf(line, currency));
  const known = amounts.filter((amount) => amount !== undefined);
  if (known.length < amounts.length) {
    remarks.count(unknownCredit);
    return undefined;
  }
  return known.length === 1 ? known[0] : sumOf(known);
}

/** The amount of a credit line; `undefined` if it cannot be subtracted from a balance in this currency. */
function creditOf(line: RawRow, currency: string | undefined): string | undefined {
  const amount = objectIn(line, 'Amount');
  const decimal = decimalOf(amount.Amount);
  const own = currencyOf(amount);
  if (!decimal || (own !== undefined && own !== currency)) return undefined;
  return decimal.sign === '-' && !isZero(decimal) ? `-${decimal.digits}` : decimal.digits;
}

function isTrue(value: unknown): boolean {
  return value === true || textOf(value)?.toLowerCase() === 'true';
}

const withoutCurrency = (count: number) =>
  `In ${counted(count, 'row')}, the bank sent a balance without a currency, so "currency" is absent.`;

const unreadableDate = (count: number) =>
  `In ${counted(count, 'row')}, the time of a balance cannot be read, so "at" is absent.`;

const unknownCredit = (count: number) =>
  `In ${counted(count, 'row')}, a balance includes a credit line whose amount is missing, cannot be read or is in another currency, so "credit_included" is absent. The customer's own money is less than the balance.`;
