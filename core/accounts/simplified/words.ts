import { textOf } from './texts';

/** Words of v3.1 and codes of v4.0 (ISO 20022), in small letters, with the word of v3.1 that they stand for. */
type Words = ReadonlyMap<string, string>;

function words(codes: Readonly<Record<string, string>>): Words {
  const entries = Object.entries(codes).flatMap(([code, word]) => [
    [code.toLowerCase(), word] as const,
    [word.toLowerCase(), word] as const,
  ]);
  return new Map(entries);
}

const BALANCE_TYPES = words({
  CLAV: 'ClosingAvailable',
  CLBD: 'ClosingBooked',
  ClosingCleared: 'ClosingCleared',
  FWAV: 'ForwardAvailable',
  INFO: 'Information',
  InterimCleared: 'InterimCleared',
  ITAV: 'InterimAvailable',
  ITBD: 'InterimBooked',
  OPAV: 'OpeningAvailable',
  OPBD: 'OpeningBooked',
  OpeningCleared: 'OpeningCleared',
  PRCD: 'PreviouslyClosedBooked',
  // OBIE's document has XPCH, ISO 20022 has XPCD.
  XPCD: 'Expected',
  XPCH: 'Expected',
});

const ACCOUNT_TYPES = words({
  CACC: 'CurrentAccount',
  CARD: 'CreditCard',
  ChargeCard: 'ChargeCard',
  LOAN: 'Loan',
  LLSV: 'Savings',
  MORT: 'Mortgage',
  PrePaidCard: 'PrePaidCard',
  SVGS: 'Savings',
  TRAN: 'CurrentAccount',
  WALT: 'EMoney',
  Business: 'Business',
  Personal: 'Personal',
});

const ACCOUNT_STATUSES = words({
  DELE: 'Deleted',
  DISA: 'Disabled',
  ENAB: 'Enabled',
  FORM: 'ProForma',
  PEND: 'Pending',
});

/** The type of a balance in the words of v3.1. A code that has no such word stays as it is. */
export function balanceType(value: unknown): string | undefined {
  return wordFor(value, BALANCE_TYPES);
}

/** The type of an account in the words of v3.1. A code that has no such word stays as it is. */
export function accountType(value: unknown): string | undefined {
  return wordFor(value, ACCOUNT_TYPES);
}

/** The status of an account in the words of v3.1. A code that has no such word stays as it is. */
export function accountStatus(value: unknown): string | undefined {
  return wordFor(value, ACCOUNT_STATUSES);
}

function wordFor(value: unknown, known: Words): string | undefined {
  const text = textOf(value);
  return text && (known.get(text.toLowerCase()) ?? text);
}
