import type { INodeProperties } from 'n8n-workflow';

/** One account: chosen from the list of the consent's accounts, or given by its ID. */
export const accountField: INodeProperties = {
  displayName: 'Account',
  name: 'account',
  type: 'resourceLocator',
  required: true,
  default: { mode: 'list', value: '' },
  description:
    'The account to read. A bank may give an account another ID when the consent is renewed.',
  typeOptions: { loadOptionsDependsOn: ['authorizeWith', 'consent.value', 'accessToken'] },
  modes: [
    {
      displayName: 'From List',
      name: 'list',
      type: 'list',
      placeholder: 'Select an account…',
      hint: 'The accounts that the customer shares with the consent above. The list asks the bank.',
      typeOptions: { searchListMethod: 'searchAccounts', searchable: true },
    },
    {
      displayName: 'By ID',
      name: 'id',
      type: 'string',
      placeholder: 'e.g. 22289',
      hint: 'The account_id in the output of "Account → Get Many"',
    },
  ],
};

/** All accounts of the consent, or one. */
export const accountsField: INodeProperties = {
  displayName: 'Accounts',
  name: 'accounts',
  type: 'options',
  noDataExpression: true,
  options: [
    {
      name: 'All Accounts of the Consent',
      value: 'all',
      description: 'Each account that the customer shares, in the order of the bank',
    },
    { name: 'One Account', value: 'one', description: 'The account that you choose below' },
  ],
  default: 'all',
  description: 'Which accounts are read',
};
