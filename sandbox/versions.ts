import type { Account } from './accounts';
import type { Consent } from './consents';
import type { PaymentKind } from './payments';
import type { TransactionState } from './transactions';

/** Codes of errors, in the words of v3.1, with the codes of v4.0 (`OBExternalStatusReason1Code`). */
export const ERROR_CODES = {
  'UK.OBIE.Field.Invalid': 'U002',
  'UK.OBIE.Field.Missing': 'U004',
  'UK.OBIE.Header.Invalid': 'U006',
  'UK.OBIE.Resource.ConsentMismatch': 'U008',
  'UK.OBIE.Resource.InvalidConsentStatus': 'U009',
  'UK.OBIE.Resource.InvalidFormat': 'U010',
  'UK.OBIE.Resource.NotFound': 'U011',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** A refusal, before it is written in the form of a version. */
export interface RefusalOfApi {
  status: number;
  reason: string;
  errorCode: ErrorCode;
  message: string;
}

/** A version of UK Open Banking's account information API: where it is, and its words. */
export interface Version {
  name: 'v3.1' | 'v4.0';
  /** Path at the gateway, without a slash at its end. */
  path: string;
  consentStatus(consent: Consent): string;
  /** The members that say what kind of account it is. */
  accountKind(account: Account): Record<string, string>;
  balanceTypes: { booked: string; available: string };
  transactionStates: Record<TransactionState, string>;
  /** `BankTransactionCode`: the code and the code below it. */
  transactionCodes: Record<PaymentKind, readonly [code: string, subCode: string]>;
  error(refusal: RefusalOfApi, id: string): object;
}

/** Version 3.1, as WSO2 Open Banking and most UK banks speak it. */
export const V3: Version = {
  name: 'v3.1',
  path: '/open-banking/v3.1/aisp',
  consentStatus: ({ status }) => status,
  accountKind: ({ type, subType }) => ({ AccountType: type, AccountSubType: subType }),
  balanceTypes: { booked: 'InterimBooked', available: 'InterimAvailable' },
  transactionStates: {
    booked: 'Booked',
    pending: 'Pending',
    future: 'Pending',
    declined: 'Rejected',
  },
  transactionCodes: {
    card: ['CustomerCardTransactions', 'PointOfSalePaymentDebitCard'],
    directDebit: ['IssuedDirectDebits', 'DirectDebitPayment'],
    standingOrder: ['IssuedCreditTransfers', 'StandingOrder'],
    transferOut: ['IssuedCreditTransfers', 'DomesticCreditTransfer'],
    transferIn: ['ReceivedCreditTransfers', 'DomesticCreditTransfer'],
    standingOrderIn: ['ReceivedCreditTransfers', 'StandingOrder'],
    salary: ['ReceivedCreditTransfers', 'PayrollSalaryPayment'],
    interest: ['MiscellaneousCreditOperations', 'Interest'],
  },
  error: ({ status, reason, errorCode, message }, id) => ({
    Code: `${status} ${reason}`,
    Id: id,
    Message: reason,
    Errors: [{ ErrorCode: errorCode, Message: message }],
  }),
};

const V4: Version = {
  name: 'v4.0',
  path: '/open-banking/v4.0/aisp',
  consentStatus: ({ status, expires }) => {
    if (status === 'Authorised' && expires && expires <= new Date()) return 'EXPD';
    return { AwaitingAuthorisation: 'AWAU', Authorised: 'AUTH', Rejected: 'RJCT', Revoked: 'CANC' }[
      status
    ];
  },
  accountKind: ({ type, subType }) => ({
    AccountCategory: type,
    AccountTypeCode: { CurrentAccount: 'CACC', Savings: 'SVGS', CreditCard: 'CARD' }[subType],
  }),
  balanceTypes: { booked: 'ITBD', available: 'ITAV' },
  // The standard has no word for a declined payment any more.
  transactionStates: { booked: 'BOOK', pending: 'PDNG', future: 'FUTR', declined: 'INFO' },
  transactionCodes: {
    card: ['CCRD', 'POSD'],
    directDebit: ['IDDT', 'PMDD'],
    standingOrder: ['ICDT', 'STDO'],
    transferOut: ['ICDT', 'DMCT'],
    transferIn: ['RCDT', 'DMCT'],
    standingOrderIn: ['RCDT', 'STDO'],
    salary: ['RCDT', 'SALA'],
    interest: ['MCOP', 'INTR'],
  },
  error: ({ errorCode, message }) => ({
    Errors: [{ ErrorCode: ERROR_CODES[errorCode], Message: message }],
  }),
};

/** The versions that the bank speaks. A consent is good for all of them. */
export const VERSIONS: readonly Version[] = [V3, V4];
