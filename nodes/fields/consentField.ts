import type { INodeProperties } from 'n8n-workflow';

/** A stored consent: chosen from the list, or given by its name. Workflows that were saved before the list existed have only the name. */
export const consentField: INodeProperties = {
  displayName: 'Consent',
  name: 'consent',
  type: 'resourceLocator',
  required: true,
  default: { mode: 'list', value: '' },
  description:
    'The consent whose stored tokens are used. Its name is the one in "Keep for Consent".',
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
