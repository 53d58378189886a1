import { pullBalances } from '../../../../core/accounts/pull';
import { ofChosenAccounts } from '../chosenAccounts';
import type { Operation } from '../operation';

/** Account → Get Balances: the balances of one account, or of all accounts of a consent. */
export const getBalances: Operation = {
  isForTools: true,
  pullOf: (source) => ofChosenAccounts(source, pullBalances),
};
