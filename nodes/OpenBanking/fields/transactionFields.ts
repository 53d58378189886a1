import type { INodeProperties } from 'n8n-workflow';
import { optionsField } from '../../fields/optionsField';
import { positionName } from '../../fields/positionName';
import { shownWith } from '../../fields/shownWith';
import { accountField, accountsField } from './accountField';
import { authorizationFields } from './authorizationFields';
import { commitFields } from './commitFields';
import { listFields, simplifyField } from './listFields';
import { readOptions } from './readOptions';
import { withToolOperations } from './toolOperations';

const operationField: INodeProperties = {
  displayName: 'Operation',
  name: 'operation',
  type: 'options',
  noDataExpression: true,
  default: 'getAll',
  options: [
    {
      name: 'Get Many',
      value: 'getAll',
      action: 'Get many transactions',
      description: 'Get the transactions of one account, or of a whole consent',
    },
    {
      name: 'Mark as Processed',
      value: 'commit',
      action: 'Mark transactions as processed',
      description:
        'Say that this workflow has received transactions, so that they do not come again',
    },
  ],
};

/** The options of Get Many: a language model cannot mark what it has received. */
const transactionOptions = optionsField(
  ...(readOptions.options as INodeProperties[]),
  ...[
    {
      ...{ displayName: 'Only New', name: 'onlyNew', type: 'boolean', default: true },
      description:
        'Whether to leave out transactions that were marked with "Mark as Processed" before. End the workflow with that operation.',
    } satisfies INodeProperties,
    { ...positionName, hint: 'Only together with "Only New"' },
  ].map((option): INodeProperties => ({
    ...option,
    displayOptions: { hide: { '@tool': [true] } },
  })),
);

/** The fields of the resource Transaction. */
export const transactionFields: INodeProperties[] = shownWith({ resource: ['transaction'] }, [
  ...withToolOperations(operationField, ['getAll']),
  ...shownWith({ operation: ['commit'] }, commitFields),
  ...shownWith({ operation: ['getAll'] }, [
    ...authorizationFields,
    accountsField,
    { ...accountField, displayOptions: { show: { accounts: ['one'] } } },
    {
      displayName: 'From',
      name: 'from',
      type: 'dateTime',
      typeOptions: { dateOnly: true },
      default: '',
      placeholder: 'e.g. 2026-03-01',
      hint: 'If empty: everything that the bank gives',
      description:
        'The first booking date: a day, or a day and time. The bank reads it in its own time zone. Many banks give more than 90 days only in the minutes after the customer gave consent.',
    },
    {
      displayName: 'To',
      name: 'to',
      type: 'dateTime',
      typeOptions: { dateOnly: true },
      default: '',
      placeholder: 'e.g. 2026-03-31',
      hint: 'A day is included to its end. If empty: no limit, future transactions included',
      description:
        'The last booking date: a day, or a day and time. The bank reads it in its own time zone.',
    },
    {
      displayName: 'Status',
      name: 'status',
      type: 'options',
      options: [
        {
          name: 'All',
          value: 'all',
          description: 'Booked, pending, future, rejected, and those for information only',
        },
        { name: 'Booked', value: 'booked', description: 'Those that are on the books' },
        {
          name: 'Pending',
          value: 'pending',
          description:
            'Pending and future ones. When they are booked, the bank may change their ID, day and amount.',
        },
      ],
      default: 'booked',
      description: 'Which transactions are put out',
    },
    ...listFields,
    simplifyField,
    transactionOptions,
  ]),
]);
