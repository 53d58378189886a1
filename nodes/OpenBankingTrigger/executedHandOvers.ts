import { MINUTE } from '../../core/lib/time';
import { pause } from '../../core/lib/timer';
import { startExecution, type Ending, type ExecutionStarter } from './execution';
import type { TriggerLog } from './log';

/** Items that are handed over to the workflow, and what is stored when their execution has ended. */
export interface Handed {
  readonly items: readonly object[];
  /** Stores that the workflow has received them. May be called again, and after {@link failed}. */
  committed(): Promise<void>;
  /** Stores that they have to come again. */
  failed(): Promise<void>;
}

/** Options of {@link ExecutedHandOvers}. */
export interface ExecutedHandOverOptions {
  /** Milliseconds until an execution without a result counts as failed. */
  readonly deadline: number;
  /** Called after the end of an execution was stored. It must not throw. */
  readonly onSettled: (ending: Ending) => void;
  /** Called once with the reason if n8n refuses to start executions. */
  readonly onRefused: (reason: string) => void;
  /** Waits before something is stored again. A test gives another one. */
  readonly pause?: (milliseconds: number) => Promise<unknown>;
}

/**
 * The executions that a trigger has started. What the workflow has received is stored after n8n reported the success, and not before. This
 * goes on after the trigger was deactivated: what an execution has received must not come again.
 */
export class ExecutedHandOvers {
  #hasRefused = false;

  constructor(
    private readonly context: ExecutionStarter,
    private readonly log: TriggerLog,
    private readonly options: ExecutedHandOverOptions,
  ) {}

  /** Starts an execution with the items, and does not wait for its end. It never throws. */
  start(handed: Handed): void {
    void this.#run(handed);
  }

  async #run(handed: Handed): Promise<void> {
    const { ending, lateSuccess } = startExecution(
      this.context,
      handed.items,
      this.options.deadline,
    );
    const end = await ending;
    if (end.kind === 'succeeded') {
      await this.#store(() => handed.committed(), handed);
    } else {
      this.#report(end, handed.items.length);
      await this.#store(() => handed.failed(), handed);
      void lateSuccess.then(() => this.#store(() => handed.committed(), handed));
    }
    this.options.onSettled(end);
  }

  #report({ kind, reason }: Exclude<Ending, { kind: 'succeeded' }>, count: number): void {
    const items = count === 1 ? 'Its item comes again' : `Its ${counted(count)} come again`;
    if (kind === 'refused') {
      this.log.error(`n8n did not start an execution: ${reason}. ${items}`);
      this.#tellRefused(reason);
    } else {
      this.log.warn(`An execution did not succeed: ${reason}. ${items}`);
    }
  }

  /** An error that came out of here would end n8n, and its items would never come again. */
  #tellRefused(reason: string): void {
    if (this.#hasRefused) return;
    this.#hasRefused = true;
    try {
      this.options.onRefused(reason);
    } catch (error) {
      this.log.failure('The list of executions could not show this', error);
    }
  }

  /** Stores the end of an execution. It tries again while the store is away: otherwise items would come again after a success. */
  async #store(store: () => Promise<void>, { items }: Handed): Promise<void> {
    const { pause: wait = pause } = this.options;
    for (let time = 1_000; ; time = Math.min(time * 2, MINUTE)) {
      try {
        return await store();
      } catch (error) {
        const what = `The end of an execution with ${counted(items.length)} could not be stored yet`;
        if (time === 1_000) this.log.failure(what, error);
      }
      await wait(time);
    }
  }
}

function counted(count: number): string {
  return count === 1 ? '1 item' : `${count} items`;
}
