import type { OpenBankingError } from '../errors/OpenBankingError';
import type { Remarks } from '../lib/remarks';
import type { KnownAccounts } from './knownAccounts';
import type { Lookup } from './lookup';
import type { PageSource } from './pages';
import type { Origin } from './simplified/origin';

/** The result of a pull. */
export interface Pulled<Row extends object = object> {
  /** The rows that were read, in the bank's order, also if there is a failure. */
  readonly rows: readonly Row[];
  /** The reason why there are no more rows. */
  readonly failure?: OpenBankingError;
  /** The account that was asked for, if it was one. */
  readonly accountId?: string;
}

/** The input of all pulls. */
export interface PullRequest {
  readonly api: PageSource;
  readonly origin: Omit<Origin, 'accountId'>;
  /** Whether rows come in the simplified form, else as the bank sent them. */
  readonly simplify: boolean;
  readonly remarks: Remarks;
  /** The accounts that the bank listed before, for a bank that does not list them any more. */
  readonly knownAccounts?: KnownAccounts;
  /** The memory of triggers about the accounts of the consent. */
  readonly lookup?: Lookup;
}
