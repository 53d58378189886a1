import { createHash } from 'node:crypto';
import type { Account } from './accounts';

/** A booked transaction of an invented account. */
export interface Transaction {
  id: string;
  booked: Date;
  /** Amount in hundredths; negative for a payment by the customer. */
  amount: number;
  /** Name of the other party. */
  party: string;
  /** ISO 20022 bank transaction code and sub-code, as UK Open Banking spells them. */
  code: string;
  subCode: string;
}

interface Pattern {
  party: string;
  /** Typical amount in hundredths. */
  amount: number;
  code: string;
  subCode: string;
}

const DAY = 86_400_000;

const PATTERNS: Record<Account['subType'], readonly Pattern[]> = {
  CurrentAccount: [
    { party: 'Corner Grocer', amount: -4_215, code: 'MerchantCardPayments', subCode: 'POSPayment' },
    { party: 'City Transport', amount: -640, code: 'MerchantCardPayments', subCode: 'POSPayment' },
    {
      party: 'Harbour Energy Supply',
      amount: -9_480,
      code: 'IssuedDirectDebits',
      subCode: 'DirectDebit',
    },
    { party: 'Ferry Lane Café', amount: -875, code: 'MerchantCardPayments', subCode: 'POSPayment' },
    {
      party: 'Oakfield Lettings',
      amount: -98_000,
      code: 'IssuedCreditTransfers',
      subCode: 'StandingOrder',
    },
    {
      party: 'Fielding & Hart Ltd',
      amount: 212_400,
      code: 'ReceivedCreditTransfers',
      subCode: 'DomesticCreditTransfer',
    },
    {
      party: 'Northlight Telecom',
      amount: -2_900,
      code: 'IssuedDirectDebits',
      subCode: 'DirectDebit',
    },
  ],
  Savings: [
    {
      party: 'Alex Morgan',
      amount: 25_000,
      code: 'ReceivedCreditTransfers',
      subCode: 'StandingOrder',
    },
    {
      party: 'Sandbox Bank',
      amount: 1_812,
      code: 'MiscellaneousCreditOperations',
      subCode: 'Interest',
    },
  ],
  CreditCard: [
    {
      party: 'Riverside Books',
      amount: -2_499,
      code: 'CustomerCardTransactions',
      subCode: 'POSPayment',
    },
    {
      party: 'Skyline Rail',
      amount: -7_360,
      code: 'CustomerCardTransactions',
      subCode: 'POSPayment',
    },
    {
      party: 'Alex Morgan',
      amount: 15_000,
      code: 'ReceivedCreditTransfers',
      subCode: 'DomesticCreditTransfer',
    },
  ],
};

/** The account's transactions, newest first. They are the same in all calls of a day. */
export function transactionsOf(account: Account, now = new Date()): Transaction[] {
  const today = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate());
  const patterns = PATTERNS[account.subType];
  return Array.from({ length: account.transactionCount }, (_, index) => {
    const digest = createHash('sha256').update(`${account.id}/${index}`).digest();
    const pattern = patterns[digest[0]! % patterns.length]!;
    // Amounts differ a little, as on a real statement.
    const factor = 0.8 + digest[1]! / 640;
    return {
      id: `${account.id}-${digest.toString('hex', 2, 10)}`,
      booked: new Date(today - (index + 1) * 1.5 * DAY + digest[10]! * 60_000),
      amount: Math.round(pattern.amount * factor),
      party: pattern.party,
      code: pattern.code,
      subCode: pattern.subCode,
    };
  });
}
