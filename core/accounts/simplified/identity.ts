import { digest } from '../../lib/digest';
import type { Remarks } from '../../lib/remarks';
import { rowsIn, type TransactionStatus } from './status';

/** What the identity of a transaction is made of. */
export interface IdentityFacts {
  /** The bank's `TransactionId`, if it is no placeholder. */
  readonly bankId: string | undefined;
  /** The bank's `TransactionReference`, if it is no placeholder. */
  readonly reference: string | undefined;
  readonly status: TransactionStatus;
  /** The bank's date, see `dateOf`; empty if there is none. */
  readonly bookedAt: string;
  /** The signed amount in its canonical form. */
  readonly amount: string;
  /** Empty if there is none. */
  readonly currency: string;
}

/** The identity of a transaction among those of its account. */
export interface Identity {
  readonly id: string;
  readonly source: 'bank' | 'reference' | 'fingerprint';
}

/** Equal rows are numbered in this order. So a row has the same ID whatever status the user asks for. */
const STATUS_ORDER: readonly TransactionStatus[] = [
  'booked',
  'pending',
  'future',
  'rejected',
  'information',
];

/** Words that banks send in place of an ID, without case and punctuation. */
const PLACEHOLDERS = new Set([
  'na',
  'none',
  'nonref',
  'notapplicable',
  'notavailable',
  'notprovided',
  'null',
  'undefined',
  'unknown',
]);

/** Names the recipe of {@link fingerprint}. Another recipe would need another name, because users store the IDs. */
const RECIPE = 'ob1';

/** The form of a fingerprint. An ID of the bank that has it could be that of another row. */
const FINGERPRINT = new RegExp(`^${RECIPE}-[\\w-]{43}$`);

/**
 * Whether a text cannot be an ID or a reference: a word such as `NOTPROVIDED`, zeros, punctuation, the nil UUID, or a text in the form of a
 * fingerprint.
 */
export function isPlaceholder(text: string): boolean {
  if (FINGERPRINT.test(text)) return true;
  const bare = text.replace(/[\s\p{P}\p{S}]+/gu, '').toLowerCase();
  return /^0*$/.test(bare) || PLACEHOLDERS.has(bare);
}

/**
 * The identities of all rows of an account that were read. It needs all of them, because the bank's ID counts only if no other row has it with
 * another sign, amount or currency. The effort grows with the number of rows.
 *
 * @param orderText the own text of a row, by its index. Rows that are equal in everything else are numbered in the order of these texts.
 * @returns an identity for each row; `undefined` for a row that is another row again
 */
export function identitiesOf(
  rows: readonly IdentityFacts[],
  account: string,
  orderText: (index: number) => string,
  remarks: Remarks,
): (Identity | undefined)[] {
  const identities: (Identity | undefined)[] = new Array<undefined>(rows.length).fill(undefined);
  const uses = usesOfIds(rows);
  const isReused = [...uses.values()].some(
    ({ isShared, isOfManyDays }) => isShared && isOfManyDays,
  );
  const others: number[] = [];
  rows.forEach(({ bankId }, index) => {
    if (bankId === undefined) others.push(index);
  });
  for (const [id, { indexes, isShared, isOfManyDays }] of uses) {
    if (isShared) remarks.count(sharedId, indexes.length);
    // If IDs are used again on other days, an equal amount on another day may be another payment. A row too many is better than one too few.
    if (isShared || (isReused && isOfManyDays)) {
      for (const index of indexes) others.push(index);
      continue;
    }
    if (indexes.length > 1) remarks.count(repeatedId, indexes.length - 1);
    identities[lastOf(indexes, rows)] = { id, source: 'bank' };
  }
  for (const equals of equalRows(others, rows)) {
    const ordered = equals.length === 1 ? equals : inOrder(equals, rows, orderText);
    ordered.forEach((index, ordinal) => {
      identities[index] = fingerprint(rows[index]!, account, ordinal);
    });
  }
  return identities;
}

/** The rows that have an ID of the bank. */
interface Use {
  readonly indexes: number[];
  readonly amount: string;
  readonly currency: string;
  readonly day: string;
  /** Whether the rows differ in sign, amount or currency. */
  isShared: boolean;
  /** Whether the rows differ in their booking day. */
  isOfManyDays: boolean;
}

function usesOfIds(rows: readonly IdentityFacts[]): Map<string, Use> {
  const uses = new Map<string, Use>();
  rows.forEach(({ bankId, amount, currency, bookedAt }, index) => {
    if (bankId === undefined) return;
    const day = bookedAt.slice(0, 10);
    const use = uses.get(bankId);
    if (!use) {
      uses.set(bankId, {
        indexes: [index],
        amount,
        currency,
        day,
        isShared: false,
        isOfManyDays: false,
      });
      return;
    }
    use.indexes.push(index);
    use.isShared ||= use.amount !== amount || use.currency !== currency;
    use.isOfManyDays ||= use.day !== day;
  });
  return uses;
}

/** Of rows that are one transaction: the booked one, and of several, that with the latest date. */
function lastOf(indexes: readonly number[], rows: readonly IdentityFacts[]): number {
  return indexes.reduce((best, index) => {
    const byStatus = rankOf(rows[index]!) - rankOf(rows[best]!);
    const isLater = byStatus === 0 && rows[index]!.bookedAt > rows[best]!.bookedAt;
    return byStatus < 0 || isLater ? index : best;
  });
}

/** Groups rows that differ in nothing that a fingerprint is made of. */
function equalRows(indexes: readonly number[], rows: readonly IdentityFacts[]): Iterable<number[]> {
  const groups = new Map<string, number[]>();
  for (const index of indexes) {
    const { bookedAt, amount, currency, reference = '' } = rows[index]!;
    const key = `${bookedAt.slice(0, 10)} ${amount} ${currency} ${reference}`;
    const group = groups.get(key);
    if (group) group.push(index);
    else groups.set(key, [index]);
  }
  return groups.values();
}

function inOrder(
  indexes: readonly number[],
  rows: readonly IdentityFacts[],
  orderText: (index: number) => string,
): number[] {
  const keyed = indexes.map((index) => ({
    index,
    rank: rankOf(rows[index]!),
    bookedAt: rows[index]!.bookedAt,
    text: orderText(index),
  }));
  keyed.sort(
    (a, b) => a.rank - b.rank || compared(a.bookedAt, b.bookedAt) || compared(a.text, b.text),
  );
  return keyed.map(({ index }) => index);
}

function compared(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function rankOf({ status }: IdentityFacts): number {
  return STATUS_ORDER.indexOf(status);
}

/**
 * The ID of a transaction without an ID of the bank. The recipe never changes: `ob1-` and the SHA-256, in base64url, of the JSON of
 * `["ob1", account, day, amount, currency, reference, ordinal]`, without white space.
 * - `day`: the first ten characters of the bank's own booking date, or `""`;
 * - `amount`: signed, without zeros that do not count, for example `"-12.5"`;
 * - `currency`, `reference`: `""` if there is none;
 * - `ordinal`: 0 for the first of rows that are equal in all of this.
 */
function fingerprint(facts: IdentityFacts, account: string, ordinal: number): Identity {
  const { bookedAt, amount, currency, reference } = facts;
  const day = bookedAt.slice(0, 10);
  const parts = [RECIPE, account, day, amount, currency, reference ?? '', ordinal];
  return {
    id: `${RECIPE}-${digest(JSON.stringify(parts))}`,
    source: reference === undefined ? 'fingerprint' : 'reference',
  };
}

const sharedId = (count: number) =>
  `In ${rowsIn(count)}, the bank uses one "TransactionId" for transactions that differ in sign, amount or currency. The "transaction_id" of these rows is a fingerprint.`;

const repeatedId = (count: number) =>
  `${rowsIn(count)} came again with the same "TransactionId" and amount. Each transaction is one item, with the later date.`;
