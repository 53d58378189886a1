/** An account number. */
export interface Identification {
  schemeName: 'UK.OBIE.SortCodeAccountNumber' | 'UK.OBIE.IBAN' | 'UK.OBIE.PAN';
  identification: string;
  /** Such as a roll number. */
  secondary?: string;
}

/** An account of the invented customer. */
export interface Account {
  id: string;
  /** The ID in answers, if a consent has other ones. */
  publicId?: string;
  nickname: string;
  type: 'Personal' | 'Business';
  subType: 'CurrentAccount' | 'Savings' | 'CreditCard';
  /** ISO 4217. */
  currency: 'GBP' | 'EUR';
  /** Account numbers. */
  identifications: readonly Identification[];
  opened: string;
  /** Booked balance in hundredths; negative if the customer owes money. */
  balance: number;
  /** Number of transactions. */
  transactionCount: number;
  /** `TransactionId`: one for each transaction, the number of a row on its day, or none. */
  transactionIds: 'unique' | 'positions' | 'none';
  /** Agreed overdraft in hundredths. The available balance includes it. */
  creditLine?: number;
  /** Whether transactions show the balance after them. */
  showsBalances?: boolean;
}

/** The invented customer. The log-in page shows the user name and password. */
export const CUSTOMER = {
  id: 'alex.morgan',
  name: 'Alex Morgan',
  username: 'alex.morgan',
  password: 'sandbox',
  /** Numbers of the taxpayer and of a company of hers in Brazil. They are well-known examples. */
  cpf: '52998224725',
  cnpj: '11222333000181',
} as const;

/** The customer's accounts. Names and numbers are invented. */
export const ACCOUNTS: readonly Account[] = [
  {
    id: '30080012343456',
    nickname: 'Household',
    type: 'Personal',
    subType: 'CurrentAccount',
    currency: 'GBP',
    identifications: [
      { schemeName: 'UK.OBIE.SortCodeAccountNumber', identification: '20000012343456' },
    ],
    opened: '2019-04-02T09:15:00+00:00',
    balance: 248_316,
    transactionCount: 120,
    transactionIds: 'unique',
    creditLine: 100_000,
  },
  {
    id: '30080098763459',
    nickname: 'Rainy day',
    type: 'Personal',
    subType: 'Savings',
    currency: 'GBP',
    identifications: [
      { schemeName: 'UK.OBIE.SortCodeAccountNumber', identification: '20000098763459' },
    ],
    opened: '2020-01-13T11:40:00+00:00',
    balance: 1_250_000,
    transactionCount: 24,
    transactionIds: 'none',
  },
  {
    id: '30080056781234',
    nickname: 'Studio',
    type: 'Business',
    subType: 'CurrentAccount',
    currency: 'EUR',
    identifications: [
      {
        schemeName: 'UK.OBIE.SortCodeAccountNumber',
        identification: '20000056781234',
        secondary: 'STUDIO',
      },
      { schemeName: 'UK.OBIE.IBAN', identification: 'GB33SAND20000056781234' },
    ],
    opened: '2021-09-20T08:05:00+00:00',
    balance: 873_055,
    transactionCount: 61,
    transactionIds: 'unique',
    showsBalances: true,
  },
  {
    id: '30080044445555',
    nickname: 'Credit card',
    type: 'Personal',
    subType: 'CreditCard',
    currency: 'GBP',
    identifications: [{ schemeName: 'UK.OBIE.PAN', identification: '************4242' }],
    opened: '2022-03-07T16:30:00+00:00',
    balance: -31_274,
    transactionCount: 18,
    transactionIds: 'positions',
  },
];

/** An amount of hundredths as Open Banking writes it: digits, a point, two digits, no sign. */
export function amountOf(hundredths: number): string {
  return (Math.abs(hundredths) / 100).toFixed(2);
}

/** Open Banking writes the sign of an amount as a word. */
export function indicatorOf(hundredths: number): 'Credit' | 'Debit' {
  return hundredths < 0 ? 'Debit' : 'Credit';
}
