import type { INodeProperties } from 'n8n-workflow';

/** The timeouts of requests to the bank. */
export const timeoutFields: INodeProperties[] = [
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
