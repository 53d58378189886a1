import type { INodeProperties } from 'n8n-workflow';
import { shownWith } from '../../fields/shownWith';
import { accountField, accountsField } from './accountField';
import { authorizationFields } from './authorizationFields';
import { listFields, simplifyField } from './listFields';
import { readOptions } from './readOptions';

/** The fields of the resource Account. */
export const accountFields: INodeProperties[] = shownWith({ resource: ['account'] }, [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'getAll',
    options: [
      {
        name: 'Get',
        value: 'get',
        action: 'Get an account',
        description: 'Get one account of a consent',
      },
      {
        name: 'Get Balances',
        value: 'getBalances',
        action: 'Get balances of accounts',
        description: 'Get the balances of one account, or of all accounts of a consent',
      },
      {
        name: 'Get Many',
        value: 'getAll',
        action: 'Get many accounts',
        description: 'Get the accounts that a customer shares',
      },
    ],
  },
  ...authorizationFields,
  ...shownWith({ operation: ['getBalances'] }, [
    accountsField,
    { ...accountField, displayOptions: { show: { accounts: ['one'] } } },
  ]),
  ...shownWith({ operation: ['get'] }, [accountField]),
  ...shownWith({ operation: ['getAll'] }, listFields),
  simplifyField,
  readOptions,
]);
