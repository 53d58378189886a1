import { join } from 'node:path';
import { CLIENT_ID, type BenchBank } from '../../bank/server';
import type { BenchFiles } from '../../certificates';
import { keepingIn, startOrdered, type StorePlace } from '../../ordered';
import { IN_FLIGHT } from './plan';
import type { Launch } from './slowDisk';

/** Cost of refreshes. */
export interface RefreshCost {
  milliseconds: number;
  /** Longest time in which the event loop did nothing else, in milliseconds. */
  holdUp: number;
  /** Callers that failed, by error code: their number, and the first message. */
  failures: Record<string, { count: number; first: string }>;
}

/** A process that uses the built package as its node does. */
export interface Asker {
  /** Refreshes tokens without a store. */
  plain(names: readonly string[]): Promise<RefreshCost>;
  /** Stores tokens of each consent that have expired. */
  keep(names: readonly string[]): Promise<void>;
  /** Asks for the tokens of all consents at once. */
  valid(names: readonly string[]): Promise<RefreshCost>;
  /** The number of these consents whose next refresh token is stored. */
  stored(names: readonly string[]): Promise<number>;
  stop(): Promise<void>;
}

/** Starts a process that uses the built package. */
export async function startAsker(
  bank: BenchBank,
  files: BenchFiles,
  place: StorePlace,
  { command, environment, slowestFsync }: Launch,
): Promise<Asker> {
  const argument = {
    tokenEndpoint: `${bank.url}/token`,
    ...{ clientId: CLIENT_ID, files, inFlight: IN_FLIGHT, slowestFsync },
    keeping: keepingIn(place),
  };
  const [program, ...options] = command;
  const script = ['--no-warnings', join(__dirname, 'asker.mjs'), JSON.stringify(argument)];
  const child = await startOrdered(
    'The process that asks for tokens',
    [program!, ...options, ...script],
    { N8N_USER_FOLDER: place.userFolder, ...environment },
  );
  return {
    plain: (names) => child.order('plain', names),
    keep: async (names) => void (await child.order('keep', names)),
    valid: (names) => child.order('valid', names),
    stored: async (names) => (await child.order<{ count: number }>('stored', names)).count,
    stop: () => child.stop(),
  };
}
