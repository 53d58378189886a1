import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inheritedEnvironment } from '../../../demo/n8n/environment';
import { end, start } from '../../../demo/processes';
import { CLIENT_ID, type BenchBank } from '../../bank/server';
import { keyIdOf, type BenchFiles } from '../../certificates';
import { BenchFailure } from '../../failure';
import { asked, nextMessage } from '../../messages';

/** How long a round took. */
export interface RoundTime {
  milliseconds: number;
  /** Those of them in which the event loop had nothing to do. */
  waiting: number;
  /** CPU milliseconds of the contender's own process; what it started is not counted. */
  cpu: number;
  /** MiB of resident memory of the contender's own process, at the end. */
  mebibytes: number;
}

/** A contender in a process of its own, ready to ask for tokens. */
export interface Contender {
  readonly name: string;
  /** Asks for `count` tokens, `concurrency` at most at once; for some before the clock starts, unless the first ones are measured. */
  round(count: number, concurrency: number, isCold?: boolean): Promise<RoundTime>;
  stop(): Promise<void>;
}

/** What a contender is told about the bank and about itself; it reads the keys from the files. */
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
 * @param name of a file in `contenders/`
 * @param extra what it is told beside what all are
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
