import type { INodeProperties } from 'n8n-workflow';
import { textOf, type OperationInput } from './operation';

/** A stored consent: chosen from the list, or by its name. Workflows that were saved before the list existed hold the name alone. */
export const consentField: INodeProperties = {
  displayName: 'Consent',
  name: 'consent',
  type: 'resourceLocator',
  required: true,
  default: { mode: 'list', value: '' },
  description: 'The consent whose tokens are stored, by the name in "Keep for Consent"',
  modes: [
    {
      displayName: 'From List',
      name: 'list',
      type: 'list',
      placeholder: 'Select a stored consent…',
      typeOptions: { searchListMethod: 'searchConsents', searchable: true },
    },
    {
      displayName: 'By ID',
      name: 'id',
      type: 'string',
      placeholder: 'e.g. household',
      hint: 'The name in "Keep for Consent": the consent ID of the bank, a customer number, or any other text',
    },
  ],
};

/** The field "Consent". @throws OpenBankingError `consent-missing`, `consent-malformed` */
export async function consentParameter(input: OperationInput): Promise<string> {
  const { consentName } = await import('../../../core/tokens/consentName');
  const { context, itemIndex } = input;
  const written = context.getNodeParameter('consent', itemIndex, '', { rawExpressions: true });
  const text = textOf(input, nameIn(written), () =>
    context.getNodeParameter('consent', itemIndex, '', { extractValue: true }),
  );
  return consentName(text);
}

/** What a locator holds; a name alone as it is. */
function nameIn(written: unknown): unknown {
  const isLocator = typeof written === 'object' && written !== null && 'value' in written;
  return isLocator ? written.value : written;
}
