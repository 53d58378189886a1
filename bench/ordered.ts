import { end, start } from '../demo/processes';
import { inheritedEnvironment } from '../demo/n8n/environment';
import { BenchFailure } from './failure';
import { asked, nextMessage } from './messages';

/** A measured process that does the work which it is ordered, see `orders.mjs`. */
export interface OrderedProcess {
  /** Orders work for consents. @throws BenchFailure with the stack of the process if it failed */
  order<Answer>(work: string, names: readonly string[]): Promise<Answer>;
  stop(): Promise<void>;
}

/** Where a process stores tokens. */
export interface StorePlace {
  /** n8n's user folder, which has the SQLite file. */
  readonly userFolder: string;
  /** Connection string; `undefined` for SQLite. */
  readonly postgresUrl?: string;
}

/** The fields of the credential for a place. */
export function keepingIn({ postgresUrl }: StorePlace): Record<string, string> {
  return postgresUrl ? { keepTokensIn: 'postgres', postgresUrl } : { keepTokensIn: 'machine' };
}

/**
 * Starts a process, and waits until it takes orders.
 *
 * @param who names it in failures
 * @param command program and arguments
 */
export async function startOrdered(
  who: string,
  [program, ...args]: readonly [string, ...string[]],
  environment: NodeJS.ProcessEnv,
): Promise<OrderedProcess> {
  const child = start(program, args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...inheritedEnvironment(), ...environment },
  });
  await nextMessage(child, who);
  return {
    async order<Answer>(work: string, names: readonly string[]): Promise<Answer> {
      const answer = await asked<Answer | { failure: string }>(child, { work, names }, who);
      if (answer instanceof Object && 'failure' in answer) throw new BenchFailure(answer.failure);
      return answer;
    },
    stop: () => end(child),
  };
}
