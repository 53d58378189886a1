import { ConsentApi } from '../../../../core/accounts/consents/consentApi';
import { textOption } from '../../../parameters';
import { apiOptions } from '../apiOptions';
import type { ItemInput } from '../operation';

/** The consents at the bank, with the options of an item. @throws OpenBankingError for fields that cannot be used */
export function consentApiOf({ source, client, signal }: ItemInput): ConsentApi {
  const scope = textOption(source, 'scope', 'Scope');
  return new ConsentApi(client, { ...apiOptions(source, signal), ...(scope && { scope }) });
}
