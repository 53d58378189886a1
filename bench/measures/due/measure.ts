import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startLatencyProxy } from '../../../test/support/servers/latencyProxy';
import { execute, startTestServer, type TestServer } from '../../../test/support/stores/postgres';
import { startBenchBank, type BenchBank } from '../../bank/server';
import type { BenchFiles } from '../../certificates';
import type { Effort } from '../../options';
import type { StorePlace } from '../../ordered';
import { startAsker } from './asker';
import { requireAllNew } from './outcome';
import { BANK_DELAY, IN_FLIGHT, stores, type PlannedStore } from './plan';
import { resultOf, type DueResult, type Round } from './result';
import { slowDisk, usualDisk, type Launch } from './slowDisk';

/** Refreshes before the clock starts, because V8 compiles code that runs often. They also open the connections to the bank. */
const WARM_UP = 10 * IN_FLIGHT;

/** Stored consents whose tokens are refreshed before the clock starts. */
const WARM_UP_STORED = IN_FLIGHT / 2;

/** The objects that the measures of all stores use. */
interface Bench {
  readonly bank: BenchBank;
  readonly files: BenchFiles;
  readonly directory: string;
  readonly server: TestServer;
  readonly consents: number;
}

/**
 * Measures consents whose tokens expire in the same second, and that one process asks for at once.
 *
 * @throws BenchFailure if one of them gets no new token, if the bank sees another number of requests, or if a new token is not stored
 */
export async function measureDue(
  files: BenchFiles,
  directory: string,
  { dueConsents: consents, dueRounds }: Effort,
): Promise<DueResult> {
  const bank = await startBenchBank(files, { delay: BANK_DELAY, isStrict: true });
  const server = await startTestServer({ isDurable: true });
  const bench = { bank, files, directory, server, consents };
  try {
    const rounds: Round[] = [];
    for (const store of stores) {
      // A store that waits for most of the time needs no second round, and takes minutes.
      const count = store.wait ? 1 : dueRounds;
      for (let round = 0; round < count; round++) {
        rounds.push(await measureRound(bench, store, round));
      }
    }
    return resultOf(rounds, consents);
  } finally {
    await server.close();
    await bank.stop();
  }
}

/** Measures a store in a new process. Another process stores the consents before, and reads them afterwards. */
async function measureRound(
  { bank, files, directory, server, consents }: Bench,
  store: PlannedStore,
  round: number,
): Promise<Round> {
  const run = `${store.ratio}_${round}`;
  const names = namesOf(run, consents);
  const warmUp = namesOf(`${run}_warm_up`, WARM_UP_STORED);
  const { near, measured, launch, close } = await placesOf(store, run, directory, server);
  const keeper = await startAsker(bank, files, near, usualDisk);
  try {
    await keeper.keep([...warmUp, ...names]);
    const asker = await startAsker(bank, files, measured, launch);
    try {
      await asker.plain(namesOf(`${run}_plain_warm_up`, WARM_UP));
      const plain = await asker.plain(namesOf(`${run}_plain`, consents));
      await asker.valid(warmUp);
      const before = await bank.counts();
      const due = await asker.valid(names);
      const after = await bank.counts();
      const stored = await keeper.stored(names);
      requireAllNew(store, consents, { due, before, after, stored });
      return { store, plain, due };
    } finally {
      await asker.stop();
    }
  } finally {
    await keeper.stop();
    await close();
  }
}

/** A store for the process that is measured, and the way to it without its slowness. */
interface Places {
  readonly near: StorePlace;
  readonly measured: StorePlace;
  readonly launch: Launch;
  readonly close: () => Promise<void>;
}

/** Creates an empty store. */
async function placesOf(
  { isSlowDisk, roundTrip }: PlannedStore,
  run: string,
  directory: string,
  server: TestServer,
): Promise<Places> {
  const userFolder = join(directory, run);
  await mkdir(join(userFolder, '.n8n'), { recursive: true, mode: 0o700 });
  if (roundTrip === undefined) {
    const place = { userFolder };
    const launch = isSlowDisk ? slowDisk(directory) : usualDisk;
    return { near: place, measured: place, launch, close: () => Promise.resolve() };
  }
  await execute(server.connectionString, `CREATE DATABASE ${run}`);
  const url = new URL(server.connectionString);
  url.pathname = `/${run}`;
  const near = { userFolder, postgresUrl: url.href };
  if (roundTrip === 0) {
    return { near, measured: near, launch: usualDisk, close: () => Promise.resolve() };
  }
  const proxy = await startLatencyProxy(Number(url.port), roundTrip);
  url.port = String(proxy.port);
  const measured = { userFolder, postgresUrl: url.href };
  return { near, measured, launch: usualDisk, close: () => proxy.close() };
}

function namesOf(run: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${run}-${index}`);
}
