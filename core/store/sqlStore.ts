import { randomBytes, randomUUID } from 'node:crypto';
import type { Row, StatementName, Value } from './statements';
import type { LeaseResult, NewRecord, StoredRecord, TokenStore } from './store';

/** Values by the names that statements have for them. */
export type Values = Readonly<Record<string, Value>>;

/** As many as a token set takes. */
const TRIAL_BYTES = 8192;

/** A store that speaks SQL: what it does with each answer, wherever the database is. */
export abstract class SqlStore implements TokenStore {
  /** Carries out a statement, durably, and gives the rows that it answers with. Done twice, each does the same as done once. */
  protected abstract run<Answer>(name: StatementName, values: Values): Promise<Answer[]>;

  abstract close(): Promise<void>;

  async read(name: string): Promise<StoredRecord | undefined> {
    return recordOf(await this.run<Row>('read', { name }));
  }

  async acquire(name: string, holder: string, milliseconds: number): Promise<LeaseResult> {
    const record = recordOf(
      await this.run<Row>('acquire', { name, holder, length: whole(milliseconds) }),
    );
    if (record) return { held: true, record };
    const [lease] = await this.run<Lease>('remaining', { name });
    if (!lease) return undefined;
    const [remaining, length] = [Number(lease.remaining), Number(lease.lease_length)];
    // The clock was set back: nobody would get the lease until it has caught up.
    if (remaining > length) await this.run('shorten', { name });
    return { held: false, remaining: Math.max(0, Math.min(remaining, length)) };
  }

  async markAttempt(name: string, holder: string, at: number): Promise<boolean> {
    return (await this.run('markAttempt', { name, holder, at: whole(at) })).length > 0;
  }

  async release(
    name: string,
    holder: string,
    outcome: 'unchanged' | 'unknown' | 'needs-consent',
  ): Promise<void> {
    await this.run('release', { name, holder, outcome });
  }

  async replace(record: NewRecord, ifRevision?: number): Promise<StoredRecord | undefined> {
    const values = valuesOf(record);
    if (ifRevision === undefined) return recordOf(await this.run<Row>('store', values));
    return this.#orPresent(
      record,
      ifRevision === 0
        ? await this.run<Row>('add', values)
        : await this.run<Row>('replace', { ...values, revision: ifRevision }),
    );
  }

  /** No two envelopes are the same: one that is there was stored, and the answer that said so was lost. */
  async #orPresent(record: NewRecord, rows: Row[]): Promise<StoredRecord | undefined> {
    const stored = recordOf(rows);
    if (stored) return stored;
    const present = await this.read(record.name);
    return present && Buffer.compare(present.envelope, record.envelope) === 0 ? present : undefined;
  }

  async receive(record: NewRecord, revision: number): Promise<StoredRecord | undefined> {
    return this.#orPresent(
      record,
      await this.run<Row>('receive', { ...valuesOf(record), revision }),
    );
  }

  async keepPending(name: string, envelope: Uint8Array, milliseconds: number): Promise<void> {
    await this.run('keepPending', { name, envelope, lifetime: whole(milliseconds) });
    await this.run('sweepPending', {});
  }

  async findPending(name: string) {
    const [found] = await this.run<Found>('findPending', { name });
    return (
      found && { envelope: new Uint8Array(found.envelope), isTaken: Number(found.is_taken) === 1 }
    );
  }

  async receivePending(name: string, milliseconds: number): Promise<boolean> {
    const values = { name, receiver: randomUUID(), lifetime: whole(milliseconds) };
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

  async remove(name: string): Promise<boolean> {
    return (await this.run('remove', { name })).length > 0;
  }

  async list(): Promise<StoredRecord[]> {
    return (await this.run<Row>('list', {})).map(toRecord);
  }
}

interface Found extends Pick<Row, 'envelope'> {
  readonly is_taken: number | string;
}

interface Lease {
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
    expires_at: wholeOrNull(record.expiresAt),
    obtained_at: whole(record.obtainedAt),
    refresh_token_expires_at: wholeOrNull(record.refreshTokenExpiresAt),
    certificate_thumbprint: record.certificateThumbprint,
  };
}

function recordOf([row]: Row[]): StoredRecord | undefined {
  return row && toRecord(row);
}

function toRecord(row: Row): StoredRecord {
  return {
    name: row.name,
    bank: row.bank,
    clientId: row.client_id,
    consent: row.consent,
    // Of PostgreSQL it is a Buffer, which may share its memory with other rows.
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

/** Banks say of some tokens that they live for ages, or for a fraction of a second. */
function whole(milliseconds: number): number {
  return Math.trunc(Math.min(Math.max(milliseconds, 0), Number.MAX_SAFE_INTEGER));
}

function wholeOrNull(milliseconds: number | undefined): number | null {
  return milliseconds === undefined ? null : whole(milliseconds);
}
