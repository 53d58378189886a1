import type { Sandbox } from '../support/bank/sandbox';
import { verdictOf, type Arrival, type Arrivals, type Verdict } from './arrivals';
import { pulled } from './feeds';
import { untilTrue } from './until';

/** The moments at which n8n is killed, in order. */
export const MOMENTS = [
  'while it reads the accounts',
  'when executions have begun',
  'before Mark as Processed',
  'after Mark as Processed',
  'when an execution has ended',
] as const;

/**
 * Kills n8n at each of the moments, and starts it again. A day of the bank passes in between.
 *
 * @param n8n runs, and its workflows were just published
 * @returns the keys of the transactions that the bank has booked before
 */
export async function killAtEachMoment(
  bank: Sandbox,
  arrivals: Arrivals,
  workflows: readonly string[],
  n8n: {
    start(): Promise<unknown>;
    kill(): Promise<void>;
    logs(): string;
    pull(): Promise<Response>;
  },
): Promise<string[]> {
  const LIMIT = 40_000;
  const marking = workflows.filter((id) => id.endsWith('Marking'));
  // n8n itself never completes a publication during which it is killed.
  const isPublished = () => arrivals.has(workflows, new Set(), ({ done }) => done !== null);
  await untilTrue(isPublished, LIMIT);
  expect(await isPublished()).toBe(true);
  // The oldest ones disappear with each day.
  const booked = await pulled(await n8n.pull());
  await n8n.kill();
  await bank.nextDay();
  for (const moment of MOMENTS) {
    const before = await arrivals.executions();
    const has = (ids: readonly string[], condition?: (arrival: Arrival) => boolean) => () =>
      arrivals.has(ids, before, condition);
    await bank.clearRequests();
    if (moment === 'before Mark as Processed') await arrivals.close(1);
    if (moment === 'after Mark as Processed') await arrivals.close(2);
    await n8n.start();
    const reached = {
      'while it reads the accounts': async () =>
        (await bank.requests()).some(({ path }) => path.includes('/transactions')),
      // All of them: n8n itself may never activate a trigger again if it is killed while it does so.
      'when executions have begun': has(workflows),
      'before Mark as Processed': has(workflows),
      'after Mark as Processed': has(marking, ({ marked }) => marked !== null),
      'when an execution has ended': has(workflows.slice(0, 1), ({ done }) => done !== null),
    }[moment];
    await untilTrue(reached, LIMIT);
    if (!(await reached())) {
      const arrived = JSON.stringify([...(await arrivals.executions())].sort());
      throw new Error(
        `The moment "${moment}" did not come. Executions: ${arrived}\n${n8n.logs().slice(-6_000)}`,
      );
    }
    await n8n.kill();
    await arrivals.open();
    await bank.nextDay();
  }
  return booked;
}

/** Starts n8n once more, and waits until all that the bank has booked was processed. @returns the verdicts, in the order of the workflows */
export async function verdicts(
  arrivals: Arrivals,
  workflows: readonly string[],
  before: readonly string[],
  n8n: { pull(): Promise<Response>; poll(): Promise<void> },
): Promise<Verdict[]> {
  const booked = [...new Set([...before, ...(await pulled(await n8n.pull()))])];
  const judged = async () => {
    const all = await arrivals.all();
    return workflows.map((workflow) => verdictOf(all, workflow, booked));
  };
  await untilTrue(async () => (await judged()).every(({ lost }) => lost.length === 0), 60_000);
  // A poll after that brings nothing.
  const executions = await arrivals.executions();
  await n8n.poll();
  expect(await arrivals.executions()).toEqual(executions);
  return judged();
}
