/** A fact about a consent that a poll noticed, for *Consent Needs Attention*. */
export interface Noticed {
  readonly reason: string;
  /** Milliseconds since the epoch, by the store's clock. */
  readonly at: number;
  readonly accountId?: string;
  /** ISO 8601. */
  readonly endsAt?: string;
}

/** The memory of a consent, as its readers see it. */
export interface ConsentState {
  readonly noticed?: readonly Noticed[];
  /** The accounts of the last list. */
  readonly accounts?: readonly { readonly accountId: string; readonly accountKey: string }[];
  /** When the list was read, by the store's clock. */
  readonly listedAt?: number;
  /** Nothing is read before, because the bank said so: milliseconds since the epoch, by the store's clock. */
  readonly notBefore?: number;
}
