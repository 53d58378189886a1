import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inheritedEnvironment } from '../../demo/n8n/environment';
import { end, start } from '../../demo/processes';
import { keyIdOf, type BenchFiles } from '../certificates';
import { asked, nextMessage } from '../messages';

/** Counts of the bank since its start. */
export interface BankCounts {
  tokenRequests: number;
  /** Token requests that a strict bank refused, because their refresh token was used before. */
  refusals: number;
  /** Pages of accounts that were requested with a token. */
  accountPages: number;
  /** Answers of the account API that were made ready before. */
  dataRequests: number;
  /** Accepted TLS connections. */
  connections: number;
}

/** The bank of the benchmark, in a process of its own. */
export interface BenchBank {
  /** `https://127.0.0.1:<port>`; the token endpoint is at `/token`, accounts are at `/accounts`. */
  readonly url: string;
  counts(): Promise<BankCounts>;
  /** Sets whether the bank verifies assertions. */
  setVerifying(verifying: boolean): Promise<void>;
  /** Sets the lifetime of new access tokens, in seconds; 3600 at first. */
  setLifetime(lifetime: number): Promise<void>;
  /** Makes pages of the account API ready, under `/open-banking/v3.1/aisp`. */
  prepare(pages: readonly ReadyPages[]): Promise<void>;
  stop(): Promise<void>;
}

/** Pages of the account API that are ready before a measure. */
export interface ReadyPages {
  /** The address under which the clients know the bank. */
  readonly base: string;
  /** ID of an account, which begins with its number of pages: `1000-a`. If not given, the four accounts of each consent. */
  readonly account?: string;
  /** The last booking date, in milliseconds since the epoch; a day of the past if not given. */
  readonly newest?: number;
}

/** The behaviour of the bank. */
export interface BankOptions {
  /** Number of pages of accounts; none if not given. */
  pages?: number;
  /** Milliseconds before each answer; none if not given. */
  delay?: number;
  /** Whether it accepts a refresh token only once. */
  isStrict?: boolean;
}

/** The client ID of all contenders. */
export const CLIENT_ID = 'benchmark-client';

const WHO = 'The bank of the benchmark';

/** Starts the bank. */
export async function startBenchBank(files: BenchFiles, options: BankOptions): Promise<BenchBank> {
  const script = join(__dirname, 'tokenEndpoint.mjs');
  const keyId = keyIdOf(await readFile(files.clientCertificate, 'utf8'));
  const order = JSON.stringify({ files, clientId: CLIENT_ID, keyId, ...options });
  const child = start(process.execPath, [script, order], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: inheritedEnvironment(),
  });
  const { url } = await nextMessage<{ url: string }>(child, WHO);
  const ask = (message: object) => asked<BankCounts>(child, message, WHO);
  return {
    url,
    counts: () => ask({}),
    setVerifying: async (verifying) => void (await ask({ verifying })),
    setLifetime: async (lifetime) => void (await ask({ lifetime })),
    prepare: async (prepare) => void (await ask({ prepare })),
    stop: () => end(child),
  };
}
