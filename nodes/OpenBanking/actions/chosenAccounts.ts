import { pullOfAllAccounts, type Pulled, type PullRequest } from '../../../core/accounts/pull';
import { unexpected } from '../../nodeError';
import { choiceParameter, type ParameterSource } from '../../parameters';
import type { Pull, PullInput } from './operation';
import { accountParameter } from './readFields';

/** Reads one account, at most `limit` rows. */
type AccountPull = (
  request: PullRequest,
  accountId: string,
  limit: number | undefined,
  input: PullInput,
) => Promise<Pulled>;

/**
 * Reads the accounts that the fields "Accounts" and "Account" name: one, or all of the consent, side by side.
 *
 * @param limit for all accounts together
 * @throws OpenBankingError as `accountParameter`
 */
export function ofChosenAccounts(source: ParameterSource, pull: AccountPull, limit?: number): Pull {
  const chosen = choiceParameter(source, 'accounts', 'Accounts', ['all', 'one']);
  if (chosen === 'one') return ofAccount(source, pull, limit);
  return (input) => {
    const { request, slots, continues } = input;
    const pullOne = (account: string, rest?: number) =>
      pulled(account, pull(request, account, rest, input));
    return pullOfAllAccounts(request, pullOne, { slots, limit, continues });
  };
}

/** The result of a pull, also if it throws an error that nobody expected: the other accounts are read nevertheless. */
async function pulled(accountId: string, pull: Promise<Pulled>): Promise<Pulled> {
  try {
    return await pull;
  } catch (error) {
    return { rows: [], failure: unexpected(error), accountId };
  }
}

/** Reads the account that the field "Account" names. @throws OpenBankingError as `accountParameter` */
export function ofAccount(source: ParameterSource, pull: AccountPull, limit?: number): Pull {
  const account = accountParameter(source);
  return async (input) => {
    const { request, slots } = input;
    return [await slots.use(() => pull(request, account, limit, input))];
  };
}
