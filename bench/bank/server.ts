import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inheritedEnvironment } from '../../demo/n8n/environment';
import { end, start } from '../../demo/processes';
import { keyIdOf, type BenchFiles } from '../certificates';
import { asked, nextMessage } from '../messages';

/** What the bank has seen since it was started. */
export interface BankCounts {
  tokenRequests: number;
  /** Those that were asked for with a token. */
  accountPages: number;
  /** TLS connections that were accepted. */
  connections: number;
}

/** The token endpoint of the benchmark, in a process of its own. */
export interface BenchBank {
  /** `https://127.0.0.1:<port>`; the token endpoint is at `/token`, accounts are at `/accounts`. */
  readonly url: string;
  counts(): Promise<BankCounts>;
  /** From here on each assertion is verified in full, or no more. */
  setVerifying(verifying: boolean): Promise<void>;
  stop(): Promise<void>;
}

/** The client of every contender. */
export const CLIENT_ID = 'benchmark-client';

const WHO = 'The bank of the benchmark';

/**
 * Starts the bank.
 *
 * @param pages of accounts that it has
 */
export async function startBenchBank(files: BenchFiles, pages: number): Promise<BenchBank> {
  const script = join(__dirname, 'tokenEndpoint.mjs');
  const keyId = keyIdOf(await readFile(files.clientCertificate, 'utf8'));
  const order = JSON.stringify({ files, clientId: CLIENT_ID, keyId, pages });
  const child = start(process.execPath, [script, order], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: inheritedEnvironment(),
  });
  const { url } = await nextMessage<{ url: string }>(child, WHO);
  const tell = (message: object) => asked<BankCounts>(child, message, WHO);
  return {
    url,
    counts: () => tell({}),
    setVerifying: async (verifying) => void (await tell({ verifying })),
    stop: () => end(child),
  };
}
