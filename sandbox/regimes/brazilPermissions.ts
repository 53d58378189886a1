/**
 * Permissions for accounts of Open Finance Brasil's consent API (version 3.2.0, table of groups), in words for the customer. A consent has
 * all permissions of each of its groups.
 */
export const BRAZIL_PERMISSIONS: Readonly<Record<string, string>> = {
  ACCOUNTS_READ: 'The names of your accounts',
  ACCOUNTS_BALANCES_READ: 'Your account balances',
  ACCOUNTS_TRANSACTIONS_READ: 'Your transactions',
  ACCOUNTS_OVERDRAFT_LIMITS_READ: 'Your overdraft limits',
  CUSTOMERS_PERSONAL_IDENTIFICATIONS_READ: 'Your name and documents',
  CUSTOMERS_PERSONAL_ADITTIONALINFO_READ: 'Further information about you',
  CUSTOMERS_BUSINESS_IDENTIFICATIONS_READ: 'Your company’s name and documents',
  CUSTOMERS_BUSINESS_ADITTIONALINFO_READ: 'Further information about your company',
  CREDIT_CARDS_ACCOUNTS_READ: 'Your credit cards',
  CREDIT_CARDS_ACCOUNTS_LIMITS_READ: 'The limits of your credit cards',
  CREDIT_CARDS_ACCOUNTS_TRANSACTIONS_READ: 'The transactions of your credit cards',
  CREDIT_CARDS_ACCOUNTS_BILLS_READ: 'The bills of your credit cards',
  CREDIT_CARDS_ACCOUNTS_BILLS_TRANSACTIONS_READ: 'The transactions in those bills',
  RESOURCES_READ: 'Which of these you share',
};

/** Permissions that only make sense with another one. */
export const BRAZIL_NEEDED: readonly { of: RegExp; needed: string }[] = [
  { of: /./, needed: 'RESOURCES_READ' },
  { of: /^ACCOUNTS_(?!READ$)/, needed: 'ACCOUNTS_READ' },
  { of: /^CREDIT_CARDS_ACCOUNTS_(?!READ$)/, needed: 'CREDIT_CARDS_ACCOUNTS_READ' },
];
