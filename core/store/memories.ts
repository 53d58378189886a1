import type { StoreTime } from './store';

/** The kind of thing that a memory is about. */
export type MemoryKind = 'account' | 'consent' | 'attention';

/** A memory that the store has not given a revision yet. */
export interface NewMemory {
  /** A keyed digest of what it is about, see `SealedMemories`. */
  readonly name: string;
  readonly bank: string;
  readonly clientId: string;
  /** The name of the consent; empty if it belongs to none. */
  readonly consent: string;
  readonly kind: MemoryKind;
  /** The content, encrypted and authenticated. */
  readonly envelope: Uint8Array;
}

/** A memory in the store. */
export interface StoredMemory extends NewMemory {
  /** Grows with every change. */
  readonly revision: number;
  /** Whether it is going to be deleted, see `forgetLater`. */
  readonly isEnding: boolean;
  /** When it was read, by the store's clock. */
  readonly readAt: StoreTime;
}

/** The reads of a resource in the last 24 hours. Times are by the store's clock, in milliseconds since the epoch. */
export interface CountedReads {
  readonly name: string;
  readonly count: number;
  /** The first of them. */
  readonly firstAt: number;
  /** The last of them. */
  readonly lastAt: number;
}

/** Reads that the bank allows. */
export interface ReadLimit {
  /** In 24 hours. */
  readonly count: number;
  /** Milliseconds between two of them. */
  readonly pause: number;
}

/** For how long memories stay, in milliseconds. */
export interface MemoryTimes {
  /** Those of a consent, after its tokens were deleted. */
  readonly afterTokens: number;
  /** Those that belong to no consent, after their last change. */
  readonly afterChange: number;
}

/**
 * The tables of memories and reads. Each method is one statement; when it resolves, its changes are durable. All times are by the clock of the
 * store.
 *
 * @throws OpenBankingError as `TokenStore`
 */
export interface MemoryStore {
  /** The memories of a consent of a client at one of the banks, whoever sealed them. */
  ofConsent(clientId: string, banks: readonly string[], consent: string): Promise<StoredMemory[]>;

  /** The memories that have one of the names, in any order. */
  find(names: readonly string[]): Promise<StoredMemory[]>;

  /**
   * Stores a memory if there is none of its name.
   *
   * @returns its revision; `undefined` if there is one
   */
  add(memory: NewMemory): Promise<number | undefined>;

  /**
   * Stores other content. A memory that was to be forgotten stays.
   *
   * @param from the name that it has; another one than that of `memory` if it gets a new name
   * @param revision stores only if it still has this revision
   * @returns its new revision; `undefined` if it was changed meanwhile, or if there is another one of the new name
   */
  change(memory: NewMemory, from: string, revision: number): Promise<number | undefined>;

  /** Deletes memories. @returns how many there were */
  remove(names: readonly string[]): Promise<number>;

  /** Deletes memories after a number of milliseconds, unless they are changed before. */
  forgetLater(names: readonly string[], milliseconds: number): Promise<void>;

  /** Memories that were to be deleted stay. */
  keep(names: readonly string[]): Promise<void>;

  /**
   * Deletes what is no longer needed: memories whose time is over, and reads that are older than 24 hours. Memories of consents without
   * stored tokens get an end, as with {@link forgetLater}, and those that belong to no consent are deleted if they were not changed for long.
   */
  sweep(times: MemoryTimes): Promise<void>;

  /** The present time, in milliseconds since the epoch. */
  now(): Promise<number>;

  /** The reads of the last 24 hours. Resources without a read are left out. */
  countReads(names: readonly string[]): Promise<CountedReads[]>;

  /** Counts a read of each resource, and now and then deletes old ones. @param reading identifies it: the read of a resource counts once */
  addReads(names: readonly string[], reading: string): Promise<void>;

  /**
   * Counts a read of each resource whose limit allows it. Of several callers at the same time, one may read.
   *
   * @returns the resources that may be read
   */
  takeReads(names: readonly string[], reading: string, limit: ReadLimit): Promise<string[]>;

  /** Takes back reads that the bank did not answer. */
  removeReads(names: readonly string[], reading: string): Promise<void>;

  /** Milliseconds since the last heartbeat of a process; `undefined` if it has none. */
  beatAge(process: string): Promise<number | undefined>;
}
