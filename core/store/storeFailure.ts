import { OpenBankingError } from '../errors/OpenBankingError';

/** The reason for which a store cannot be used. */
export interface StoreFailure {
  readonly code: 'store-unavailable' | 'store-not-writable';
  /** A clause without secrets. */
  readonly reason: string;
}

/** A failure of a store that cannot be reached, opened or read. */
export const unavailable = (reason: string): StoreFailure => ({
  code: 'store-unavailable',
  reason,
});

/** A failure of a store that cannot be written. */
export const notWritable = (reason: string): StoreFailure => ({
  code: 'store-not-writable',
  reason,
});

const VERBS = { 'store-unavailable': 'used', 'store-not-writable': 'written' } as const;

/**
 * The error for a failure of a store. It has no `cause`, because the error of a library may contain the connection string.
 *
 * @param where names the store, without secrets
 */
export function storeError(where: string, { code, reason }: StoreFailure): OpenBankingError {
  const message = `The token store ${where} cannot be ${VERBS[code]}: ${reason}`;
  return new OpenBankingError(code, { message, outcome: 'not-sent' });
}

/** The error `store-newer` for a schema of a newer version of this package. @param where names the store, without secrets */
export function newerSchemaError(where: string): OpenBankingError {
  const message = `The token store ${where} was written by a newer version of this package`;
  return new OpenBankingError('store-newer', { message, outcome: 'not-sent' });
}
