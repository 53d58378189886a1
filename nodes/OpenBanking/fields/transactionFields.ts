import type { INodeProperties } from 'n8n-workflow';
import { shownWith } from '../../fields/shownWith';
import { accountField, accountsField } from './accountField';
import { authorizationFields } from './authorizationFields';
import { listFields, simplifyField } from './listFields';
import { readOptions } from './readOptions';

/** The fields of the resource Transaction. */
export const transactionFields: INodeProperties[] = shownWith({ resource: ['transaction'] }, [
  {
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
    ],
  },
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
  readOptions,
]);
