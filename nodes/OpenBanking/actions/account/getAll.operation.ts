import { pullAccounts } from '../../../../core/accounts/pull';
import type { Operation } from '../operation';
import { limitParameter } from '../readFields';

/** Account → Get Many: the accounts that the customer shares. */
export const getAll: Operation = {
  isForTools: true,
  pullOf(source) {
    const limit = limitParameter(source);
    return async ({ request, slots }) => [await slots.use(() => pullAccounts(request, limit))];
  },
};
