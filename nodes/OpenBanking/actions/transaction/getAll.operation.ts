import { periodOf } from '../../../../core/accounts/bookingDates';
import { onlyNew } from '../../../../core/accounts/lookup';
import { pullTransactions, type Pulled, type PullRequest } from '../../../../core/accounts/pull';
import type { SimplifiedTransaction } from '../../../../core/accounts/simplified/transaction';
import { OpenBankingError } from '../../../../core/errors/OpenBankingError';
import {
  choiceParameter,
  switchOption,
  switchParameter,
  textOption,
  type ParameterSource,
} from '../../../parameters';
import { isTool } from '../asTool';
import { ofChosenAccounts } from '../chosenAccounts';
import type { Operation, PullInput } from '../operation';
import { dateParameter, limitParameter } from '../readFields';
import { ownSubscriber } from './subscribers';

/** Transaction → Get Many: the transactions of one account, or of all accounts of a consent. */
export const getAll: Operation = {
  isForTools: true,
  pullOf(source) {
    const period = periodOf(
      dateParameter(source, 'from', 'From'),
      dateParameter(source, 'to', 'To'),
    );
    const status = choiceParameter(source, 'status', 'Status', ['booked', 'pending', 'all']);
    const subscriber = onlyNewFor(source);
    const pull = async (
      request: PullRequest,
      account: string,
      limit: number | undefined,
      { sync }: PullInput,
    ): Promise<Pulled> => {
      const query = { period, status };
      if (subscriber === undefined) return pullTransactions(request, account, { ...query, limit });
      // The limit counts those that are put out.
      const { rows, ...rest } = await pullTransactions(request, account, query);
      const left = await onlyNew(sync(), subscriber, rows as SimplifiedTransaction[]);
      return { ...rest, rows: left.slice(0, limit) };
    };
    return ofChosenAccounts(source, pull, limitParameter(source));
  },
};

/**
 * Whose position the option "Only New" looks at; `undefined` if it is off.
 *
 * @throws OpenBankingError `input-missing`, `field-malformed`
 */
function onlyNewFor(source: ParameterSource): string | undefined {
  const { context } = source;
  if (!switchOption(source, 'onlyNew', 'Only New', false)) return undefined;
  if (isTool(context))
    throw notTogether('this node as a tool', 'use the node in the workflow itself');
  if (!switchParameter(source, 'simplify', 'Simplify')) {
    throw notTogether('"Simplify" switched off', 'switch "Simplify" on');
  }
  if (context.getNodeParameter('authorizeWith', source.itemIndex, 'consent') !== 'consent') {
    throw notTogether('an access token', 'choose "Stored Consent" in "Authorize With"');
  }
  return textOption(source, 'positionName', 'Position Name') ?? ownSubscriber(context);
}

/** @param instead what the user can do to have the option */
function notTogether(other: string, instead: string): OpenBankingError {
  return new OpenBankingError('field-malformed', {
    problem: 'notTogether',
    values: { field: 'Only New', other },
    description: `Remove the option "Only New", or ${instead}. The position needs consent, account and ID of each transaction. Nothing was sent.`,
  });
}
