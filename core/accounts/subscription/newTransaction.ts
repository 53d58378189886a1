import type { TransactionEvent } from '../../sync/accountState';
import type { SimplifiedTransaction } from '../simplified/transaction';

export type { TransactionEvent } from '../../sync/accountState';

/** The fields that every item of a hand-over has. */
type ItemKeys = Pick<
  SimplifiedTransaction,
  'transaction_id' | 'account_id' | 'account_key' | 'consent' | 'consent_id' | 'status'
>;

/** An item of a hand-over. A vanished transaction has only its IDs: the store holds no transaction data. */
export type NewTransaction = (SimplifiedTransaction | ItemKeys) & {
  /**
   * - `new`: it was never handed over with success;
   * - `booked`: it was handed over while it was pending, and is booked now;
   * - `changed`: it is still pending, and something about it changed;
   * - `vanished`: it was pending, and a complete answer of the bank no longer has it.
   */
  event: TransactionEvent;
  /** The `transaction_id` that a booked transaction had while it was pending. */
  was?: string;
};
