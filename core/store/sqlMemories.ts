import { HOUR } from '../lib/time';
import type {
  CountedReads,
  MemoryKind,
  MemoryStore,
  MemoryTimes,
  NewMemory,
  ReadLimit,
  StoredMemory,
} from './memories';
import type { MemoryStatementName } from './memoryStatements';
import type { Value } from './statements';

type Integer = number | string;

interface MemoryRow {
  readonly name: string;
  readonly bank: string;
  readonly client_id: string;
  readonly consent: string;
  readonly kind: MemoryKind;
  readonly envelope: Uint8Array;
  readonly revision: Integer;
  readonly store_now: Integer;
  readonly is_ending: boolean | Integer;
}

interface CountRow {
  readonly name: string;
  readonly count: Integer;
  readonly first_at: Integer;
  readonly last_at: Integer;
}

/** Carries out a statement of a SQL store, see `SqlStore`. */
type Run = <Row>(
  name: MemoryStatementName,
  values: Readonly<Record<string, Value>>,
) => Promise<{ readonly rows: Row[] }>;

/** Names in a statement. Further ones go into further statements. */
const NAMES_AT_ONCE = 2000;

/** Milliseconds between two sweeps of the reads that are made while others are counted. */
const SWEEP_PAUSE = HOUR;

/** The memories and reads in a SQL database. */
export class SqlMemories implements MemoryStore {
  /** When this process last swept the reads, by `performance`. */
  #sweptAt = -Infinity;

  constructor(private readonly run: Run) {}

  async ofConsent(
    clientId: string,
    banks: readonly string[],
    consent: string,
  ): Promise<StoredMemory[]> {
    const values = { client_id: clientId, consent, names: JSON.stringify(banks) };
    return (await this.run<MemoryRow>('memoriesOfConsent', values)).rows.map(toMemory);
  }

  async find(names: readonly string[]): Promise<StoredMemory[]> {
    return (await this.#each<MemoryRow>('findMemories', names)).map(toMemory);
  }

  async add(memory: NewMemory): Promise<number | undefined> {
    const { rows } = await this.run<{ revision: Integer }>('addMemory', {
      ...sealedValues(memory),
      client_id: memory.clientId,
      consent: memory.consent,
      kind: memory.kind,
    });
    return rows[0] ? Number(rows[0].revision) : this.#sameRevision(memory);
  }

  async change(memory: NewMemory, from: string, revision: number): Promise<number | undefined> {
    const values = { ...sealedValues(memory), from, revision };
    const { rows } = await this.run<{ revision: Integer }>('changeMemory', values);
    return rows[0] ? Number(rows[0].revision) : this.#sameRevision(memory);
  }

  /** No two envelopes are the same: if the same one is there, an earlier try stored it, and its answer was lost. */
  async #sameRevision({ name, envelope }: NewMemory): Promise<number | undefined> {
    const [present] = await this.find([name]);
    return present && Buffer.compare(present.envelope, envelope) === 0
      ? present.revision
      : undefined;
  }

  async remove(names: readonly string[]): Promise<number> {
    return (await this.#each('removeMemories', names)).length;
  }

  async forgetLater(names: readonly string[], milliseconds: number): Promise<void> {
    await this.#each('forgetMemories', names, { milliseconds: Math.trunc(milliseconds) });
  }

  async keep(names: readonly string[]): Promise<void> {
    await this.#each('keepMemories', names);
  }

  async sweep({ afterTokens, afterChange }: MemoryTimes): Promise<void> {
    await Promise.all([
      this.run('endMemories', { after_tokens: Math.trunc(afterTokens) }),
      this.run('sweepMemories', { after_change: Math.trunc(afterChange) }),
      this.run('sweepReads', {}),
    ]);
  }

  async now(): Promise<number> {
    const [row] = (await this.run<{ store_now: Integer }>('storeNow', {})).rows;
    return Number(row!.store_now);
  }

  async countReads(names: readonly string[]): Promise<CountedReads[]> {
    const rows = await this.#each<CountRow>('countReads', names);
    return rows.map(({ name, count, first_at, last_at }) => ({
      name,
      count: Number(count),
      firstAt: Number(first_at),
      lastAt: Number(last_at),
    }));
  }

  async addReads(names: readonly string[], reading: string): Promise<void> {
    let left: readonly string[] = [...new Set(names)];
    // If several processes count at the same time, each round counts the reads of one of them.
    while (left.length > 0) {
      const others = without(left, await this.#each('addReads', left, { reading }));
      left = without(others, await this.#each('addedReads', others, { reading }));
    }
    // Without a trigger, nobody else would delete them.
    const now = performance.now();
    if (now - this.#sweptAt < SWEEP_PAUSE) return;
    this.#sweptAt = now;
    await this.run('sweepReads', {});
  }

  async takeReads(
    names: readonly string[],
    reading: string,
    { count, pause }: ReadLimit,
  ): Promise<string[]> {
    const values = { reading, count, pause: Math.trunc(pause) };
    const rows = await this.#each<{ name: string }>('takeReads', names, values);
    return rows.map(({ name }) => name);
  }

  async removeReads(names: readonly string[], reading: string): Promise<void> {
    await this.#each('removeReads', names, { reading });
  }

  async beatAge(process: string): Promise<number | undefined> {
    const [row] = (await this.run<{ age: Integer }>('beatAge', { process })).rows;
    return row && Number(row.age);
  }

  /** Carries out a statement for many names. */
  async #each<Row>(
    statement: MemoryStatementName,
    names: readonly string[],
    values: Readonly<Record<string, Value>> = {},
  ): Promise<Row[]> {
    const all: Row[] = [];
    for (let at = 0; at < names.length; at += NAMES_AT_ONCE) {
      const some = JSON.stringify(names.slice(at, at + NAMES_AT_ONCE));
      all.push(...(await this.run<Row>(statement, { ...values, names: some })).rows);
    }
    return all;
  }
}

function without(names: readonly string[], rows: readonly { name: string }[]): string[] {
  const found = new Set(rows.map(({ name }) => name));
  return names.filter((name) => !found.has(name));
}

function sealedValues({ name, bank, envelope }: NewMemory) {
  return { name, bank, envelope };
}

function toMemory(row: MemoryRow): StoredMemory {
  return {
    name: row.name,
    bank: row.bank,
    clientId: row.client_id,
    consent: row.consent,
    kind: row.kind,
    // PostgreSQL's is a Buffer, which may share its memory with other rows.
    envelope: new Uint8Array(row.envelope),
    revision: Number(row.revision),
    isEnding: Boolean(row.is_ending),
    readAt: { at: Number(row.store_now), learnedAt: performance.now() },
  };
}
