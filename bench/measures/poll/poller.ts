import { join } from 'node:path';
import { inheritedEnvironment } from '../../../demo/n8n/environment';
import { end, start } from '../../../demo/processes';
import { CLIENT_ID, type BenchBank } from '../../bank/server';
import type { BenchFiles } from '../../certificates';
import { BenchFailure } from '../../failure';
import { asked, nextMessage } from '../../messages';
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

/**
 * Starts a process that polls as the trigger does, with the built package.
 *
 * @param userFolder n8n's user folder, which has the SQLite file
 * @param postgresUrl connection string; `undefined` for SQLite
 */
export async function startPoller(
  bank: BenchBank,
  files: BenchFiles,
  userFolder: string,
  postgresUrl?: string,
): Promise<Poller> {
  const order = {
    ...{ tokenEndpoint: `${bank.url}/token`, clientId: CLIENT_ID, files },
    accountApiUrl: bank.url + ACCOUNT_API,
    keeping: postgresUrl ? { keepTokensIn: 'postgres', postgresUrl } : { keepTokensIn: 'machine' },
  };
  const script = ['--no-warnings', '--expose-gc', join(__dirname, 'poller.mjs')];
  const child = start(process.execPath, [...script, JSON.stringify(order)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...inheritedEnvironment(), N8N_USER_FOLDER: userFolder },
  });
  const who = 'The process that polls';
  await nextMessage(child, who);
  const ask = async <Answer>(work: string, names: readonly string[]): Promise<Answer> => {
    const answer = await asked<Answer | { failure: string }>(child, { work, names }, who);
    if (answer instanceof Object && 'failure' in answer) throw new BenchFailure(answer.failure);
    return answer;
  };
  return {
    keep: async (names) => void (await ask('keep', names)),
    poll: (names) => ask('poll', names),
    stop: () => end(child),
  };
}
