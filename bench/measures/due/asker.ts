import { join } from 'node:path';
import { inheritedEnvironment } from '../../../demo/n8n/environment';
import { end, start } from '../../../demo/processes';
import { CLIENT_ID, type BenchBank } from '../../bank/server';
import type { BenchFiles } from '../../certificates';
import { BenchFailure } from '../../failure';
import { asked, nextMessage } from '../../messages';
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

/** Where a process stores tokens. */
export interface AskerPlace {
  /** n8n's user folder, which has the SQLite file. */
  readonly userFolder: string;
  /** Connection string; `undefined` for SQLite. */
  readonly postgresUrl?: string;
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
  { userFolder, postgresUrl }: AskerPlace,
  { command, environment, slowestFsync }: Launch,
): Promise<Asker> {
  const order = {
    tokenEndpoint: `${bank.url}/token`,
    ...{ clientId: CLIENT_ID, files, inFlight: IN_FLIGHT, slowestFsync },
    keeping: postgresUrl ? { keepTokensIn: 'postgres', postgresUrl } : { keepTokensIn: 'machine' },
  };
  const [program, ...options] = command;
  const script = ['--no-warnings', join(__dirname, 'asker.mjs'), JSON.stringify(order)];
  const child = start(program!, [...options, ...script], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...inheritedEnvironment(), N8N_USER_FOLDER: userFolder, ...environment },
  });
  const who = 'The process that asks for tokens';
  await nextMessage(child, who);
  const ask = async <Answer>(work: string, names: readonly string[]): Promise<Answer> => {
    const answer = await asked<Answer | { failure: string }>(child, { work, names }, who);
    if (answer instanceof Object && 'failure' in answer) throw new BenchFailure(answer.failure);
    return answer;
  };
  return {
    plain: (names) => ask('plain', names),
    keep: async (names) => void (await ask('keep', names)),
    valid: (names) => ask('valid', names),
    stored: async (names) => (await ask<{ count: number }>('stored', names)).count,
    stop: () => end(child),
  };
}
