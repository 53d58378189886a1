import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inheritedEnvironment } from '../../../demo/n8n/environment';
import { end, start } from '../../../demo/processes';
import { CLIENT_ID, type BenchBank } from '../../bank/server';
import { keyIdOf, type BenchFiles } from '../../certificates';
import { BenchFailure } from '../../failure';
import { asked, nextMessage } from '../../messages';

/** Cost of a round. */
export interface RoundTime {
  milliseconds: number;
  /** Milliseconds in which the event loop was idle. */
  waiting: number;
  /** CPU milliseconds of the contender's own process, without processes that it started. */
  cpu: number;
  /** MiB of resident memory of the contender's own process, at the end. */
  mebibytes: number;
}

/** A contender in a process of its own. */
export interface Contender {
  readonly name: string;
  /**
   * Gets tokens.
   *
   * @param count tokens while the clock runs
   * @param concurrency requests in flight at most
   * @param isCold measures the first tokens; otherwise the contender gets some tokens before the clock starts
   */
  round(count: number, concurrency: number, isCold?: boolean): Promise<RoundTime>;
  stop(): Promise<void>;
}

/** The order for a contender: the bank, the client, and the files of the keys. */
async function orderFor(bank: BenchBank, files: BenchFiles) {
  return {
    tokenEndpoint: `${bank.url}/token`,
    clientId: CLIENT_ID,
    keyId: keyIdOf(await readFile(files.clientCertificate, 'utf8')),
    files,
  };
}

/**
 * Starts a contender.
 *
 * @param name of its file in `contenders/`
 * @param extra added to the order that all contenders get
 */
export async function startContender(
  name: string,
  bank: BenchBank,
  files: BenchFiles,
  extra: object = {},
): Promise<Contender> {
  const order = { ...(await orderFor(bank, files)), ...extra };
  const child = start(
    process.execPath,
    [join(__dirname, 'client.mjs'), JSON.stringify({ contender: name, order })],
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], env: inheritedEnvironment() },
  );
  const who = `The contender ${name}`;
  await nextMessage(child, who);
  return {
    name,
    round: async (count, concurrency, isCold = false) => {
      const order = { count, concurrency, isCold };
      const answer = await asked<RoundTime | { failure: string }>(child, order, who);
      if ('failure' in answer) throw new BenchFailure(answer.failure);
      return answer;
    },
    stop: () => end(child),
  };
}
