import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

/** A set of permissions that belong together. */
interface PermissionSet {
  readonly name: string;
  readonly description: string;
  /** In the words of Open Banking UK; `undefined` if it has no such set. */
  readonly permissions?: readonly string[];
  /** In the words of Brazil; `undefined` if it has no such set. */
  readonly brazil?: readonly string[];
}

const BALANCES = ['ReadAccountsDetail', 'ReadBalances'];

const BALANCES_IN_BRAZIL = ['ACCOUNTS_READ', 'ACCOUNTS_BALANCES_READ'];

/** Brazil wants it in each of its groups (API Consents 3.3.1, table of groups). */
const RESOURCES = 'RESOURCES_READ';

/**
 * Sets that a person chooses in place of single permissions, by their value in saved workflows. Those of Brazil are groups of its API
 * Consents, or several of them: its banks refuse a part of a group.
 */
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
    brazil: [...BALANCES_IN_BRAZIL, 'ACCOUNTS_TRANSACTIONS_READ', RESOURCES],
  },
  balances: {
    name: 'Balances Only',
    description: 'Accounts and their balances, and no transactions',
    permissions: BALANCES,
    brazil: [...BALANCES_IN_BRAZIL, RESOURCES],
  },
  incomingPayments: {
    name: 'Incoming Payments',
    description: 'Accounts, balances, and the transactions that brought money in (not in Brazil)',
    permissions: [...BALANCES, 'ReadTransactionsDetail', 'ReadTransactionsCredits'],
  },
  accounts: {
    name: 'Accounts Only',
    description: 'Which accounts there are, with their numbers (not in Brazil)',
    permissions: ['ReadAccountsDetail'],
  },
  brazilCreditCards: {
    name: 'Brazil: Credit Cards',
    description: 'Credit cards with limits, transactions and bills',
    brazil: [
      'CREDIT_CARDS_ACCOUNTS_READ',
      'CREDIT_CARDS_ACCOUNTS_LIMITS_READ',
      'CREDIT_CARDS_ACCOUNTS_TRANSACTIONS_READ',
      'CREDIT_CARDS_ACCOUNTS_BILLS_READ',
      'CREDIT_CARDS_ACCOUNTS_BILLS_TRANSACTIONS_READ',
      RESOURCES,
    ],
  },
  brazilOverdraftLimits: {
    name: 'Brazil: Overdraft Limits',
    description: 'Accounts with the limits of their overdrafts',
    brazil: ['ACCOUNTS_READ', 'ACCOUNTS_OVERDRAFT_LIMITS_READ', RESOURCES],
  },
  brazilPersonalData: {
    name: 'Brazil: Data of a Person',
    description: 'Identity, addresses and income of a person',
    brazil: [
      'CUSTOMERS_PERSONAL_IDENTIFICATIONS_READ',
      'CUSTOMERS_PERSONAL_ADITTIONALINFO_READ',
      RESOURCES,
    ],
  },
  brazilBusinessData: {
    name: 'Brazil: Data of a Company',
    description: 'Identity, addresses and figures of a company',
    brazil: [
      'CUSTOMERS_BUSINESS_IDENTIFICATIONS_READ',
      'CUSTOMERS_BUSINESS_ADITTIONALINFO_READ',
      RESOURCES,
    ],
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
    'The data that the customer is asked to share. Choose sets, or single permissions of Open Banking UK, or both. The sets also exist in Saudi Arabia and, if they do not say otherwise, in Brazil.',
};
