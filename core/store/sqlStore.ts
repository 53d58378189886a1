import { randomBytes, randomUUID } from 'node:crypto';
import type { Row, StatementName, Value } from './statements';
import type { LeaseResult, NewRecord, StoredRecord, TokenStore } from './store';

/** Values of a statement, by the names of its parameters. */
export type Values = Readonly<Record<string, Value>>;

/** Bytes of a trial: as many as a token set has. */
const TRIAL_BYTES = 8192;

/** A store in a SQL database. Subclasses carry out the statements. */
export abstract class SqlStore implements TokenStore {
  /**
   * Carries out a statement durably, and returns its rows. Each statement is idempotent, so that it can be repeated if a connection is
   * lost.
   */
  protected abstract run<Answer>(name: StatementName, values: Values): Promise<Answer[]>;

  abstract close(): Promise<void>;

  async read(name: string): Promise<StoredRecord | undefined> {
    return firstRecord(await this.run<Row>('read', { name }));
  }

  async acquire(name: string, holder: string, milliseconds: number): Promise<LeaseResult> {
    const record = firstRecord(
      await this.run<Row>('acquire', { name, holder, length: toInteger(milliseconds) }),
    );
    if (record) return { held: true, record };
    const [lease] = await this.run<LeaseRow>('remaining', { name });
    if (!lease) return undefined;
    const [remaining, length] = [Number(lease.remaining), Number(lease.lease_length)];
    // The clock was set back: the lease would last longer than it was taken for.
    if (remaining > length) await this.run('shorten', { name });
    return { held: false, remaining: Math.max(0, Math.min(remaining, length)) };
  }

  async markAttempt(name: string, holder: string, at: number): Promise<boolean> {
    return (await this.run('markAttempt', { name, holder, at: toInteger(at) })).length > 0;
  }

  async release(name: string, holder: string, attemptedAt?: number): Promise<void> {
    await this.run('release', { name, holder, attempted_at: integerOrNull(attemptedAt) });
  }

  async settle(
    record: NewRecord,
    holder: string,
    revision: number,
    attemptedAt?: number,
  ): Promise<StoredRecord | undefined> {
    const mark = { holder, revision, attempted_at: integerOrNull(attemptedAt) };
    return this.#storedOrSame(
      record,
      await this.run<Row>('settle', { ...valuesOf(record), ...mark }),
    );
  }

  async replace(record: NewRecord, ifRevision?: number): Promise<StoredRecord | undefined> {
    const values = valuesOf(record);
    if (ifRevision === undefined) return firstRecord(await this.run<Row>('store', values));
    return this.#storedOrSame(
      record,
      ifRevision === 0
        ? await this.run<Row>('add', values)
        : await this.run<Row>('replace', { ...values, revision: ifRevision }),
    );
  }

  /**
   * The stored record. No two envelopes are the same: if no row was changed and the same envelope is there, an earlier try stored it, and
   * its answer was lost.
   */
  async #storedOrSame(record: NewRecord, rows: Row[]): Promise<StoredRecord | undefined> {
    const stored = firstRecord(rows);
    if (stored) return stored;
    const present = await this.read(record.name);
    return present && Buffer.compare(present.envelope, record.envelope) === 0 ? present : undefined;
  }

  async receive(record: NewRecord, revision: number): Promise<StoredRecord | undefined> {
    return this.#storedOrSame(
      record,
      await this.run<Row>('receive', { ...valuesOf(record), revision }),
    );
  }

  async amend(record: NewRecord, revision: number): Promise<StoredRecord | undefined> {
    return this.#storedOrSame(
      record,
      await this.run<Row>('amend', { ...valuesOf(record), revision }),
    );
  }

  async storePending(name: string, envelope: Uint8Array, milliseconds: number): Promise<void> {
    await this.run('storePending', { name, envelope, lifetime: toInteger(milliseconds) });
    await this.run('sweepPending', {});
  }

  async findPending(name: string) {
    const [pending] = await this.run<PendingRow>('findPending', { name });
    return (
      pending && {
        envelope: new Uint8Array(pending.envelope),
        isTaken: Number(pending.is_taken) === 1,
      }
    );
  }

  async receivePending(name: string, milliseconds: number): Promise<boolean> {
    const values = { name, receiver: randomUUID(), lifetime: toInteger(milliseconds) };
    return (await this.run('receivePending', values)).length > 0;
  }

  async takePending(name: string): Promise<Uint8Array | undefined> {
    const values = { name, taker: randomUUID() };
    const [taken] = await this.run<Pick<Row, 'envelope'>>('takePending', values);
    return taken && new Uint8Array(taken.envelope);
  }

  async assertWritable(): Promise<void> {
    const id = randomUUID();
    await this.run('beginTrial', { id, filling: randomBytes(TRIAL_BYTES) });
    await this.run('endTrial', { id });
  }

  async remove(name: string, ifRevision?: number): Promise<boolean> {
    return (await this.run('remove', { name, revision: ifRevision ?? null })).length > 0;
  }

  async list(): Promise<StoredRecord[]> {
    return (await this.run<Row>('list', {})).map(toRecord);
  }
}

interface PendingRow extends Pick<Row, 'envelope'> {
  readonly is_taken: number | string;
}

interface LeaseRow {
  readonly remaining: number | string | null;
  readonly lease_length: number | string | null;
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

function firstRecord([row]: Row[]): StoredRecord | undefined {
  return row && toRecord(row);
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
    ...(row.attempted_at !== null && { attemptedAt: Number(row.attempted_at) }),
    revision: Number(row.revision),
  };
}

/** An integer that the database can store: banks also send lifetimes that are huge, negative or fractions of a second. */
function toInteger(milliseconds: number): number {
  return Math.trunc(Math.min(Math.max(milliseconds, 0), Number.MAX_SAFE_INTEGER));
}

function integerOrNull(milliseconds: number | undefined): number | null {
  return milliseconds === undefined ? null : toInteger(milliseconds);
}
