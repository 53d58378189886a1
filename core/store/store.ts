import type { Moment } from '../lib/moment';

/** A moment of the store's clock, and when this process learned of it. */
export interface StoreTime {
  /** Milliseconds since the epoch, by the store's clock. */
  readonly at: number;
  /** `performance.now()`. */
  readonly learnedAt: number;
}

/** The store's clock now, in milliseconds since the epoch: never later than it really is, unless it was set back. */
export function storeNow({ at, learnedAt }: StoreTime): number {
  return at + (performance.now() - learnedAt);
}

/** The mark of a refresh that was sent, or is about to be. */
export interface AttemptMark {
  /** When it was made, in milliseconds since the epoch, by the store's clock. */
  readonly at: number;
  /** Milliseconds after `at` at which its request can no longer be under way. */
  readonly limit: number;
}

/**
 * A consent's record in the store. The tokens are encrypted; the other fields are in the clear, so that operators can read them.
 * Times are milliseconds since the epoch.
 */
export interface StoredRecord {
  /** Digest of bank, client ID, consent and the ID of the key, see `recordName`. */
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
  /** The mark of a refresh that is under way, or whose outcome is not known; `undefined` if there is none. */
  readonly attempt?: AttemptMark;
  /** Grows with every change of the content. */
  readonly revision: number;
  /** When it was read. Marks and setbacks are compared with this clock, see {@link storeNow}. */
  readonly readAt: StoreTime;
}

/** A record that the store has not given a revision yet. */
export type NewRecord = Omit<StoredRecord, 'revision' | 'attempt' | 'readAt'>;

/** The caller that takes a lease. */
export interface Holder {
  /** Random, and new for each lease. */
  readonly id: string;
  /** Its process. */
  readonly process: string;
}

/** The lease of a record. Times are by the store's clock. */
export interface Lease {
  /** The ID of its holder. */
  readonly holder: string;
  /** The process of its holder; empty if a former version of this package took it. */
  readonly process: string;
  /** The number of the last heartbeat of that process; `undefined` if it has none. */
  readonly beat: number | undefined;
  /** Milliseconds since that heartbeat; `undefined` if there is none. Negative if the clock was set back. */
  readonly beatAge: number | undefined;
  /** Milliseconds until its time is over; negative afterwards. */
  readonly remaining: number;
  /** Whether its holder marked an attempt under this lease. */
  readonly isMarked: boolean;
}

/** The lease of another caller, as the one saw it who wants to take it over. */
export interface SeenLease {
  /** The ID of its holder. */
  readonly holder: string;
  /** When its holder marked an attempt under it; `undefined` if it had marked none. */
  readonly markedAt?: number;
}

/** A pending authorization as the store finds it. */
export interface FoundPending {
  readonly envelope: Uint8Array;
  readonly isReceived: boolean;
  readonly isTaken: boolean;
}

/** The answer to a request for a lease. */
export type LeaseResult =
  /** The caller holds the lease now. `record` is the record at that moment; `sentAt` is when the statement for it went out. */
  | { readonly held: true; readonly record: StoredRecord; readonly sentAt: Moment }
  /** Another caller holds the lease. */
  | { readonly held: false; readonly record: StoredRecord; readonly lease: Lease }
  /** There is no such record. */
  | undefined;

/**
 * A database of records. When a method resolves, its changes are durable: they survive a crash of the process and of the machine.
 *
 * A lease gives one caller the right to refresh a record. It ends by `release`, `settle` or `replace`, or if another caller takes it over.
 * After its time its holder can mark no attempt; but that alone gives it to nobody, because a clock may jump. All times are by the clock of
 * the store, so that the clocks of hosts may differ.
 *
 * @throws OpenBankingError `store-unavailable` (the store cannot be reached, opened or read), `store-not-writable` (it is full or
 * read-only), `store-newer` (its schema belongs to a newer version of this package)
 */
export interface TokenStore {
  /** The record of a name; `undefined` if there is none. */
  read(name: string): Promise<StoredRecord | undefined>;

  /** The records that have one of the names, in any order. */
  find(names: readonly string[]): Promise<StoredRecord[]>;

  /** A record and its lease at the same moment. @returns `undefined` if there is no such record */
  look(name: string): Promise<{ record: StoredRecord; lease?: Lease } | undefined>;

  /** Stores a heartbeat of a process: it lives, and so do the leases that it holds. */
  beat(process: string): Promise<void>;

  /**
   * Takes the lease of a record, if it is free, if the caller has it already, or if it is `from`.
   *
   * @param milliseconds the time of the lease
   * @param from the lease that is taken over. The caller knows that its holder can send nothing any more, unless it marks an attempt in the
   * meantime: then nothing is taken over
   */
  acquire(
    name: string,
    holder: Holder,
    milliseconds: number,
    from?: SeenLease,
  ): Promise<LeaseResult>;

  /**
   * Marks that a refresh is about to be sent.
   *
   * @param limit milliseconds from now at which its request can no longer be under way
   * @returns the mark, and when the statement for it went out; `undefined` if the caller no longer holds the lease. Then the record is
   * not changed
   */
  markAttempt(
    name: string,
    holder: string,
    limit: number,
  ): Promise<(AttemptMark & { readonly sentAt: Moment }) | undefined>;

  /**
   * Ends a lease and changes nothing but the attempt mark. Has no effect if another caller has taken the lease since.
   *
   * @param attempt the attempt mark from now on; `undefined` removes it
   */
  release(name: string, holder: string, attempt?: AttemptMark): Promise<void>;

  /**
   * Stores what became of a refresh that brought no tokens, and ends the lease.
   *
   * @param revision stores only if the record still has this revision, and no other caller has taken the lease
   * @param attempt as in {@link release}
   * @returns the stored record; `undefined` if nothing was stored
   */
  settle(
    record: NewRecord,
    holder: string,
    revision: number,
    attempt?: AttemptMark,
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
   * Gives a record another name, and what belongs to it. Lease and attempt mark stay.
   *
   * @param from its present name
   * @param holder renames it only if this caller holds its lease
   * @param revision renames it only if it still has this revision
   * @returns the record; `undefined` if it was not renamed, also because there is a record of the new name
   */
  rename(
    record: NewRecord,
    from: string,
    holder: string,
    revision: number,
  ): Promise<StoredRecord | undefined>;

  /**
   * Stores the envelope of a pending authorization, which can be taken once. If there is one under the name already, that one stays.
   *
   * @param milliseconds after which it expires
   */
  storePending(name: string, envelope: Uint8Array, milliseconds: number): Promise<void>;

  /** The pending authorization of a name. @returns `undefined` if there is none, or if it has expired */
  findPending(name: string): Promise<FoundPending | undefined>;

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
   * @param ifHolder if given, deletes only if this caller holds the lease
   * @returns whether a record was deleted
   */
  remove(name: string, ifRevision?: number, ifHolder?: string): Promise<boolean>;

  /** The records of a client, sorted by bank and consent. */
  list(clientId: string): Promise<StoredRecord[]>;

  /** Sentences about this store that its operators should know. */
  warnings(): Promise<string[]>;

  /** Closes the connections or the file. The next call opens them again. */
  close(): Promise<void>;
}
