/** A consent's record as a store keeps it: what operators may see in the clear, tokens encrypted. Times are milliseconds since the epoch. */
export interface StoredRecord {
  /** Digest of bank, client ID and consent, see `recordName`. */
  readonly name: string;
  /** Token endpoint or issuer of the bank. */
  readonly bank: string;
  readonly clientId: string;
  readonly consent: string;
  /** The token set, encrypted and authenticated, see `seal`. */
  readonly envelope: Uint8Array;
  /** Whether a refresh is worth a try; `needs-consent` once the bank refused the refresh token. */
  readonly state: 'usable' | 'needs-consent';
  /** When the access token expires; nothing where the bank did not say. */
  readonly expiresAt?: number;
  /** When these tokens were received. */
  readonly obtainedAt: number;
  /** When the refresh token expires, where the bank said so. */
  readonly refreshTokenExpiresAt?: number;
  /** `x5t#S256` of the client certificate that the tokens were issued to. */
  readonly certificateThumbprint: string;
  /** When a refresh was begun whose end is not known: nothing where none is. */
  readonly attemptedAt?: number;
  /** Grows with every new token set. */
  readonly revision: number;
}

/** A record before a store has given it a revision. */
export type NewRecord = Omit<StoredRecord, 'revision' | 'attemptedAt'>;

/** What a lease that was asked for came to. */
export type LeaseResult =
  /** It is held by the caller now; the record is as it was at that moment. */
  | { readonly held: true; readonly record: StoredRecord }
  /** Another caller holds it until then (milliseconds from now). */
  | { readonly held: false; readonly remaining: number }
  /** There is no such record. */
  | undefined;

/**
 * Where records live. Every method is durable when it resolves: what it wrote survives a crash of the process and of the machine.
 *
 * A lease gives one caller the right to refresh a record. It ends by `release`, by `replace`, or by itself after its time: it dies with
 * its holder. The clock of leases is that of the store, so that hosts need not agree.
 *
 * @throws OpenBankingError `store-unavailable` (cannot be reached, opened or read), `store-not-writable` (full, read-only),
 * `store-newer` (its schema is that of a newer version of this package)
 */
export interface TokenStore {
  read(name: string): Promise<StoredRecord | undefined>;

  /**
   * Takes the lease of a record that nobody holds.
   *
   * @param holder names the caller: random, new for each lease
   * @param milliseconds until the lease ends by itself
   */
  acquire(name: string, holder: string, milliseconds: number): Promise<LeaseResult>;

  /**
   * Notes that a refresh is about to be sent, before it is.
   *
   * @returns whether the caller still holds the lease; nothing is noted otherwise
   */
  markAttempt(name: string, holder: string, at: number): Promise<boolean>;

  /**
   * Ends a lease without new tokens. Does nothing where the caller no longer holds it.
   *
   * @param outcome `unchanged`: the refresh token is as good as before, the mark of the attempt goes; `unknown`: the mark stays;
   * `needs-consent`: the bank refused the refresh token
   */
  release(
    name: string,
    holder: string,
    outcome: 'unchanged' | 'unknown' | 'needs-consent',
  ): Promise<void>;

  /**
   * Stores a token set, and ends the lease and the mark of an attempt.
   *
   * @param ifRevision stores only where the record still has this revision (0: only where there is no record); nothing stores in any case
   * @returns the record as it is now stored; nothing where the revision was another
   */
  replace(record: NewRecord, ifRevision?: number): Promise<StoredRecord | undefined>;

  /**
   * Stores a token set that is not checked yet: ends the mark of an attempt, but not the lease.
   *
   * @param revision stores only where the record still has this revision
   * @returns the record as it is now stored; nothing where the revision was another
   */
  receive(record: NewRecord, revision: number): Promise<StoredRecord | undefined>;

  /**
   * Keeps what is sealed for a while, to be taken once. A name is kept once: what is there under it stays.
   *
   * @param milliseconds until it is gone by itself
   */
  keepPending(name: string, envelope: Uint8Array, milliseconds: number): Promise<void>;

  /** What was kept under a name, and whether it was taken. @returns nothing where there is none, or its time is over */
  findPending(name: string): Promise<{ envelope: Uint8Array; isTaken: boolean } | undefined>;

  /**
   * Marks what was kept under a name as received; it can still be taken.
   *
   * @param milliseconds until it is gone by itself, from now on
   * @returns whether it was there, and neither received nor taken before: of several callers one is told so
   */
  receivePending(name: string, milliseconds: number): Promise<boolean>;

  /**
   * Takes what was kept under a name, received or not: of several callers one is given it.
   *
   * @returns nothing where there is none, it was taken before, or its time is over
   */
  takePending(name: string): Promise<Uint8Array | undefined>;

  /** Writes something that does not matter, durably. @throws OpenBankingError where that fails */
  assertWritable(): Promise<void>;

  /** @returns whether there was such a record */
  remove(name: string): Promise<boolean>;

  /** All records, by bank and consent. */
  list(): Promise<StoredRecord[]>;

  close(): Promise<void>;
}
