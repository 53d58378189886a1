import type {
  IExecuteFunctions,
  ILoadOptionsFunctions,
  INodeExecutionData,
  INodeListSearchResult,
  INodeType,
  INodeTypeDescription,
} from 'n8n-workflow';
import { main } from '../connections';
import { searchConsents } from '../listSearches';
import { testMethods } from '../testMethods';
import { accountFields } from './fields/accountFields';
import { consentFields } from './fields/consentFields';
import { transactionFields } from './fields/transactionFields';
import { dataAndConsent } from './subtitle';

/** The list search of the field "Account". */
async function searchAccounts(
  this: ILoadOptionsFunctions,
  filter?: string,
): Promise<INodeListSearchResult> {
  const search = await import('./accountSearch');
  return search.searchAccounts(this, filter);
}

/** Open Banking: account data of a bank's customers, who gave consent. */
export class OpenBanking implements INodeType {
  // eslint-disable-next-line n8n-nodes-base/node-class-description-missing-subtitle -- it is in subtitle.ts
  description: INodeTypeDescription = {
    displayName: 'Open Banking',
    name: 'openBanking',
    icon: { light: 'file:openBanking.svg', dark: 'file:openBanking.dark.svg' },
    group: ['input'],
    version: 1,
    subtitle: dataAndConsent,
    description:
      'Get accounts, balances, transactions and consents from banks that require a client certificate',
    defaults: { name: 'Open Banking' },
    inputs: [main],
    outputs: [main],
    usableAsTool: true,
    credentials: [{ name: 'openBankingApi', required: true, testedBy: 'openBankingApiTest' }],
    properties: [
      {
        displayName: 'Resource',
        name: 'resource',
        type: 'options',
        noDataExpression: true,
        options: [
          { name: 'Account', value: 'account' },
          { name: 'Consent', value: 'consent' },
          { name: 'Transaction', value: 'transaction' },
        ],
        default: 'transaction',
      },
      ...accountFields,
      ...consentFields,
      ...transactionFields,
    ],
  };

  methods = { ...testMethods, listSearch: { searchConsents, searchAccounts } };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    const { router } = await import('./actions/router');
    return router(this);
  }
}
