import { OpenBankingError } from '../../errors/OpenBankingError';
import { plainText } from '../../lib/displayText';
import type { AmountFault } from './amounts';
import { objectIn } from './members';
import type { RawRow } from './rawRow';

/** Maximum number of characters of a value that are shown. */
const SHOWN = 60;

/** The error for a transaction or balance whose amount cannot be used. @param where its name in the message, for example `transaction T1` */
export function amountError(
  fault: AmountFault,
  row: RawRow,
  where: string,
  accountId: string,
): OpenBankingError {
  const amount = shown(objectIn(row, 'Amount').Amount);
  const name = `${where} of account ${plainText(accountId)}`;
  if (fault === 'amount-unreadable') {
    return new OpenBankingError(fault, { values: { amount, row: name } });
  }
  const indicator = shown(row.CreditDebitIndicator);
  return new OpenBankingError(fault, { values: { amount, row: name, indicator } });
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return 'absent';
  if (typeof value === 'string') return `"${plainText(value.slice(0, SHOWN))}"`;
  return typeof value === 'object' ? 'no text' : JSON.stringify(value);
}
