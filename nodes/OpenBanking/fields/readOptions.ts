import type { INodeProperties } from 'n8n-workflow';
import { itemsAtOnce, optionsField } from '../../fields/optionsField';

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
  {
    displayName: 'Financial ID',
    name: 'financialId',
    type: 'string',
    default: '',
    placeholder: 'e.g. 0015800000jfFGuAAM',
    description:
      'The ID of the bank in the directory of its ecosystem, in place of the one in the credential. Only some banks with v3.1 ask for it.',
  },
  {
    displayName: 'Maximum Page Size (MiB)',
    name: 'maximumPage',
    type: 'number',
    typeOptions: { minValue: 1, maxValue: 16 },
    default: 16,
    description: 'The largest page of data, unpacked, that is accepted from the bank',
  },
  {
    displayName: 'Maximum Wait (Seconds)',
    name: 'maximumWait',
    type: 'number',
    typeOptions: { minValue: 0 },
    default: 120,
    description:
      'How long the node waits in all for one request if the bank limits requests or is not available (429, 503). If the bank asks for a longer pause, the item fails at once.',
  },
);
