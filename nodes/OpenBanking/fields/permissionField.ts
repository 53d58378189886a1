import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

/** A set of permissions that belong together. */
interface PermissionSet {
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly string[];
}

const BALANCES = ['ReadAccountsDetail', 'ReadBalances'];

/** Sets that a person chooses in place of single permissions, by their value in saved workflows. */
export const PERMISSION_SETS: Readonly<Record<string, PermissionSet>> = {
  balancesAndTransactions: {
    name: 'Balances and Transactions',
    description: 'All that the operations of this node and the Open Banking Trigger read',
    permissions: [
      ...BALANCES,
      'ReadTransactionsDetail',
      'ReadTransactionsCredits',
      'ReadTransactionsDebits',
    ],
  },
  balances: {
    name: 'Balances Only',
    description: 'Accounts and their balances, and no transactions',
    permissions: BALANCES,
  },
  incomingPayments: {
    name: 'Incoming Payments',
    description: 'Accounts, balances, and the transactions that brought money in',
    permissions: [...BALANCES, 'ReadTransactionsDetail', 'ReadTransactionsCredits'],
  },
  accounts: {
    name: 'Accounts Only',
    description: 'Which accounts there are, with their numbers',
    permissions: ['ReadAccountsDetail'],
  },
};

/** The permissions of Open Banking UK, the same in v3.1 and v4.0, with the data that each allows to read. */
const PERMISSIONS: Readonly<Record<string, string>> = {
  ReadAccountsBasic: 'Accounts without their numbers',
  ReadAccountsDetail: 'Accounts with their numbers',
  ReadBalances: 'Balances',
  ReadBeneficiariesBasic: 'Beneficiaries without their account numbers',
  ReadBeneficiariesDetail: 'Beneficiaries with their account numbers',
  ReadDirectDebits: 'Direct debits',
  ReadOffers: 'Offers of the bank',
  ReadPAN: 'Card numbers in full. Many banks refuse it.',
  ReadParty: 'Who owns the accounts',
  ReadPartyPSU: 'Who the customer is',
  ReadProducts: 'Kinds of accounts, with fees and rates',
  ReadScheduledPaymentsBasic: 'Scheduled payments without the account numbers of others',
  ReadScheduledPaymentsDetail: 'Scheduled payments with the account numbers of others',
  ReadStandingOrdersBasic: 'Standing orders without the account numbers of others',
  ReadStandingOrdersDetail: 'Standing orders with the account numbers of others',
  ReadStatementsBasic: 'Statements without amounts',
  ReadStatementsDetail: 'Statements with amounts',
  ReadTransactionsBasic: 'Transactions without texts and other parties',
  ReadTransactionsCredits: 'Transactions that bring money in. Needs one of the other two.',
  ReadTransactionsDebits: 'Transactions that take money out. Needs one of the other two.',
  ReadTransactionsDetail: 'Transactions with texts and other parties',
};

const choices: INodePropertyOptions[] = [
  ...Object.entries(PERMISSION_SETS).map(([value, { name, description }]) => ({
    ...{ name, value, description },
  })),
  ...Object.entries(PERMISSIONS).map(([value, description]) => ({
    ...{ name: value, value, description },
  })),
];

/** The permissions of a new consent: sets first, then the single ones. */
export const permissionField: INodeProperties = {
  displayName: 'Permissions',
  name: 'permissions',
  type: 'multiOptions',
  required: true,
  options: choices,
  default: ['balancesAndTransactions'],
  description:
    'The data that the customer is asked to share. Choose a set, or single permissions of Open Banking UK, or both.',
};
