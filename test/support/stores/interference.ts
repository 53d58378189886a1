import { OpenBankingError } from '../../../core/errors/OpenBankingError';
import type { TokenStore } from '../../../core/store/store';

/** Functions that replace methods of a real store. */
export type Interference = {
  [Method in keyof TokenStore]?: (
    real: TokenStore,
    ...given: Parameters<TokenStore[Method]>
  ) => ReturnType<TokenStore[Method]>;
};

/**
 * A real store with some methods replaced, so that they fail, wait, or lose their answer. It simulates a failure of a network or disk at an
 * exact moment.
 */
export function interferedWith(real: TokenStore, interference: Interference): TokenStore {
  return new Proxy(real, {
    get(target, name: keyof TokenStore) {
      const other = interference[name] as ((...given: unknown[]) => unknown) | undefined;
      if (other) return (...given: unknown[]) => other(target, ...given);
      return (target[name] as (...given: unknown[]) => unknown).bind(target);
    },
  });
}

/** The error of an unavailable store. */
export function away(): OpenBankingError {
  return new OpenBankingError('store-unavailable', {
    message: 'The token store cannot be used',
    outcome: 'not-sent',
  });
}
