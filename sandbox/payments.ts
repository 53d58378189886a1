import type { Account } from './accounts';

/** Kinds of payments. Each version of the standard has codes of its own for them. */
export type PaymentKind =
  | 'card'
  | 'directDebit'
  | 'standingOrder'
  | 'transferOut'
  | 'transferIn'
  | 'standingOrderIn'
  | 'salary'
  | 'interest';

/** A payment that an account makes or receives again and again. */
export interface Payment {
  /** Name of the other party. */
  party: string;
  /** Usual amount in hundredths; negative for a payment by the customer. */
  amount: number;
  kind: PaymentKind;
  /** Text that the payer gave. */
  reference?: string;
  /** Account number of the other party: an IBAN, or sort code and account number. */
  counterparty?: string;
  /** Where a card was used. */
  town?: string;
  /** ISO 18245. */
  merchantCategory?: string;
  /** A purchase in another currency: units of the account's currency for one of that currency. */
  exchange?: { currency: string; rate: number };
  /** The tip that is added when the payment is booked, in hundredths of the amount. */
  tip?: number;
}

/** When an account makes and receives its payments. */
export interface Schedule {
  /** Payments on a day of each month, of a fixed amount. */
  monthly: readonly (Payment & { day: number })[];
  /** Payments of which some are made each day. Their amounts differ a little. */
  daily: readonly Payment[];
  /** Number of `daily` payments on a day. */
  perDay: number;
  /** Number of `daily` payments of today that are not booked yet. */
  pending: number;
}

const CARD = { kind: 'card' } as const;

const HOUSEHOLD: Schedule = {
  monthly: [
    {
      day: 1,
      party: 'Oakfield Lettings',
      amount: -98_000,
      kind: 'standingOrder',
      reference: 'FLAT 7 RENT',
      counterparty: '20000055512345',
    },
    { day: 2, party: 'Alex Morgan', amount: -25_000, kind: 'standingOrder', reference: 'SAVINGS' },
    {
      day: 3,
      party: 'Riverside Council',
      amount: -14_250,
      kind: 'directDebit',
      reference: 'CT 00418827',
    },
    {
      day: 5,
      party: 'Harbour Energy Supply',
      amount: -9_480,
      kind: 'directDebit',
      reference: 'HES-220914',
    },
    {
      day: 12,
      party: 'Northlight Telecom',
      amount: -2_900,
      kind: 'directDebit',
      reference: 'NLT 7781 0093',
    },
    {
      day: 20,
      party: 'Alex Morgan',
      amount: -60_000,
      kind: 'transferOut',
      reference: 'CREDIT CARD',
    },
    {
      day: 25,
      party: 'Fielding & Hart Ltd',
      amount: 312_400,
      kind: 'salary',
      reference: 'SALARY',
      counterparty: '20000077700011',
    },
  ],
  daily: [
    {
      ...CARD,
      party: 'Corner Grocer',
      amount: -2_315,
      town: 'LONDON E8',
      merchantCategory: '5411',
    },
    { ...CARD, party: 'City Transport', amount: -640, town: 'LONDON', merchantCategory: '4111' },
    {
      ...CARD,
      party: 'Ferry Lane Café',
      amount: -875,
      town: 'LONDON N17',
      merchantCategory: '5814',
    },
    {
      ...CARD,
      party: 'Market Street Bakery',
      amount: -520,
      town: 'LONDON E8',
      merchantCategory: '5462',
    },
    {
      ...CARD,
      party: 'Greenway Pharmacy',
      amount: -1_145,
      town: 'LONDON E9',
      merchantCategory: '5912',
    },
  ],
  perDay: 2,
  pending: 2,
};

const SAVINGS: Schedule = {
  monthly: [
    { day: 1, party: 'Sandbox Bank', amount: 1_812, kind: 'interest' },
    { day: 2, party: 'Alex Morgan', amount: 25_000, kind: 'standingOrderIn', reference: 'SAVINGS' },
    // Two equal payments on one day: only their position tells them apart.
    { day: 26, party: 'Alex Morgan', amount: 5_000, kind: 'transferIn', reference: 'POCKET' },
    { day: 26, party: 'Alex Morgan', amount: 5_000, kind: 'transferIn', reference: 'POCKET' },
  ],
  daily: [],
  perDay: 0,
  pending: 0,
};

const STUDIO: Schedule = {
  monthly: [
    {
      day: 1,
      party: 'Werkhof Studios GmbH',
      amount: -72_000,
      kind: 'standingOrder',
      reference: 'STUDIO 3',
      counterparty: 'DE75SAND0000000000012345',
    },
    {
      day: 8,
      party: 'Galerie Nordlicht',
      amount: 148_000,
      kind: 'transferIn',
      reference: 'INVOICE 1042',
      counterparty: 'DE12SAND0000000000067890',
    },
    {
      day: 15,
      party: 'Fonderie du Port',
      amount: -38_750,
      kind: 'transferOut',
      reference: 'FACTURE 77-B',
      counterparty: 'FR14SAND00000000000004242',
    },
    {
      day: 22,
      party: 'Uitgeverij De Kade',
      amount: 91_500,
      kind: 'transferIn',
      reference: 'RF18539007547034',
      counterparty: 'NL02SAND0000054321',
    },
    { day: 28, party: 'Northlight Telecom', amount: -4_900, kind: 'directDebit' },
  ],
  daily: [
    {
      ...CARD,
      party: 'Papier & Pigment',
      amount: -3_420,
      town: 'BERLIN',
      merchantCategory: '5970',
    },
    { ...CARD, party: 'Kontor Coffee', amount: -480, town: 'BERLIN', merchantCategory: '5814' },
    { ...CARD, party: 'Parcel Post', amount: -1_290, town: 'HAMBURG', merchantCategory: '4215' },
  ],
  perDay: 1,
  pending: 0,
};

const CREDIT_CARD: Schedule = {
  monthly: [
    { day: 20, party: 'Alex Morgan', amount: 60_000, kind: 'transferIn', reference: 'PAYMENT' },
  ],
  daily: [
    {
      ...CARD,
      party: 'Bistro Lumière',
      amount: -5_000,
      town: 'LONDON W1',
      merchantCategory: '5812',
      tip: 0.15,
    },
    { ...CARD, party: 'Riverside Books', amount: -2_499, town: 'OXFORD', merchantCategory: '5942' },
    {
      ...CARD,
      party: 'Skyline Rail',
      amount: -3_360,
      town: 'PARIS',
      merchantCategory: '4112',
      exchange: { currency: 'EUR', rate: 0.8613 },
    },
  ],
  perDay: 1,
  pending: 1,
};

/** The payments of an account. */
export function scheduleOf({ type, subType }: Account): Schedule {
  if (subType === 'Savings') return SAVINGS;
  if (subType === 'CreditCard') return CREDIT_CARD;
  return type === 'Business' ? STUDIO : HOUSEHOLD;
}
