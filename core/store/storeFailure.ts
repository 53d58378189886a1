import { OpenBankingError } from '../errors/OpenBankingError';

/** The reason for which a store cannot be used. */
export interface StoreFailure {
  readonly code: 'store-unavailable' | 'store-not-writable';
  /** A clause without secrets. */
  readonly reason: string;
  /** The advice, if it differs from that of the catalogue. */
  readonly advice?: string;
}

/** A failure of a store that cannot be reached, opened or read. */
export const unavailable = (reason: string, advice?: string): StoreFailure => ({
  code: 'store-unavailable',
  reason,
  ...(advice && { advice }),
});

/** A failure of a store that cannot be written. */
export const notWritable = (reason: string, advice?: string): StoreFailure => ({
  code: 'store-not-writable',
  reason,
  ...(advice && { advice }),
});

/**
 * The error for a failure of a store. It has no `cause`, because the error of a library may contain the connection string.
 *
 * @param where names the store, without secrets
 */
export function storeError(
  where: string,
  { code, reason, advice }: StoreFailure,
): OpenBankingError {
  return new OpenBankingError(code, {
    values: { where, reason },
    ...(advice && { description: advice }),
    outcome: 'not-sent',
  });
}

/** The error `store-newer` for a schema of a newer version of this package. @param where names the store, without secrets */
export function newerSchemaError(where: string): OpenBankingError {
  return new OpenBankingError('store-newer', { values: { where }, outcome: 'not-sent' });
}
