import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { destroyAgents } from '../../core/transport/agents';
import { PostgresStore } from '../../core/store/postgres/postgresStore';
import { SqliteStore } from '../../core/store/sqlite/sqliteStore';
import type { TokenStore } from '../../core/store/store';
import { createTestDatabase } from '../support/stores/postgres';
import { writeMeasure, type Measure } from './counts';
import { isQuick } from './form';
import { FailingBank, type Setback } from './tokenLife/failingBank';
import { openProcesses, readAll, READERS, type ReadResults } from './tokenLife/readers';

/** Processes that read, each with a connection to the store of its own. */
const PROCESSES = 4;

const setbacks: readonly Setback[] = ['503', 'reset', 'lost answer', 'no answer'];

/** Seconds of a life of eight, at which the refresh fails. */
const moments = isQuick ? [2, 4, 7.5] : [0.5, 1, 2, 3, 4, 5, 6, 7, 7.5, 7.9];

const measure: Measure = { rows: [], failures: [] };
afterAll(() => writeMeasure('tokenLife', measure));

/** Stores in one place, as several processes open it. */
interface Place {
  readonly stores: TokenStore[];
  close(): Promise<void>;
}

const places: Record<string, () => Promise<Place>> = {
  SQLite: () => {
    const folder = mkdtempSync(join(tmpdir(), 'open-banking-life-'));
    const open = () => new SqliteStore(join(folder, 'tokens.sqlite'));
    const close = () => Promise.resolve(rmSync(folder, { recursive: true, force: true }));
    return Promise.resolve({ stores: Array.from({ length: PROCESSES }, open), close });
  },
  PostgreSQL: async () => {
    const database = await createTestDatabase();
    const open = () => new PostgresStore(database.connectionString);
    return { stores: Array.from({ length: PROCESSES }, open), close: () => database.close() };
  },
};

describe.each(isQuick ? ['SQLite'] : Object.keys(places))('with %s', (name) => {
  let place: Place;
  beforeAll(async () => (place = await places[name]!()), 60_000);
  afterAll(async () => {
    await destroyAgents();
    await Promise.all(place.stores.map((store) => store.close()));
    await place.close();
  });

  // In the quick form two at the same time, because each has fewer moments.
  const together = isQuick
    ? [setbacks.slice(0, 2), setbacks.slice(2)]
    : setbacks.map((setback) => [setback]);
  it.each(together.map((group) => [group.join(', '), group] as const))(
    'no reader fails inside the life of a token after one refresh has failed: %s',
    async (_title, group) => {
      const results = (await Promise.all(group.map((setback) => readWith(setback)))).flat();
      for (const { title, codes, ...counts } of results) {
        expect({ title, ...counts, codes: [...new Set(codes)] }).toEqual({
          ...{ title, reads: counts.reads, codes: [] },
          ...{ failedInsideLife: 0, expired: 0, sentWhileUnderWay: 0, isStuck: false },
        });
        expect(counts.reads).toBeGreaterThan(READERS);
      }
    },
  );

  async function readWith(setback: Setback): Promise<(ReadResults & { title: string })[]> {
    const bank = new FailingBank(setback);
    await bank.open();
    try {
      const processes = await openProcesses(bank, place.stores);
      const results = await Promise.all(
        moments.map(async (moment) => ({
          title: `${name}, ${setback} after ${moment} s`,
          ...(await readAll(bank, processes, `${setback}-${moment}`, moment)),
        })),
      );
      count(name, setback, results);
      return results;
    } finally {
      await bank.close();
    }
  }
});

function count(
  store: string,
  setback: Setback,
  results: (ReadResults & { title: string })[],
): void {
  const sum = (of: (met: ReadResults) => number) =>
    results.reduce((total, met) => total + of(met), 0);
  measure.rows.push({
    ...{ setback, store, moments: results.length, readers: READERS * results.length },
    reads: sum(({ reads }) => reads),
    failedInsideLife: sum(({ failedInsideLife }) => failedInsideLife),
    expired: sum(({ expired }) => expired),
    sentWhileUnderWay: sum((met) => met.sentWhileUnderWay),
    stuck: sum(({ isStuck }) => Number(isStuck)),
  });
  for (const { title, codes, failedInsideLife, expired, sentWhileUnderWay, isStuck } of results) {
    if (!failedInsideLife && !expired && !sentWhileUnderWay && !isStuck) continue;
    const told = [...new Set(codes)].join(', ');
    measure.failures.push(
      `token life: ${title}: failed inside life ${failedInsideLife} (${told}), expired ${expired}, sent while under way ${sentWhileUnderWay}, stuck ${Number(isStuck)}`,
    );
  }
}
