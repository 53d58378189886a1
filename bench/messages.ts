import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { BenchFailure } from './failure';

/**
 * Waits for the next message of a process.
 *
 * @param who name of the process for the failure, such as `The bank`
 * @throws BenchFailure if the process ends before the message. Otherwise the benchmark would end as if it had succeeded.
 */
export async function nextMessage<Message>(child: ChildProcess, who: string): Promise<Message> {
  const ended = () => new BenchFailure(`${who} ended unexpectedly: see above.`);
  if (child.exitCode !== null || child.signalCode !== null) throw ended();
  const settled = new AbortController();
  const { signal } = settled;
  const [message] = (await Promise.race([
    once(child, 'message', { signal }),
    once(child, 'exit', { signal }).then(() => {
      throw ended();
    }),
  ]).finally(() => settled.abort())) as [Message];
  return message;
}

/** Sends a message to a process and returns its answer. @throws BenchFailure if the process ends before it answers */
export function asked<Answer>(child: ChildProcess, message: object, who: string): Promise<Answer> {
  const answer = nextMessage<Answer>(child, who);
  // The process may have ended a moment ago; then `answer` fails.
  if (child.connected) child.send(message, () => {});
  return answer;
}
