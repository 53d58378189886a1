import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { BenchFailure } from './failure';

/**
 * The next message of a process.
 *
 * @param who names the process where it fails, such as `The bank`
 * @throws BenchFailure where it ends before that: nothing else would keep the benchmark alive, and it would end as if all were well
 */
export async function nextMessage<Message>(child: ChildProcess, who: string): Promise<Message> {
  const ended = () => new BenchFailure(`${who} has ended by itself: see above.`);
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

/** Sends a process a message and gives its answer. @throws BenchFailure where it has ended, or ends before it answers */
export function asked<Answer>(child: ChildProcess, message: object, who: string): Promise<Answer> {
  const answer = nextMessage<Answer>(child, who);
  // It may have ended a moment ago: `answer` fails for that.
  if (child.connected) child.send(message, () => {});
  return answer;
}
