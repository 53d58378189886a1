/** The status of a transaction, with the same words for both versions of the standard. */
export type TransactionStatus = 'booked' | 'pending' | 'rejected' | 'future' | 'information';

/** The facts from which the identity of a transaction is made. */
export interface IdentityFacts {
  /** The bank's `TransactionId`, if it is no placeholder. */
  readonly bankId: string | undefined;
  /** The bank's `TransactionReference`, if it is no placeholder. */
  readonly reference: string | undefined;
  readonly status: TransactionStatus;
  /** The bank's date; empty if there is none. It begins with the day: `2026-03-02`. */
  readonly bookedAt: string;
  /** The signed amount in its canonical form; empty if it cannot be read. */
  readonly amount: string;
  /** Empty if there is none. */
  readonly currency: string;
}

/** A transaction as a read showed it: what is compared with the known rows of its account. */
export interface Sighting extends IdentityFacts {
  /** The own text of the row. It orders rows that are equal in everything else, and never makes a row new. */
  readonly text: string;
  /** Whether the bank says of a booked row that it is not final: `TransactionMutability` is `Mutable`. */
  readonly isMutable: boolean;
  /** The other party, or else the description: a pending row and the booked row that it becomes mostly begin with the same word. */
  readonly label?: string;
}

/** The identity of a transaction among those of its account. */
export interface Identity {
  readonly id: string;
  readonly source: IdSource;
}

/** Whether an ID is the bank's, or a digest in which the reference took part, or one without a reference. */
export type IdSource = 'bank' | 'reference' | 'fingerprint';

/** Whether a row is final: a booked row that the bank calls mutable counts as pending. */
export function isFinal({ status, isMutable }: Sighting): boolean {
  return status === 'booked' && !isMutable;
}

/** Whether a row is expected to be booked later. */
export function isPending({ status, isMutable }: Sighting): boolean {
  return status === 'pending' || status === 'future' || (status === 'booked' && isMutable);
}

/** The day of a date as the bank wrote it; empty if there is none. */
export function dayOf({ bookedAt }: IdentityFacts): string {
  return bookedAt.slice(0, 10);
}
