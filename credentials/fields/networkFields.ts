import type { INodeProperties } from 'n8n-workflow';

/** Headers and timeouts of requests to the bank. */
export const networkFields: INodeProperties[] = [
  {
    displayName: 'Extra Headers',
    name: 'extraHeaders',
    type: 'string',
    typeOptions: { password: true, rows: 4 },
    default: '',
    placeholder: 'e.g. x-api-key: 123',
    description:
      'Headers that the bank demands at its token endpoint, for example an API key: one in each line, as "name: value". They are sent to the bank\'s authorization server only, and not by HTTP Request nodes.',
  },
  {
    displayName: 'Account API Headers',
    name: 'accountApiHeaders',
    type: 'string',
    typeOptions: { password: true, rows: 4 },
    default: '',
    placeholder: 'e.g. x-api-key: 123',
    description:
      'Headers that the bank demands at its account API, for example an API key: one in each line, as "name: value". The node "Open Banking" sends them, and HTTP Request nodes do if they call the host of the account API. No other host gets them.',
  },
  {
    displayName: 'Connect Timeout (Seconds)',
    name: 'connectTimeout',
    type: 'number',
    typeOptions: { minValue: 1, maxValue: 600 },
    default: 10,
    description: 'How long to wait for a connection to the bank',
  },
  {
    displayName: 'Request Timeout (Seconds)',
    name: 'requestTimeout',
    type: 'number',
    typeOptions: { minValue: 1, maxValue: 600 },
    default: 30,
    description: 'How long to wait for the complete answer of the bank',
  },
];
