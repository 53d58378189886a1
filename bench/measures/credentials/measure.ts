import type { BenchBank } from '../../bank/server';
import { writeClientCertificates, type BenchFiles } from '../../certificates';
import { startContender } from '../library/contender';
import { PACKAGE } from '../library/plan';
import { shuffled } from '../../report/shuffle';
import { distribution, ratios, type Distribution } from '../../report/statistics';

/** Numbers of credentials that are in use at the same time. */
export const CREDENTIALS = [1, 10, 100, 1000] as const;

/** Tokens of a round: with a thousand credentials, each is used once. */
const TOKENS = 1000;

/** Requests in flight. */
const CONCURRENCY = 16;

/** Cost of a number of credentials, each with a certificate of its own. */
export interface CredentialsCost {
  credentials: number;
  /** Microseconds for each token after all credentials were used once. */
  microseconds: Distribution;
  /** Microseconds for the first token of a credential, for which keys are parsed and a connection is opened. */
  firstMicroseconds: number;
  /** Highest resident memory of the process after a round, MiB. */
  mebibytes: number;
}

/** Costs of all numbers of credentials. */
export interface CredentialsResult {
  sizes: CredentialsCost[];
  ratios: Record<string, Distribution>;
}

/** Measures numbers of credentials, each in a process of its own, in random order in each round. */
export async function measureCredentials(
  bank: BenchBank,
  files: BenchFiles,
  directory: string,
  rounds: number,
): Promise<CredentialsResult> {
  const certificates = await writeClientCertificates(directory, Math.max(...CREDENTIALS));
  const running = await Promise.all(
    CREDENTIALS.map(async (credentials) => ({
      credentials,
      first: 0,
      mebibytes: 0,
      wall: [] as number[],
      contender: await startContender(`${PACKAGE}Credentials`, bank, files, {
        credentials,
        certificates,
      }),
    })),
  );
  try {
    for (const each of running) {
      const { milliseconds } = await each.contender.round(each.credentials, CONCURRENCY, true);
      each.first = (milliseconds * 1000) / each.credentials;
    }
    for (let round = 0; round < rounds; round++) {
      for (const each of shuffled(running)) {
        // Idle connections may have been closed since the last turn: they are opened again before the clock starts.
        await each.contender.round(TOKENS, CONCURRENCY);
        const { milliseconds, mebibytes } = await each.contender.round(TOKENS, CONCURRENCY);
        each.mebibytes = Math.max(each.mebibytes, mebibytes);
        each.wall.push((milliseconds * 1000) / TOKENS);
      }
    }
    return {
      sizes: running.map(({ credentials, first, mebibytes, wall }) => ({
        credentials,
        microseconds: distribution(wall),
        firstMicroseconds: first,
        mebibytes,
      })),
      ratios: {
        credentials_1_to_1000: distribution(ratios(running.at(-1)!.wall, running[0]!.wall)),
      },
    };
  } finally {
    await Promise.all(running.map(({ contender }) => contender.stop()));
  }
}
