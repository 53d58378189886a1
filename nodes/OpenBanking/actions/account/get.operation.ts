import { pullAccount } from '../../../../core/accounts/pull';
import { ofAccount } from '../chosenAccounts';
import type { Operation } from '../operation';

/** Account → Get: one account. */
export const get: Operation = {
  isForTools: true,
  pullOf: (source) => ofAccount(source, pullAccount),
};
