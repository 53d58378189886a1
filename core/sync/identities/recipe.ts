import { digest } from '../../lib/digest';
import { dayOf, type Identity, type IdentityFacts } from './facts';

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
  // Most IDs have such a digit, no other placeholder has one, and this test is fast.
  if (/[1-9]/.test(text)) return false;
  const bare = text.replace(/[\s\p{P}\p{S}]+/gu, '').toLowerCase();
  return /^0*$/.test(bare) || PLACEHOLDERS.has(bare);
}

/** Numbers up to this length may be counters that begin again each day, or numbers of rows in a list. */
const COUNTER = /^\d{1,4}$/;

/** Whether the ID of a row looks like a counter: a short number, also besides the booking day, such as `2026-03-10-0`. */
export function isCounter(facts: Pick<IdentityFacts, 'bankId' | 'bookedAt'>): boolean {
  const { bankId } = facts;
  if (bankId === undefined || bankId.length > 20) return false;
  const day = facts.bookedAt.slice(0, 10);
  const rest = day === '' ? bankId : bankId.replace(day, '').replace(day.replaceAll('-', ''), '');
  return COUNTER.test(rest.replace(/[^\p{L}\p{N}]/gu, ''));
}

/**
 * The ID of a transaction without an ID of the bank. The recipe never changes: `ob1-` and the SHA-256, in base64url, of the JSON of
 * `["ob1", account, day, amount, currency, reference, ordinal]`, without white space.
 * - `day`: the first ten characters of the bank's own booking date, or `""`;
 * - `amount`: signed, without zeros that do not count, for example `"-12.5"`;
 * - `currency`, `reference`: `""` if there is none;
 * - `ordinal`: 0 for the first of rows that are equal in all of this.
 */
export function fingerprint(facts: IdentityFacts, account: string, ordinal: number): Identity {
  const { amount, currency, reference } = facts;
  const parts = [RECIPE, account, dayOf(facts), amount, currency, reference ?? '', ordinal];
  return {
    id: `${RECIPE}-${digest(JSON.stringify(parts))}`,
    source: reference === undefined ? 'fingerprint' : 'reference',
  };
}
