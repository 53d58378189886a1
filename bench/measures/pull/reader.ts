import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { inheritedEnvironment } from '../../../demo/n8n/environment';
import { end, start } from '../../../demo/processes';
import { CLIENT_ID, type BenchBank } from '../../bank/server';
import type { BenchFiles } from '../../certificates';
import { BenchFailure } from '../../failure';
import { asked, nextMessage } from '../../messages';
import { ACCOUNT_API } from '../n8n/workflows';

/** Reads of an account, one after the other. */
export interface Reads {
  /** Milliseconds of each read. */
  milliseconds: number[];
  /** Transactions of the last read. */
  count: number;
}

/** The account of a read. */
export interface ReadOrder {
  account: string;
  times: number;
  /** Whether this package brings transactions into the simplified form. */
  simplify: boolean;
}

/** A process that reads accounts outside n8n. */
export interface Reader {
  read(order: ReadOrder): Promise<Reads>;
  stop(): Promise<void>;
}

/** Starts a process. @param reader this package, or a bare program */
export async function startReader(
  reader: 'package' | 'bare',
  bank: BenchBank,
  files: BenchFiles,
): Promise<Reader> {
  // As long as those of banks: this package looks for it in each answer.
  const accessToken = `at-${randomUUID()}`;
  const order = {
    ...{ reader, files, clientId: CLIENT_ID, accessToken },
    ...{ tokenEndpoint: `${bank.url}/token`, accountApiUrl: bank.url + ACCOUNT_API },
  };
  const child = start(process.execPath, [join(__dirname, 'reader.mjs'), JSON.stringify(order)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: inheritedEnvironment(),
  });
  const who = `The reader ${reader}`;
  await nextMessage(child, who);
  return {
    read: async (readOrder) => {
      const answer = await asked<Reads | { failure: string }>(child, readOrder, who);
      if ('failure' in answer) throw new BenchFailure(answer.failure);
      return answer;
    },
    stop: () => end(child),
  };
}
