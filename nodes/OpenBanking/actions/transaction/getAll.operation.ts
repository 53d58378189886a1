import { periodOf } from '../../../../core/accounts/bookingDates';
import { pullTransactions } from '../../../../core/accounts/pull';
import { choiceParameter } from '../../../parameters';
import { ofChosenAccounts } from '../chosenAccounts';
import type { Operation } from '../operation';
import { dateParameter, limitParameter } from '../readFields';

/** Transaction → Get Many: the transactions of one account, or of all accounts of a consent. */
export const getAll: Operation = {
  isForTools: true,
  pullOf(source) {
    const period = periodOf(
      dateParameter(source, 'from', 'From'),
      dateParameter(source, 'to', 'To'),
    );
    const status = choiceParameter(source, 'status', 'Status', ['booked', 'pending', 'all']);
    return ofChosenAccounts(
      source,
      (request, account, limit) => pullTransactions(request, account, { period, status, limit }),
      limitParameter(source),
    );
  },
};
