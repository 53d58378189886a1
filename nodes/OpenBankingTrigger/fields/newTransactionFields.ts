import type { INodeProperties } from 'n8n-workflow';
import { financialIdField } from '../../../credentials/fields/bankFields';
import { optionsField } from '../../fields/optionsField';
import { positionName } from '../../fields/positionName';
import { shownWith } from '../../fields/shownWith';
import { timeLimit } from './timeLimit';

/** The limits of the number fields. The reader of the fields holds them, too. */
export const LIMITS = {
  maximumOpen: { default: 10, minimum: 1, maximum: 100 },
  maximumRows: { default: 1000, minimum: 1, maximum: 10_000 },
  window: { default: 14, minimum: 1, maximum: 365 },
  wideWindow: { default: 45, minimum: 1, maximum: 365 },
} as const;

function numberOption(
  name: keyof typeof LIMITS,
  displayName: string,
  description: string,
): INodeProperties {
  const { default: usual, minimum, maximum } = LIMITS[name];
  return {
    ...{ displayName, name, type: 'number', default: usual, description },
    typeOptions: { minValue: minimum, maxValue: maximum, numberPrecision: 0 },
  };
}

/** The fields of the event New Transaction. */
export const newTransactionFields: INodeProperties[] = shownWith({ event: ['newTransaction'] }, [
  {
    displayName: 'Include',
    name: 'include',
    type: 'options',
    options: [
      {
        name: 'Booked',
        value: 'booked',
        description: 'Transactions that are on the books, once each',
      },
      {
        name: 'Booked and Pending',
        value: 'withPending',
        description:
          'Also pending ones, and what becomes of them. The field "event" says which it is: new, booked, changed or vanished.',
      },
    ],
    default: 'booked',
    description: 'Which transactions start the workflow',
  },
  {
    displayName: 'Start With',
    name: 'start',
    type: 'options',
    options: [
      {
        name: 'Transactions From Now On',
        value: 'now',
        description: 'Nothing that was booked before the first poll',
      },
      {
        name: 'Transactions Since a Date',
        value: 'date',
        description: 'Everything from a booking date on, as far as the bank gives it',
      },
    ],
    default: 'now',
    description:
      'With which transactions the first poll begins. It has no effect later: the position is stored.',
  },
  {
    displayName: 'Start Date',
    name: 'startFrom',
    type: 'dateTime',
    typeOptions: { dateOnly: true },
    default: '',
    required: true,
    placeholder: 'e.g. 2026-03-01',
    description:
      'The first booking date. Many banks give more than 90 days only in the minutes after the customer gave consent.',
    displayOptions: { show: { start: ['date'] } },
  },
  optionsField(
    { ...financialIdField, hint: 'Replaces the one in the credential' },
    numberOption(
      'maximumOpen',
      'Maximum Open Executions',
      'How many executions of this trigger run or wait at the same time. Further transactions wait until one has ended.',
    ),
    numberOption(
      'maximumRows',
      'Maximum Transactions per Execution',
      'How many transactions one execution gets. The oldest come first.',
    ),
    positionName,
    {
      displayName: 'Reads per Day',
      name: 'readsPerDay',
      type: 'string',
      default: '4',
      placeholder: 'e.g. 4',
      description:
        'How often the bank lets an account be read in 24 hours while the customer is not present. Reads of other nodes count, too. If this is empty, there is no limit, and each poll reads.',
    },
    timeLimit,
    numberOption(
      'wideWindow',
      'Wide Window (Days)',
      'How far back the trigger reads once a day, for transactions that the bank books late',
    ),
    numberOption(
      'window',
      'Window (Days)',
      'How far back each read reaches, counted from today. A transaction may appear days after its booking date.',
    ),
  ),
]);
