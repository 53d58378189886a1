import { randomInt } from 'node:crypto';

/** The kinds of input that are changed. Each has an equal share of the cases. */
const KINDS = ['answers', 'keys', 'keystores', 'redirects', 'metadata'] as const;

/** The names of the measures, one for each file of properties. The last two are parts of the answers. */
export const MEASURES = [...KINDS, 'answersOverTls', 'echoes'] as const;

/** The name of a measure. */
export type PropertyMeasure = (typeof MEASURES)[number];

/** Whether the long form runs, see `npm run test:reliability`. */
export const isLong = process.env.OPEN_BANKING_RELIABILITY === 'long';

/** Cases of each kind: 5,000 for all kinds in `npm test`, 100,000 in the long form. */
const CASES_OF_KIND = (isLong ? 100_000 : 5000) / KINDS.length;

/** The number of cases of a part of a kind. The shares of a kind add up to 1. */
export const casesOf = (share: number): number => Math.round(CASES_OF_KIND * share);

/**
 * The seed of the changes: always the same in `npm test`, another one in each run of the long form. A failed property prints it, and
 * OPEN_BANKING_PROPERTY_SEED runs the same cases again.
 */
export const seed = Number(
  process.env.OPEN_BANKING_PROPERTY_SEED || (isLong ? randomInt(2 ** 31) : 1),
);
