import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { execute, startTestServer } from '../../../test/support/stores/postgres';
import { startBenchBank, type BenchBank } from '../../bank/server';
import type { BenchFiles } from '../../certificates';
import { BenchFailure } from '../../failure';
import type { Effort } from '../../options';
import { distribution, type Distribution } from '../../report/statistics';
import { startPoller, type PollCost } from './poller';

/** Accounts of each consent at the bank. */
const ACCOUNTS = 4;

/** Transactions of each account at the bank. */
export const TRANSACTIONS = 50;

/** Polls with nothing new. */
const POLLS = 4;

const DAY = 86_400_000;

/** Polls of many consents with nothing new, in one store. */
export interface PolledStore {
  label: string;
  /** The first poll, which remembers all transactions. */
  firstSeconds: number;
  /** A poll with nothing new. */
  seconds: Distribution;
  /** CPU seconds of the process in such a poll. */
  cpuSeconds: Distribution;
  /** Memory in use after the last poll, less that after the first one with nothing new. */
  addedMebibytes: number;
  /** Bytes of the store for each account, after the first poll. */
  bytesPerAccount: number;
  /** Bytes by which it grew for each account after the first poll with nothing new. */
  addedBytesPerAccount: number;
  /** The most TLS connections that a poll opened to the bank. */
  connections: number;
}

/** Results of polls with nothing new. */
export interface PollResult {
  consents: number;
  stores: PolledStore[];
  ratios: Record<string, Distribution>;
}

/** A poll, the size of the store after it, and the connections that it opened. */
type Polled = PollCost & { readonly size: number; readonly connections: number };

/** A store that is measured. */
interface MeasuredStore {
  readonly label: string;
  readonly userFolder: string;
  readonly postgresUrl?: string;
  /** Its size in bytes. */
  readonly size: () => Promise<number>;
}

/**
 * Measures polls of the trigger for many consents whose accounts have nothing new, without n8n.
 *
 * @throws BenchFailure if a poll hands something over, or the bank sees another number of requests
 */
export async function measurePoll(
  files: BenchFiles,
  directory: string,
  { pollConsents }: Effort,
): Promise<PollResult> {
  const bank = await startBenchBank(files, {});
  const server = await startTestServer({ isDurable: true });
  try {
    // Transactions of days that have ended.
    await bank.prepare([{ base: bank.url, newest: Date.now() - 3 * DAY }]);
    const stores = [
      await sqliteIn(join(directory, 'poll-sqlite')),
      await postgresOf(server.connectionString, join(directory, 'poll-postgres')),
    ];
    const polled: PolledStore[] = [];
    for (const store of stores) polled.push(await measureStore(bank, files, store, pollConsents));
    return { consents: pollConsents, stores: polled, ratios: ratiosOf(polled) };
  } finally {
    await server.close();
    await bank.stop();
  }
}

async function measureStore(
  bank: BenchBank,
  files: BenchFiles,
  { label, userFolder, postgresUrl, size }: MeasuredStore,
  consents: number,
): Promise<PolledStore> {
  const names = Array.from({ length: consents }, (_, index) => `poll-${index}`);
  const poller = await startPoller(bank, files, { userFolder, postgresUrl });
  try {
    await poller.keep(names);
    const before = await bank.counts();
    const empty = await size();
    const polls: Polled[] = [];
    for (let poll = 0; poll <= POLLS; poll++) {
      const { connections } = await bank.counts();
      const cost = await poller.poll(names);
      const after = await bank.counts();
      polls.push({ ...cost, size: await size(), connections: after.connections - connections });
    }
    const [first, second, ...others] = polls as [Polled, Polled, ...Polled[]];
    const last = others.at(-1)!;
    const items = polls.reduce((sum, poll) => sum + poll.items, 0);
    // The list of accounts is read once a day.
    const expected = consents * (1 + ACCOUNTS * polls.length);
    const seen = (await bank.counts()).dataRequests - before.dataRequests;
    if (items > 0 || seen !== expected) {
      throw new BenchFailure(
        `${label}: ${items} transactions were handed over, and the bank saw ${seen} requests, not ${expected}.`,
      );
    }
    const accounts = consents * ACCOUNTS;
    return {
      label,
      firstSeconds: first.milliseconds / 1000,
      seconds: distribution([second, ...others].map(({ milliseconds }) => milliseconds / 1000)),
      cpuSeconds: distribution([second, ...others].map(({ cpuSeconds }) => cpuSeconds)),
      addedMebibytes: last.mebibytes - second.mebibytes,
      bytesPerAccount: (first.size - empty) / accounts,
      addedBytesPerAccount: (last.size - second.size) / accounts,
      connections: Math.max(...polls.map(({ connections }) => connections)),
    };
  } finally {
    await poller.stop();
  }
}

async function sqliteIn(userFolder: string): Promise<MeasuredStore> {
  const folder = join(userFolder, '.n8n');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const size = async () => {
    const names = (await readdir(folder)).filter((name) => name.includes('.sqlite'));
    const sizes = await Promise.all(
      names.map(async (name) => (await stat(join(folder, name))).size),
    );
    return sizes.reduce((sum, bytes) => sum + bytes, 0);
  };
  return { label: 'SQLite', userFolder, size };
}

async function postgresOf(server: string, userFolder: string): Promise<MeasuredStore> {
  await mkdir(join(userFolder, '.n8n'), { recursive: true, mode: 0o700 });
  await execute(server, 'CREATE DATABASE poll');
  const url = new URL(server);
  url.pathname = '/poll';
  const size = async () => {
    const [row] = await execute(
      url.href,
      'VACUUM',
      'SELECT pg_database_size(current_database()) AS size',
    );
    return Number(row!['size']);
  };
  return { label: 'PostgreSQL', userFolder, postgresUrl: url.href, size };
}

function ratiosOf(stores: readonly PolledStore[]): Record<string, Distribution> {
  const [sqlite, postgres] = stores as [PolledStore, PolledStore];
  const worst = (value: (store: PolledStore) => number) =>
    distribution([Math.max(...stores.map(value))]);
  return {
    poll_1000_sqlite: sqlite.seconds,
    poll_1000_postgres: postgres.seconds,
    poll_connections: worst(({ connections }) => connections),
    poll_memory_mib: worst(({ addedMebibytes }) => addedMebibytes),
    poll_kib_per_account: worst(({ bytesPerAccount }) => bytesPerAccount / 1024),
  };
}
