import type { INodeProperties } from 'n8n-workflow';

const returnAll: INodeProperties = {
  displayName: 'Return All',
  name: 'returnAll',
  type: 'boolean',
  default: true,
  description: 'Whether to return all results or only up to a given limit',
};

/**
 * How many items are put out. All of them unless a person says otherwise: a workflow that stores account data must not miss rows without a
 * word. A language model gets the first ones.
 */
export const listFields: INodeProperties[] = [
  { ...returnAll, displayOptions: { hide: { '@tool': [true] } } },
  { ...returnAll, default: false, displayOptions: { show: { '@tool': [true] } } },
  {
    displayName: 'Limit',
    name: 'limit',
    type: 'number',
    typeOptions: { minValue: 1, numberPrecision: 0 },
    default: 50,
    description: 'Max number of results to return',
    hint: 'Counts all accounts of an input item together',
    displayOptions: { show: { returnAll: [false] } },
  },
];

/** Whether the items are made for a database row, or as the bank sent them. */
export const simplifyField: INodeProperties = {
  displayName: 'Simplify',
  name: 'simplify',
  type: 'boolean',
  default: true,
  description: 'Whether to return a simplified version of the response instead of the raw data',
};
