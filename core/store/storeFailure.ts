import { OpenBankingError } from '../errors/OpenBankingError';

/** What keeps a store from being used. */
export interface StoreFailure {
  readonly code: 'store-unavailable' | 'store-not-writable';
  /** Why, as a clause without any secret. */
  readonly reason: string;
}

/** The store cannot be reached, opened or read. */
export const unavailable = (reason: string): StoreFailure => ({
  code: 'store-unavailable',
  reason,
});

/** The store can be read at best. */
export const notWritable = (reason: string): StoreFailure => ({
  code: 'store-not-writable',
  reason,
});

const VERBS = { 'store-unavailable': 'used', 'store-not-writable': 'written' } as const;

/**
 * The error for a failure. What the library threw is not kept: it may hold the connection string.
 *
 * @param where the store, without any secret
 */
export function storeError(where: string, { code, reason }: StoreFailure): OpenBankingError {
  const message = `The token store ${where} cannot be ${VERBS[code]}: ${reason}`;
  return new OpenBankingError(code, { message, outcome: 'not-sent' });
}

/** The error for a schema that this version of the package does not know. */
export function newerError(where: string): OpenBankingError {
  const message = `The token store ${where} was written by a newer version of this package`;
  return new OpenBankingError('store-newer', { message, outcome: 'not-sent' });
}
