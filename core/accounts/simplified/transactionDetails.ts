import { directionOf } from './amounts';
import { objectIn, objectsIn } from './members';
import type { RawRow } from './rawRow';
import { textOf } from './texts';

/** Fields that say what a transaction was. Fields that the bank left out are absent. */
export interface TransactionDetails {
  /**
   * The other party: the merchant; without one, the name of the creditor's account of a debit or of the debtor's account of a credit; without
   * that, the ultimate creditor or debtor (v4.0). Never a bank.
   */
  counterparty?: string;
  /** The identification of the other party's account, for example an IBAN; without it, its proxy (v4.0), for example a phone number. */
  counterparty_account?: string;
  /** `TransactionReference`. */
  reference?: string;
  /** `TransactionInformation`. */
  description?: string;
  /**
   * `Code/SubCode` of `BankTransactionCode`, for example `IssuedDirectDebits/BACSDirectDebit`; without it, the code of
   * `ProprietaryBankTransactionCode`; without that, the first of `ExtendedProprietaryBankTransactionCodes` (v4.0).
   */
  code?: string;
}

/** The details of a transaction. Each comes from the first member that is not empty. */
export function detailsOf(row: RawRow): TransactionDetails {
  const details: TransactionDetails = {};
  const side = otherSide(row);
  const account = side ? objectIn(row, `${side}Account`) : {};
  const counterparty =
    textOf(objectIn(row, 'MerchantDetails').MerchantName) ??
    textOf(account.Name) ??
    (side && textOf(objectIn(row, `Ultimate${side}`).Name));
  const counterpartyAccount =
    textOf(account.Identification) ?? textOf(objectIn(account, 'Proxy').Identification);
  const reference = textOf(row.TransactionReference);
  const description = textOf(row.TransactionInformation);
  const code = codeOf(row);
  if (counterparty !== undefined) details.counterparty = counterparty;
  if (counterpartyAccount !== undefined) details.counterparty_account = counterpartyAccount;
  if (reference !== undefined) details.reference = reference;
  if (description !== undefined) details.description = description;
  if (code !== undefined) details.code = code;
  return details;
}

/** The party that is not the customer: money goes to the creditor, or comes from the debtor. */
function otherSide(row: RawRow): 'Creditor' | 'Debtor' | undefined {
  const direction = directionOf(row);
  return direction && (direction === 'Debit' ? 'Creditor' : 'Debtor');
}

function codeOf(row: RawRow): string | undefined {
  const { Code, SubCode } = objectIn(row, 'BankTransactionCode');
  const standard = [textOf(Code), textOf(SubCode)].filter((part) => part !== undefined).join('/');
  if (standard !== '') return standard;
  const proprietary = [
    objectIn(row, 'ProprietaryBankTransactionCode'),
    ...objectsIn(row, 'ExtendedProprietaryBankTransactionCodes'),
  ];
  for (const { Code: code } of proprietary) {
    const text = textOf(code);
    if (text !== undefined) return text;
  }
  return undefined;
}
