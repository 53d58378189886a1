import { randomBytes, randomUUID } from 'node:crypto';
import { MINUTE } from '../lib/time';
import type { Moment } from '../lib/moment';
import type { MemoryStore } from './memories';
import { SqlMemories } from './sqlMemories';
import { NO_MARK, type LookRow, type Row, type StatementName, type Value } from './statements';
import type {
  AttemptMark,
  FoundPending,
  Holder,
  Lease,
  LeaseResult,
  NewRecord,
  SeenLease,
  StoredRecord,
  TokenStore,
} from './store';

/** Values of a statement, by the names of its parameters. */
export type Values = Readonly<Record<string, Value>>;

/** The answer to a statement. */
export interface Answer<AnsweredRow> {
  readonly rows: AnsweredRow[];
  /** When its last try went out. */
  readonly sentAt: Moment;
}

/** The limit of an attempt mark of a former version of this package: its longest request, unless the timeouts were changed. */
const FORMER_LIMIT = MINUTE;

/** Bytes of a trial: as many as a token set has. */
const TRIAL_BYTES = 8192;

/** A store in a SQL database. Subclasses carry out the statements. */
export abstract class SqlStore implements TokenStore {
  /** The memories between the reads of account data. */
  readonly memories: MemoryStore = new SqlMemories((name, values) => this.run(name, values));

  /**
   * Carries out a statement durably, and returns its rows. Each statement is idempotent, so that it can be repeated if a connection is
   * lost. If a name is given to two rows at the same time, the statement that comes second returns no row.
   */
  protected abstract run<AnsweredRow>(
    name: StatementName,
    values: Values,
  ): Promise<Answer<AnsweredRow>>;

  abstract close(): Promise<void>;

  async read(name: string): Promise<StoredRecord | undefined> {
    return (await this.find([name]))[0];
  }

  async find(names: readonly string[]): Promise<StoredRecord[]> {
    return this.#records('find', { names: JSON.stringify(names) });
  }

  async look(name: string): Promise<{ record: StoredRecord; lease?: Lease } | undefined> {
    const [row] = (await this.run<LookRow>('look', { name })).rows;
    if (!row) return undefined;
    const lease = toLease(row);
    return { record: toRecord(row), ...(lease && { lease }) };
  }

  async beat(process: string): Promise<void> {
    const [row] = (await this.run<{ beat: number | string }>('beat', { process })).rows;
    if (Number(row?.beat) === 1) await this.run('sweepHolders', {});
  }

  async acquire(
    name: string,
    { id, process }: Holder,
    milliseconds: number,
    from?: SeenLease,
  ): Promise<LeaseResult> {
    const values = {
      name,
      holder: id,
      process,
      length: toInteger(milliseconds),
      from: from?.holder ?? null,
      marked_at: from?.markedAt ?? NO_MARK,
    };
    for (;;) {
      const { rows, sentAt } = await this.run<Row>('acquire', values);
      if (rows[0]) return { held: true, record: toRecord(rows[0]), sentAt };
      const [row] = (await this.run<LookRow>('look', { name })).rows;
      if (!row) return undefined;
      const lease = toLease(row);
      // If there is none, it ended between the two statements.
      if (!lease) continue;
      // The clock was set back: the lease would last longer than it was taken for.
      if (lease.remaining < Number(row.remaining)) await this.run('shorten', { name });
      return { held: false, record: toRecord(row), lease };
    }
  }

  async markAttempt(name: string, holder: string, limit: number) {
    const values = { name, holder, limit: toInteger(limit) };
    const { rows, sentAt } = await this.run<Pick<Row, 'attempted_at'>>('markAttempt', values);
    return rows[0] && { at: Number(rows[0].attempted_at), limit: values.limit, sentAt };
  }

  async release(name: string, holder: string, attempt?: AttemptMark): Promise<void> {
    await this.run('release', { name, holder, ...markOf(attempt) });
  }

  async settle(
    record: NewRecord,
    holder: string,
    revision: number,
    attempt?: AttemptMark,
  ): Promise<StoredRecord | undefined> {
    return this.#storedOrSame(record, 'settle', { holder, revision, ...markOf(attempt) });
  }

  async replace(record: NewRecord, ifRevision?: number): Promise<StoredRecord | undefined> {
    if (ifRevision === undefined) return (await this.#records('store', valuesOf(record)))[0];
    return ifRevision === 0
      ? this.#storedOrSame(record, 'add', {})
      : this.#storedOrSame(record, 'replace', { revision: ifRevision });
  }

  async receive(record: NewRecord, revision: number): Promise<StoredRecord | undefined> {
    return this.#storedOrSame(record, 'receive', { revision });
  }

  async amend(record: NewRecord, revision: number): Promise<StoredRecord | undefined> {
    return this.#storedOrSame(record, 'amend', { revision });
  }

  async rename(
    record: NewRecord,
    from: string,
    holder: string,
    revision: number,
  ): Promise<StoredRecord | undefined> {
    return this.#storedOrSame(record, 'rename', { from, holder, revision });
  }

  /**
   * Stores a record. No two envelopes are the same: if no row was changed and the same envelope is there, an earlier try stored it, and
   * its answer was lost.
   *
   * @param values those of the statement that are not the record's
   */
  async #storedOrSame(
    record: NewRecord,
    statement: StatementName,
    values: Values,
  ): Promise<StoredRecord | undefined> {
    const [stored] = await this.#records(statement, { ...valuesOf(record), ...values });
    if (stored) return stored;
    const present = await this.read(record.name);
    return present && Buffer.compare(present.envelope, record.envelope) === 0 ? present : undefined;
  }

  async #records(statement: StatementName, values: Values): Promise<StoredRecord[]> {
    return (await this.run<Row>(statement, values)).rows.map(toRecord);
  }

  async storePending(name: string, envelope: Uint8Array, milliseconds: number): Promise<void> {
    await this.run('storePending', { name, envelope, lifetime: toInteger(milliseconds) });
    await this.run('sweepPending', {});
  }

  async findPending(name: string): Promise<FoundPending | undefined> {
    const [pending] = (await this.run<PendingRow>('findPending', { name })).rows;
    return (
      pending && {
        envelope: new Uint8Array(pending.envelope),
        isReceived: Number(pending.is_received) === 1,
        isTaken: Number(pending.is_taken) === 1,
      }
    );
  }

  async receivePending(name: string, milliseconds: number): Promise<boolean> {
    const values = { name, receiver: randomUUID(), lifetime: toInteger(milliseconds) };
    return (await this.run('receivePending', values)).rows.length > 0;
  }

  async takePending(name: string): Promise<Uint8Array | undefined> {
    const values = { name, taker: randomUUID() };
    const [taken] = (await this.run<Pick<Row, 'envelope'>>('takePending', values)).rows;
    return taken && new Uint8Array(taken.envelope);
  }

  async assertWritable(): Promise<void> {
    const id = randomUUID();
    await this.run('beginTrial', { id, filling: randomBytes(TRIAL_BYTES) });
    await this.run('endTrial', { id });
  }

  async remove(name: string, ifRevision?: number, ifHolder?: string): Promise<boolean> {
    const values = { name, revision: ifRevision ?? null, holder: ifHolder ?? null };
    return (await this.run('remove', values)).rows.length > 0;
  }

  async list(clientId: string): Promise<StoredRecord[]> {
    return this.#records('list', { client_id: clientId });
  }

  warnings(): Promise<string[]> {
    return Promise.resolve([]);
  }
}

interface PendingRow extends Pick<Row, 'envelope'> {
  readonly is_received: number | string;
  readonly is_taken: number | string;
}

/** The lease in a row; `undefined` if there is none. */
function toLease(row: LookRow): Lease | undefined {
  if (row.lease_holder === null) return undefined;
  return {
    holder: row.lease_holder,
    process: row.lease_process ?? '',
    beat: row.beat === null ? undefined : Number(row.beat),
    beatAge: row.beat_age === null ? undefined : Number(row.beat_age),
    remaining: Math.min(Number(row.remaining), Number(row.lease_length)),
    isMarked: Number(row.is_marked) === 1,
  };
}

function markOf(attempt: AttemptMark | undefined): Values {
  return { attempted_at: integerOrNull(attempt?.at), attempt_limit: integerOrNull(attempt?.limit) };
}

function valuesOf(record: NewRecord): Values {
  return {
    name: record.name,
    bank: record.bank,
    client_id: record.clientId,
    consent: record.consent,
    envelope: record.envelope,
    state: record.state,
    expires_at: integerOrNull(record.expiresAt),
    obtained_at: toInteger(record.obtainedAt),
    refresh_token_expires_at: integerOrNull(record.refreshTokenExpiresAt),
    certificate_thumbprint: record.certificateThumbprint,
  };
}

function toRecord(row: Row): StoredRecord {
  return {
    name: row.name,
    bank: row.bank,
    clientId: row.client_id,
    consent: row.consent,
    // PostgreSQL's is a Buffer, which may share its memory with other rows.
    envelope: new Uint8Array(row.envelope),
    state: row.state,
    ...(row.expires_at !== null && { expiresAt: Number(row.expires_at) }),
    obtainedAt: Number(row.obtained_at),
    ...(row.refresh_token_expires_at !== null && {
      refreshTokenExpiresAt: Number(row.refresh_token_expires_at),
    }),
    certificateThumbprint: row.certificate_thumbprint,
    ...(row.attempted_at !== null && {
      attempt: { at: Number(row.attempted_at), limit: Number(row.attempt_limit ?? FORMER_LIMIT) },
    }),
    revision: Number(row.revision),
    readAt: { at: Number(row.store_now), learnedAt: performance.now() },
  };
}

/** An integer that the database can store: banks also send lifetimes that are huge, negative or fractions of a second. */
function toInteger(milliseconds: number): number {
  return Math.trunc(Math.min(Math.max(milliseconds, 0), Number.MAX_SAFE_INTEGER));
}

function integerOrNull(milliseconds: number | undefined): number | null {
  return milliseconds === undefined ? null : toInteger(milliseconds);
}
