import { counted, type Remarks } from '../../lib/remarks';
import { objectsIn } from './members';
import { consentFields, type AccountFields, type ConsentFields, type Origin } from './origin';
import type { RawRow } from './rawRow';
import { identifierOf, textOf } from './texts';
import { accountStatus, accountType } from './words';

/** An account, made for a database row. Fields that the bank left out are absent. */
export interface SimplifiedAccount extends Partial<AccountFields>, ConsentFields {
  /** `Nickname`; without it, the name of the identification; without that, `Description`. */
  name?: string;
  /** The kind of product in the words of v3.1, for example `CurrentAccount`; if the bank names none, `Personal` or `Business`. */
  type?: string;
  /** ISO 4217. */
  currency?: string;
  /** IBAN, sort code and account number, or card number, as the bank sent it. */
  identification?: string;
  /** The scheme of `identification` as the bank sent it, for example `UK.OBIE.IBAN` or `IBAN`. */
  scheme?: string;
  /** In the words of v3.1, for example `Enabled`. */
  status?: string;
}

/** Schemes without their prefix, the best first. Others come between them and card numbers, which may be masked. */
const SCHEMES = ['iban', 'sortcodeaccountnumber', 'bban'];

/** The `AccountId` of an account as the bank sent it; `undefined` if there is none. */
export function accountIdOf(row: RawRow): string | undefined {
  return identifierOf(row.AccountId);
}

/** Simplifies an account. */
export function simplifiedAccount(
  row: RawRow,
  origin: Omit<Origin, 'accountId'>,
  remarks: Remarks,
  accountKey?: string,
): SimplifiedAccount {
  const accountId = accountIdOf(row);
  if (accountId === undefined) remarks.count(withoutId);
  const account: SimplifiedAccount =
    accountId === undefined ? {} : { account_id: accountId, account_key: accountKey ?? accountId };
  Object.assign(account, consentFields(origin));
  const identified = identificationOf(row);
  const name = textOf(row.Nickname) ?? textOf(identified?.Name) ?? textOf(row.Description);
  const type =
    accountType(row.AccountSubType) ??
    accountType(row.AccountTypeCode) ??
    accountType(row.AccountType) ??
    accountType(row.AccountCategory);
  const currency = textOf(row.Currency)?.toUpperCase();
  const identification = textOf(identified?.Identification);
  const scheme = textOf(identified?.SchemeName);
  const status = accountStatus(row.Status);
  if (name !== undefined) account.name = name;
  if (type !== undefined) account.type = type;
  if (currency !== undefined) account.currency = currency;
  if (identification !== undefined) account.identification = identification;
  if (scheme !== undefined && identification !== undefined) account.scheme = scheme;
  if (status !== undefined) account.status = status;
  return account;
}

/** The identification of an account that is shown: one of them, whatever their order. */
function identificationOf(row: RawRow): RawRow | undefined {
  const all = objectsIn(row, 'Account');
  const usable = all.filter(({ Identification }) => textOf(Identification) !== undefined);
  const [best] = [...usable].sort((a, b) => rankOf(a) - rankOf(b));
  return best ?? all[0];
}

/** By what an account is recognized if the bank gives it another `AccountId`. */
export interface AccountIdentity {
  /** Those that are not masked: two cards may show the same four digits. */
  readonly identifications: readonly string[];
  /** Currency and secondary identification: several accounts may have one identification. */
  readonly details: string;
}

/** The identity of an account. Spaces, dashes and case of identifications do not count. */
export function accountIdentity(row: RawRow): AccountIdentity {
  const identified = objectsIn(row, 'Account');
  const identifications = identified.flatMap(({ Identification }) => {
    const text = textOf(Identification)?.replace(/[\s-]/g, '').toUpperCase();
    return text === undefined || MASK.test(text) ? [] : [text];
  });
  const secondary = identified.map((one) => textOf(one.SecondaryIdentification) ?? '');
  const details = [textOf(row.Currency)?.toUpperCase() ?? '', [...new Set(secondary)].sort()];
  return { identifications, details: JSON.stringify(details) };
}

/** Characters in place of digits. */
const MASK = /[*•#.]|XXX/;

function rankOf({ SchemeName }: RawRow): number {
  const scheme = (textOf(SchemeName) ?? '').toLowerCase().replace(/^.*\./, '');
  if (scheme === 'pan') return SCHEMES.length + 1;
  const rank = SCHEMES.indexOf(scheme);
  return rank < 0 ? SCHEMES.length : rank;
}

const withoutId = (count: number) =>
  `In ${counted(count, 'row')}, the bank sent an account without "AccountId".`;
