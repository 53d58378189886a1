import { ConsentApi } from '../../../../core/accounts/consents/consentApi';
import { OpenBankingError } from '../../../../core/errors/OpenBankingError';
import { textOption } from '../../../parameters';
import { regimeRulesOf } from '../../../regimeRules';
import { apiOptions } from '../apiOptions';
import type { ItemInput } from '../operation';

/**
 * The consents at the bank, with the options of an item; `undefined` if the regime has no consents of their own.
 *
 * @throws OpenBankingError for fields that cannot be used
 */
export function consentApiOf({
  source,
  client,
  settings,
  signal,
}: ItemInput): ConsentApi | undefined {
  const { consentCreation: creation, applicationScope } = regimeRulesOf(source, settings);
  const scope = textOption(source, 'scope', 'Scope') ?? applicationScope;
  const options = apiOptions(source, signal);
  if (creation === 'none') return undefined;
  return new ConsentApi(client, { ...options, creation, ...(scope && { scope }) });
}

/** The error of an operation on a consent at a bank whose regime has none. */
export function noConsents({ source, settings }: ItemInput): OpenBankingError {
  const { name: regime } = regimeRulesOf(source, settings);
  return new OpenBankingError('field-malformed', {
    problem: 'noConsents',
    values: { regime },
    description:
      'There, the authorization request itself is the consent. "Consent → Get Many" shows what is stored. "Consent → Delete" with "Stored Consent" revokes the tokens and deletes them. If the bank has consents of its own after all, choose another regime under "Options". Nothing was sent.',
  });
}
