import { OpenBankingError } from '../../../core/errors/OpenBankingError';
import { isTool } from './asTool';
import { isWrittenByHand } from '../../writtenByHand';
import { dateText, switchParameter, textOf, type ParameterSource } from '../../parameters';

/** The maximum number of rows for an item; `undefined` for all. @throws OpenBankingError `input-missing`, `field-malformed` */
export function limitParameter(source: ParameterSource): number | undefined {
  if (switchParameter(source, 'returnAll', 'Return All')) return undefined;
  const { context, itemIndex } = source;
  const given = context.getNodeParameter('limit', itemIndex, '') as unknown;
  const text = textOf(given, 'Limit').trim();
  const limit = Number(text);
  if (text && Number.isSafeInteger(limit) && limit >= 1) return limit;
  throw new OpenBankingError('field-malformed', {
    problem: 'wholeNumber',
    values: { field: 'Limit', minimum: 1 },
    description: 'Give a number such as 50, or switch on "Return All". Nothing was sent.',
  });
}

/** The field "Account". @throws OpenBankingError `input-missing`, `field-malformed` */
export function accountParameter({ context, itemIndex }: ParameterSource): string {
  const given = context.getNodeParameter('account', itemIndex, '', {
    extractValue: true,
  }) as unknown;
  const account = textOf(given, 'Account').trim();
  if (!account) {
    throw new OpenBankingError('input-missing', {
      problem: 'input',
      values: { input: 'Account' },
      description:
        'Choose an account from the list, or give its ID: the "account_id" in the output of "Account → Get Many". If the field has an expression, it yields an empty value: look at the input of the node. Nothing was sent.',
    });
  }
  if (account.includes('{{')) {
    throw new OpenBankingError('field-malformed', {
      problem: 'expression',
      values: { field: 'Account' },
      description: 'Switch the field from Fixed to Expression. Nothing was sent.',
    });
  }
  return account;
}

/**
 * A field for a date as text; `undefined` if a person or a language model left it empty.
 *
 * @throws OpenBankingError `input-missing` if an expression yields no date: it must not read all transactions by mistake
 */
export function dateParameter(
  { context, itemIndex }: ParameterSource,
  name: string,
  label: string,
): string | undefined {
  const text = dateText(context.getNodeParameter(name, itemIndex, ''), label);
  if (text) return text;
  const isByHand = isWrittenByHand((how) => context.getNodeParameter(name, itemIndex, '', how));
  if (isByHand || isTool(context)) return undefined;
  throw new OpenBankingError('input-missing', {
    problem: 'input',
    values: { input: label },
    description: `Fix the expression, which yields no date, or empty the field. If some items have no value, give a default, for example {{ $json.${name} ?? "2026-01-01" }}. Nothing was sent.`,
  });
}
