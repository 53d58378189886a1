import { amountOf, CUSTOMER, indicatorOf, type Account } from './accounts';
import type { Consent } from './consents';
import type { Transaction } from './transactions';

/** `OBReadConsentResponse1.Data` of UK Open Banking v3.1. */
export function consentBody(consent: Consent): Record<string, unknown> {
  return {
    ConsentId: consent.id,
    Status: consent.status,
    CreationDateTime: consent.created.toISOString(),
    StatusUpdateDateTime: consent.statusUpdated.toISOString(),
    Permissions: consent.permissions,
    ExpirationDateTime: consent.expires?.toISOString(),
    TransactionFromDateTime: consent.transactionsFrom?.toISOString(),
    TransactionToDateTime: consent.transactionsTo?.toISOString(),
  };
}

/** `OBAccount6`. It has no account number if the consent permits only the basics. */
export function accountBody(account: Account, detailed: boolean): Record<string, unknown> {
  return {
    AccountId: account.id,
    Status: 'Enabled',
    StatusUpdateDateTime: account.opened,
    Currency: account.currency,
    AccountType: account.type,
    AccountSubType: account.subType,
    Nickname: account.nickname,
    OpeningDate: account.opened,
    ...(detailed
      ? {
          Account: [
            {
              SchemeName: account.schemeName,
              Identification: account.identification,
              Name: CUSTOMER.name,
            },
          ],
        }
      : {}),
  };
}

/** `OBReadBalance1.Data.Balance`: the booked and the available balance. */
export function balanceBody(account: Account, now = new Date()): Record<string, unknown>[] {
  return ['ClosingBooked', 'InterimAvailable'].map((type) => ({
    AccountId: account.id,
    CreditDebitIndicator: indicatorOf(account.balance),
    Type: type,
    DateTime: now.toISOString(),
    Amount: { Amount: amountOf(account.balance), Currency: account.currency },
  }));
}

/** `OBTransaction6`. It has no creditor and no debtor if the consent permits only the basics. */
export function transactionBody(
  account: Account,
  transaction: Transaction,
  detailed: boolean,
): Record<string, unknown> {
  return {
    AccountId: account.id,
    TransactionId: transaction.id,
    CreditDebitIndicator: indicatorOf(transaction.amount),
    Status: 'Booked',
    BookingDateTime: transaction.booked.toISOString(),
    ValueDateTime: transaction.booked.toISOString(),
    Amount: { Amount: amountOf(transaction.amount), Currency: account.currency },
    BankTransactionCode: { Code: transaction.code, SubCode: transaction.subCode },
    ...(detailed
      ? {
          TransactionInformation: transaction.party,
          ...(transaction.amount < 0
            ? { MerchantDetails: { MerchantName: transaction.party } }
            : {}),
        }
      : {}),
  };
}
