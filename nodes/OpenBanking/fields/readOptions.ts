import type { INodeProperties } from 'n8n-workflow';
import { financialIdField } from '../../../credentials/fields/bankFields';
import { itemsAtOnce, optionsField } from '../../fields/optionsField';

/** The largest value of "Maximum Wait", in seconds: with a longer time, a timer of Node.js ends at once. */
export const LONGEST_WAIT = 2_147_483;

/** The option "Maximum Wait". */
export const maximumWait: INodeProperties = {
  displayName: 'Maximum Wait (Seconds)',
  name: 'maximumWait',
  type: 'number',
  typeOptions: { minValue: 0, maxValue: LONGEST_WAIT },
  default: 120,
  description:
    'How long the node waits in all for one request if the bank limits requests or is not available (429, 503). If the bank asks for a longer pause, the item fails at once.',
};

/** The collection "Options" of all operations that ask the account API. */
export const readOptions: INodeProperties = optionsField(
  itemsAtOnce(
    'How many accounts are read at the same time, each over its own connection to the bank. All input items share this number.',
  ),
  {
    displayName: 'Customer IP Address',
    name: 'customerIpAddress',
    type: 'string',
    default: '',
    placeholder: 'e.g. 203.0.113.7',
    description:
      'The address from which the customer uses your service now ("x-fapi-customer-ip-address"). Only if a person is present and asked for the data: a bank counts reads without it, and a scheduled workflow must not claim that somebody is there.',
  },
  {
    displayName: 'Customer Last Logged In',
    name: 'customerLastLoggedAt',
    type: 'dateTime',
    default: '',
    description:
      'When the customer last logged in to your service ("x-fapi-auth-date"). Only if a person is present.',
  },
  { ...financialIdField, hint: 'Replaces the one in the credential' },
  {
    displayName: 'Maximum Page Size (MiB)',
    name: 'maximumPage',
    type: 'number',
    typeOptions: { minValue: 1, maxValue: 16 },
    default: 16,
    description: 'The largest page of data, unpacked, that is accepted from the bank',
  },
  maximumWait,
);
