import { join } from 'node:path';
import { CLIENT_ID, type BenchBank } from '../../bank/server';
import type { BenchFiles } from '../../certificates';
import { keepingIn, startOrdered, type StorePlace } from '../../ordered';
import { ACCOUNT_API } from '../n8n/workflows';

/** A poll of all consents. */
export interface PollCost {
  milliseconds: number;
  /** Of the process that polls. */
  cpuSeconds: number;
  /** Transactions that were handed over. */
  items: number;
  /** Memory in use after the poll. */
  mebibytes: number;
}

/** A process that polls as the trigger does. */
export interface Poller {
  /** Stores tokens of each consent, which are valid for an hour. */
  keep(names: readonly string[]): Promise<void>;
  /** Polls all consents once. */
  poll(names: readonly string[]): Promise<PollCost>;
  stop(): Promise<void>;
}

/** Starts a process that polls as the trigger does, with the built package. */
export async function startPoller(
  bank: BenchBank,
  files: BenchFiles,
  place: StorePlace,
): Promise<Poller> {
  const argument = {
    ...{ tokenEndpoint: `${bank.url}/token`, clientId: CLIENT_ID, files },
    accountApiUrl: bank.url + ACCOUNT_API,
    keeping: keepingIn(place),
  };
  const script = join(__dirname, 'poller.mjs');
  const child = await startOrdered(
    'The process that polls',
    [process.execPath, '--no-warnings', '--expose-gc', script, JSON.stringify(argument)],
    { N8N_USER_FOLDER: place.userFolder },
  );
  return {
    keep: async (names) => void (await child.order('keep', names)),
    poll: (names) => child.order('poll', names),
    stop: () => child.stop(),
  };
}
