import fc from 'fast-check';
import { OpenBankingError } from '../../core/errors/OpenBankingError';
import { isLong, seed } from './form';

/** How often a property of account data is tried, and with which inputs. */
export const runs = { numRuns: isLong ? 20_000 : 400, seed };

/** Checks a property for many inputs. */
export function holds<Values extends [unknown, ...unknown[]]>(
  property: fc.IProperty<Values>,
): void {
  fc.assert(property, runs);
}

/** The result of work, or its error of the catalogue. Any other error fails the property. */
export function outcomeOf<Result>(work: () => Result): Result | OpenBankingError {
  try {
    return work();
  } catch (error) {
    if (error instanceof OpenBankingError) return error;
    throw error;
  }
}
