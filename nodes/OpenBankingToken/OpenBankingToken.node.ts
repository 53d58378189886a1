import type {
  IExecuteFunctions,
  INodeExecutionData,
  INodeType,
  INodeTypeDescription,
} from 'n8n-workflow';
import { main } from '../connections';
import { searchConsents } from '../listSearches';
import { testMethods } from '../testMethods';
import { authorizationFields } from './fields/authorizationFields';
import { payloadFields } from './fields/payloadFields';
import { tokenFields } from './fields/tokenFields';
import { operationAndConsent } from './subtitle';

/** Open Banking Token: tokens over mutual TLS with a signed client assertion. */
export class OpenBankingToken implements INodeType {
  // eslint-disable-next-line n8n-nodes-base/node-class-description-missing-subtitle -- it is in subtitle.ts
  description: INodeTypeDescription = {
    displayName: 'Open Banking Token',
    name: 'openBankingToken',
    icon: { light: 'file:openBankingToken.svg', dark: 'file:openBankingToken.dark.svg' },
    group: ['transform'],
    version: 1,
    subtitle: operationAndConsent,
    description:
      'Get and refresh access tokens from banks that require a client certificate and a signed client assertion',
    defaults: { name: 'Open Banking Token' },
    inputs: [main],
    outputs: [main],
    // Language models must not get tokens.
    usableAsTool: undefined,
    credentials: [{ name: 'openBankingApi', required: true, testedBy: 'openBankingApiTest' }],
    properties: [
      {
        displayName: 'Resource',
        name: 'resource',
        type: 'options',
        noDataExpression: true,
        options: [
          { name: 'Authorization', value: 'authorization' },
          { name: 'Payload', value: 'payload' },
          { name: 'Token', value: 'token' },
        ],
        default: 'token',
      },
      ...authorizationFields,
      ...payloadFields,
      ...tokenFields,
    ],
  };

  methods = { ...testMethods, listSearch: { searchConsents } };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    const { router } = await import('./actions/router');
    return router(this);
  }
}
