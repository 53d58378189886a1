import { OpenBankingError } from '../../core/errors/OpenBankingError';
import type { TokenStore } from '../../core/store/store';

/** Does something in the place of methods of a real store. */
export type Interference = {
  [Method in keyof TokenStore]?: (
    real: TokenStore,
    ...given: Parameters<TokenStore[Method]>
  ) => ReturnType<TokenStore[Method]>;
};

/** A real store, some of whose methods fail, wait, or lose their answer: what networks and disks do at a moment that cannot be hit otherwise. */
export function interferedWith(real: TokenStore, interference: Interference): TokenStore {
  return new Proxy(real, {
    get(target, name: keyof TokenStore) {
      const other = interference[name] as ((...given: unknown[]) => unknown) | undefined;
      if (other) return (...given: unknown[]) => other(target, ...given);
      return (target[name] as (...given: unknown[]) => unknown).bind(target);
    },
  });
}

/** What a store says that is away. */
export function away(): OpenBankingError {
  return new OpenBankingError('store-unavailable', {
    message: 'The token store cannot be used',
    outcome: 'not-sent',
  });
}
