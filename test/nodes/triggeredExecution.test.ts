import { createDeferredPromise } from '@n8n/utils/promise/deferred-promise';
import type { IRun, ITriggerFunctions } from 'n8n-workflow';
import { startExecution } from '../../nodes/OpenBankingTrigger/execution';

type Done = Parameters<ITriggerFunctions['emit']>[2];

/** Starts an execution. n8n keeps its promise. */
function started(limit: number) {
  let done: Done;
  const context = {
    emit: (_items: unknown, _response: unknown, given: Done) => {
      done = given;
    },
    helpers: { createDeferredPromise },
  };
  const execution = startExecution(context, [{ id: 1 }], limit);
  return { ...execution, resolve: (run: Partial<IRun>) => done!.resolve(run as IRun) };
}

it('counts as silent if n8n reports nothing within the time limit', async () => {
  const { ending } = started(60_000 / 1000);
  expect(await ending).toEqual({
    kind: 'silent',
    reason: 'n8n reported no result within 0 minutes',
  });
});

it('tells of a success that comes after the time limit', async () => {
  const { ending, lateSuccess, resolve } = started(1);
  expect(await ending).toMatchObject({ kind: 'silent' });
  resolve({ status: 'success' });
  await lateSuccess;
});

it('tells of no late success if the execution failed after the time limit', async () => {
  const { ending, lateSuccess, resolve } = started(1);
  await ending;
  resolve({ status: 'error' });
  let isTold = false;
  void lateSuccess.then(() => (isTold = true));
  await new Promise((done) => setImmediate(done));
  expect(isTold).toBe(false);
});

it('counts as refused if n8n throws when it is to start the execution', async () => {
  const context = {
    emit: () => {
      throw new Error('no engine');
    },
    helpers: { createDeferredPromise },
  };
  const { ending } = startExecution(context, [], 60_000);
  expect(await ending).toEqual({ kind: 'refused', reason: 'no engine' });
});
