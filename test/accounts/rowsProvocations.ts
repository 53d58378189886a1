import { pullBalances, pullTransactions } from '../../core/accounts/pull';
import type { RawRow } from '../../core/accounts/simplified/rawRow';
import type { apiErrors } from '../../core/errors/rows/apiErrors';
import { Remarks } from '../../core/lib/remarks';
import type { Provocation, Provocations } from '../errors/provocation';
import { sourceOf } from './pageSource';
import { amounting } from './simplified/rows';

/** The failure of a pull whose page has one row. */
const failing =
  (member: 'Transaction' | 'Balance', row: RawRow): Provocation =>
  async () => {
    const path = `/accounts/A-1/${member.toLowerCase()}s`;
    const api = sourceOf({ [path]: { Data: { [member]: [row] } } });
    const request = { api, origin: {}, simplify: true, remarks: new Remarks() };
    const { failure } =
      member === 'Balance'
        ? await pullBalances(request, 'A-1')
        : await pullTransactions(request, 'A-1', { status: 'all' });
    return failure!;
  };

const transaction = (row: RawRow) => failing('Transaction', row);
const balance = (row: RawRow) => failing('Balance', row);

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
