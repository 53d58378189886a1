/**
 * A consent's record in the store. The tokens are encrypted; the other fields are in the clear, so that operators can read them.
 * Times are milliseconds since the epoch.
 */
export interface StoredRecord {
  /** Digest of bank, client ID and consent, see `recordName`. */
  readonly name: string;
  /** Token endpoint or issuer of the bank. */
  readonly bank: string;
  readonly clientId: string;
  readonly consent: string;
  /** The content, encrypted and authenticated, see `seal`. */
  readonly envelope: Uint8Array;
  /** `needs-consent` after the bank refused the refresh token, `usable` otherwise. */
  readonly state: 'usable' | 'needs-consent';
  /** When the access token expires; `undefined` if the bank did not say. */
  readonly expiresAt?: number;
  /** When the tokens were received. */
  readonly obtainedAt: number;
  /** When the refresh token expires; `undefined` if the bank did not say. */
  readonly refreshTokenExpiresAt?: number;
  /** `x5t#S256` of the client certificate that the tokens were issued to. */
  readonly certificateThumbprint: string;
  /** When a refresh began whose outcome is unknown; `undefined` if there is none. */
  readonly attemptedAt?: number;
  /** Grows with every change of the content. */
  readonly revision: number;
}

/** A record that the store has not given a revision yet. */
export type NewRecord = Omit<StoredRecord, 'revision' | 'attemptedAt'>;

/** The answer to a request for a lease. */
export type LeaseResult =
  /** The caller holds the lease now. `record` is the record at that moment. */
  | { readonly held: true; readonly record: StoredRecord }
  /** Another caller holds the lease, for `remaining` milliseconds at most. */
  | { readonly held: false; readonly remaining: number }
  /** There is no such record. */
  | undefined;

/**
 * A database of records. When a method resolves, its changes are durable: they survive a crash of the process and of the machine.
 *
 * A lease gives one caller the right to refresh a record. It ends by `release`, by `replace`, or after its time, so that it ends if its
 * holder dies. Leases use the clock of the store, so that the clocks of hosts may differ.
 *
 * @throws OpenBankingError `store-unavailable` (the store cannot be reached, opened or read), `store-not-writable` (it is full or
 * read-only), `store-newer` (its schema belongs to a newer version of this package)
 */
export interface TokenStore {
  /** The record of a name; `undefined` if there is none. */
  read(name: string): Promise<StoredRecord | undefined>;

  /**
   * Takes the lease of a record, if no other caller holds it.
   *
   * @param holder name of the caller: random, and new for each lease
   * @param milliseconds after which the lease ends by itself
   */
  acquire(name: string, holder: string, milliseconds: number): Promise<LeaseResult>;

  /**
   * Marks that a refresh is about to be sent.
   *
   * @param at milliseconds since the epoch
   * @returns whether the caller still holds the lease; if not, the record is not changed
   */
  markAttempt(name: string, holder: string, at: number): Promise<boolean>;

  /**
   * Ends a lease and changes nothing but the attempt mark. Has no effect if another caller has taken the lease since.
   *
   * @param attemptedAt the attempt mark from now on, in milliseconds since the epoch; `undefined` removes it
   */
  release(name: string, holder: string, attemptedAt?: number): Promise<void>;

  /**
   * Stores what became of a refresh that brought no tokens, and ends the lease.
   *
   * @param revision stores only if the record still has this revision, and no other caller has taken the lease
   * @param attemptedAt as in {@link release}
   * @returns the stored record; `undefined` if nothing was stored
   */
  settle(
    record: NewRecord,
    holder: string,
    revision: number,
    attemptedAt?: number,
  ): Promise<StoredRecord | undefined>;

  /**
   * Stores a token set, ends the lease and removes the attempt mark.
   *
   * @param ifRevision if given, stores only if the record still has this revision (0: only if there is no record). If `undefined`, stores
   * unconditionally.
   * @returns the stored record; `undefined` if the record has another revision
   */
  replace(record: NewRecord, ifRevision?: number): Promise<StoredRecord | undefined>;

  /**
   * Stores a token set that is not checked yet, and removes the attempt mark. The lease does not end.
   *
   * @param revision stores only if the record still has this revision
   * @returns the stored record; `undefined` if the record has another revision
   */
  receive(record: NewRecord, revision: number): Promise<StoredRecord | undefined>;

  /**
   * Stores a record with other content. Lease and attempt mark stay, because a refresh of its tokens may be under way.
   *
   * @param revision stores only if the record still has this revision
   * @returns the stored record; `undefined` if the record has another revision
   */
  amend(record: NewRecord, revision: number): Promise<StoredRecord | undefined>;

  /**
   * Stores the envelope of a pending authorization, which can be taken once. If there is one under the name already, that one stays.
   *
   * @param milliseconds after which it expires
   */
  storePending(name: string, envelope: Uint8Array, milliseconds: number): Promise<void>;

  /** The pending authorization of a name, and whether it was taken. @returns `undefined` if there is none, or if it has expired */
  findPending(name: string): Promise<{ envelope: Uint8Array; isTaken: boolean } | undefined>;

  /**
   * Marks a pending authorization as received. It can still be taken.
   *
   * @param milliseconds from now, after which it expires
   * @returns `true` if there was one that was neither received nor taken; of several callers, one gets `true`
   */
  receivePending(name: string, milliseconds: number): Promise<boolean>;

  /**
   * Takes a pending authorization, received or not. Of several callers, one gets it.
   *
   * @returns `undefined` if there is none, if it was taken before, or if it has expired
   */
  takePending(name: string): Promise<Uint8Array | undefined>;

  /** Checks that the store can be written, by a trial: writes as many bytes as a token set has, and deletes them. */
  assertWritable(): Promise<void>;

  /**
   * Deletes a record.
   *
   * @param ifRevision if given, deletes only if the record still has this revision
   * @returns whether a record was deleted
   */
  remove(name: string, ifRevision?: number): Promise<boolean>;

  /** All records, sorted by bank and consent. */
  list(): Promise<StoredRecord[]>;

  /** Closes the connections or the file. The next call opens them again. */
  close(): Promise<void>;
}
