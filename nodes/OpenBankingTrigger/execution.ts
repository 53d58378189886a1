import type { IDataObject, IRun, ITriggerFunctions } from 'n8n-workflow';
import { callLater, type Cancel } from '../../core/lib/timer';

/**
 * How an execution ended:
 * - `succeeded`: n8n reported success. Nothing else counts as success: not an execution that waits, not one that was cancelled;
 * - `failed`: n8n reported something else;
 * - `refused`: n8n did not start it;
 * - `silent`: n8n reported nothing within the time limit.
 */
export type Ending =
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'failed' | 'refused' | 'silent'; readonly reason: string };

/** An execution of the workflow that the trigger started. */
export interface StartedExecution {
  /** Its end. It never rejects. */
  readonly ending: Promise<Ending>;
  /** Resolves if n8n reports success after `ending` was `silent`; otherwise it stays open. */
  readonly lateSuccess: Promise<void>;
}

/** The parts of n8n's context that start an execution. */
export type ExecutionStarter = Pick<ITriggerFunctions, 'emit'> & {
  readonly helpers: Pick<ITriggerFunctions['helpers'], 'createDeferredPromise'>;
};

/**
 * Starts an execution with these items. In queue mode n8n's promise sometimes never settles, and n8n 1 leaves it open if the execution
 * cannot be created: hence the time limit.
 *
 * @param limit milliseconds until the execution counts as `silent`
 */
export function startExecution(
  context: ExecutionStarter,
  items: readonly object[],
  limit: number,
): StartedExecution {
  const done = context.helpers.createDeferredPromise<IRun>();
  let cancelSilence: Cancel | undefined;
  const silence = new Promise<Ending>((resolve) => {
    const reason = `n8n reported no result within ${Math.round(limit / 60_000)} minutes`;
    cancelSilence = callLater(limit, () => resolve({ kind: 'silent', reason }));
  });
  const reported = done.promise.then(endingOf, refusalOf);
  try {
    context.emit([items.map((json) => ({ json: json as IDataObject }))], undefined, done);
  } catch (error) {
    done.reject(error as Error);
  }
  const ending = Promise.race([reported, silence]).finally(() => cancelSilence?.());
  const lateSuccess = new Promise<void>((resolve) => {
    void Promise.all([ending, reported]).then(([first, last]) => {
      if (first.kind === 'silent' && last.kind === 'succeeded') resolve();
    });
  });
  return { ending, lateSuccess };
}

/** n8n's result is `undefined` if the execution could not be prepared. */
function endingOf(run: IRun | undefined): Ending {
  if (run?.status === 'success') return { kind: 'succeeded' };
  return { kind: 'failed', reason: reasonOf(run) };
}

function reasonOf(run: IRun | undefined): string {
  if (!run) return 'n8n reported no result';
  if (run.status === 'waiting') return 'it waits, and n8n never reports what becomes of it';
  return `n8n reported "${run.status}"`;
}

/** n8n rejects if it did not start the execution, if somebody cancelled it, and if the execution was gone before n8n looked for its result. */
function refusalOf(error: unknown): Ending {
  const { message, name } = (error ?? {}) as Partial<Error>;
  const reason = String(message ?? error);
  const wasStarted = /Cancell?ed|ExecutionNotFound/i.test(`${name} ${constructorOf(error)}`);
  return { kind: wasStarted ? 'failed' : 'refused', reason };
}

function constructorOf(error: unknown): string {
  return typeof error === 'object' && error !== null ? error.constructor.name : '';
}
