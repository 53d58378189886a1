import type { SimplifiedTransaction } from '../simplified/transaction';

/** What happened to a transaction since the subscriber was last told of it. */
export type TransactionEvent =
  /** It was never handed over with success. */
  | 'new'
  /** It was handed over while it was pending, and is booked now. */
  | 'booked'
  /** It is pending, and something about it changed. */
  | 'changed'
  /** It was pending, and a complete answer of the bank no longer has it. */
  | 'vanished';

/** An item of a hand-over. A vanished transaction has only its IDs: the store holds no transaction data. */
export type NewTransaction = (
  | SimplifiedTransaction
  | (Pick<SimplifiedTransaction, 'transaction_id' | 'account_id' | 'account_key' | 'consent'> & {
      status: 'pending';
    })
) & {
  event: TransactionEvent;
  /** The `transaction_id` that a booked transaction had while it was pending. */
  was?: string;
};
