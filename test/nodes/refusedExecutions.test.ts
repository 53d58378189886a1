import type { ITriggerFunctions } from 'n8n-workflow';
import { ExecutedHandOvers } from '../../nodes/OpenBankingTrigger/executedHandOvers';
import { TriggerLog } from '../../nodes/OpenBankingTrigger/log';

it('lets items come again, and throws nothing into n8n, if n8n cannot show that it starts no execution', async () => {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const log = new TriggerLog({
    logger: { error: write, warn: write },
    getNode: () => ({ name: 'Trigger' }),
    getWorkflow: () => ({ id: 'w1' }),
  } as unknown as ITriggerFunctions);
  const context = {
    emit: () => {
      throw new Error('no engine');
    },
    helpers: {
      createDeferredPromise: () => {
        let [resolve, reject]: ((value: never) => void)[] = [];
        const promise = new Promise<never>((done, fail) => ([resolve, reject] = [done, fail]));
        return { promise, resolve, reject };
      },
    },
  } as unknown as ConstructorParameters<typeof ExecutedHandOvers>[0];
  const stored: string[] = [];
  const ended = new Promise<void>((done) => {
    const handOvers = new ExecutedHandOvers(context, log, {
      deadline: 60_000,
      onSettled: () => done(),
      onRefused: () => {
        throw new Error('the list is away');
      },
    });
    handOvers.start({
      items: [{ id: 1 }],
      committed: () => Promise.resolve(void stored.push('committed')),
      failed: () => Promise.resolve(void stored.push('failed')),
    });
  });
  await ended;
  expect(stored).toEqual(['failed']);
  expect(lines).toEqual([
    'n8n did not start an execution: no engine. Its item comes again',
    'The list of executions could not show this: the list is away',
  ]);
});
