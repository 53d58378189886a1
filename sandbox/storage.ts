import type { Adapter, AdapterPayload } from 'oidc-provider';

interface Stored {
  payload: AdapterPayload;
  /** When the record is removed, in milliseconds since the epoch; `Infinity` for never. */
  until: number;
}

/** Maximum number of records of a kind. Used records are removed first, then the oldest. */
const CAPACITY = 5_000;

/**
 * Milliseconds for which expired records stay. The authorization server checks the expiry itself: it
 * answers "expired" if it finds a record, and "unknown" if it finds none.
 */
const AFTER_EXPIRY = 3_600_000;

/** Kinds of records that are removed with their grant. */
const OF_A_GRANT = new Set(['AccessToken', 'AuthorizationCode', 'RefreshToken']);

/** The failure if another request has used the record in the meantime. */
export class AlreadyConsumedError extends Error {
  constructor(readonly payload: AdapterPayload | undefined) {
    super('The record is used up');
  }
}

/**
 * Stores the authorization server's records in memory. Each kind has a limit of its own. Otherwise the
 * access tokens of thousands of refreshes would remove another customer's grant.
 */
export class Storage implements Adapter {
  private readonly records = new Map<string, Stored>();
  private readonly consumed = new Set<string>();
  private readonly byGrant = new Map<string, Set<string>>();
  private readonly byUid = new Map<string, string>();

  constructor(private readonly kind: string) {}

  /** Number of stored records. */
  get size(): number {
    return this.records.size;
  }

  upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    this.remove(id);
    this.records.set(id, {
      // A copy, because the caller changes the object afterwards.
      payload: structuredClone(payload),
      until: expiresIn ? Date.now() + expiresIn * 1000 + AFTER_EXPIRY : Infinity,
    });
    if (payload.uid) this.byUid.set(payload.uid, id);
    if (payload.grantId && OF_A_GRANT.has(this.kind)) {
      const members = this.byGrant.get(payload.grantId) ?? new Set();
      this.byGrant.set(payload.grantId, members.add(id));
    }
    if (this.records.size > CAPACITY) this.makeRoom();
    return Promise.resolve();
  }

  find(id: string): Promise<AdapterPayload | undefined> {
    const record = this.records.get(id);
    if (record && record.until <= Date.now()) this.remove(id);
    return Promise.resolve(structuredClone(this.records.get(id)?.payload));
  }

  findByUid(uid: string): Promise<AdapterPayload | undefined> {
    const id = this.byUid.get(uid);
    return id === undefined ? Promise.resolve(undefined) : this.find(id);
  }

  findByUserCode(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  /** Marks a record as used. Of several callers at the same moment, exactly one succeeds. */
  consume(id: string): Promise<void> {
    const record = this.records.get(id);
    if (!record || record.payload.consumed) {
      return Promise.reject(new AlreadyConsumedError(record?.payload));
    }
    record.payload.consumed = Math.floor(Date.now() / 1000);
    this.consumed.add(id);
    return Promise.resolve();
  }

  destroy(id: string): Promise<void> {
    this.remove(id);
    return Promise.resolve();
  }

  revokeByGrantId(grantId: string): Promise<void> {
    for (const id of [...(this.byGrant.get(grantId) ?? [])]) this.remove(id);
    return Promise.resolve();
  }

  private remove(id: string): void {
    const record = this.records.get(id);
    if (!record) return;
    this.records.delete(id);
    this.consumed.delete(id);
    const { uid, grantId } = record.payload;
    if (uid) this.byUid.delete(uid);
    if (grantId) {
      const members = this.byGrant.get(grantId);
      members?.delete(id);
      if (members?.size === 0) this.byGrant.delete(grantId);
    }
  }

  /** Removes a tenth of the records at once, so that a full store is not searched for every new record. */
  private makeRoom(): void {
    const now = Date.now();
    for (const [id, { until }] of [...this.records]) if (until <= now) this.remove(id);
    const excess = Math.max(0, this.records.size - CAPACITY * 0.9);
    for (const id of [...this.consumed, ...this.records.keys()].slice(0, excess)) this.remove(id);
  }
}
