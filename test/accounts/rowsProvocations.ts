import { simplifiedBalance } from '../../core/accounts/simplified/balance';
import type { RawRow } from '../../core/accounts/simplified/rawRow';
import { simplifiedTransactions } from '../../core/accounts/simplified/transaction';
import type { apiErrors } from '../../core/errors/rows/apiErrors';
import { Remarks } from '../../core/lib/remarks';
import type { Provocation, Provocations } from '../errors/provocation';
import { failureOf } from '../support/failure';
import { amounting } from './simplified/rows';

const origin = { accountId: 'A-1' };

/** Makes an item of a transaction. */
const transaction =
  (row: RawRow): Provocation =>
  () =>
    Promise.resolve(simplifiedTransactions([row], origin, new Remarks()).failure!);

/** Makes an item of a balance. */
const balance =
  (row: RawRow): Provocation =>
  () =>
    failureOf(Promise.resolve().then(() => simplifiedBalance(row, origin, new Remarks())));

/** Provocations for the codes of rows that cannot become items. */
export const rowsProvocations: Pick<
  Provocations<typeof apiErrors>,
  'amount-unreadable' | 'amount-sign-missing'
> = {
  'amount-unreadable': {
    'a comma': transaction(amounting('1,234.56')),
    'no amount': transaction(amounting(undefined)),
    'an object': transaction(amounting({})),
    'a balance': balance(amounting('NaN')),
  },
  'amount-sign-missing': {
    'no indicator': transaction(amounting('1.00', { CreditDebitIndicator: undefined })),
    'an unknown indicator': transaction(amounting('1.00', { CreditDebitIndicator: 'D' })),
    'a balance': balance(amounting('1.00', { CreditDebitIndicator: null })),
  },
};
