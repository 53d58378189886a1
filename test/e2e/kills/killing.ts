import type { Sandbox } from '../../support/bank/sandbox';
import { untilTrue } from '../until';
import type { Arrival, Arrivals, Gate } from './arrivals';
import { pulled, type Feed } from './feeds';
import { storedPosition, type StoredPosition } from './positions';
import { verdictOf, type Kill, type Verdict } from './verdict';

/** An n8n that is killed and started again. */
export interface KillableN8n {
  /** The folder whose SQLite file may be the store. */
  userFolder: string;
  start(): Promise<void>;
  /** Ends the process that runs the triggers, as a crash does. @returns the highest ID of an execution that it runs after the next start, if it has not begun; otherwise 0 */
  kill(): Promise<number>;
  publish(workflowId: string): Promise<void>;
  unpublish(workflowId: string): Promise<void>;
  /** Calls a published webhook. */
  call(path: string): Promise<Response>;
  logs(): string;
}

/** The parts of a test. */
export interface Stage {
  bank: Sandbox;
  arrivals: Arrivals;
  n8n: KillableN8n;
  feeds: readonly Feed[];
}

/**
 * Settings of n8n. Each start publishes all active workflows. If n8n is killed during this, it takes it up again after so many seconds: two
 * minutes if not set.
 */
export const publication = {
  N8N_WORKFLOW_PUBLICATION_OUTBOX_LEASE_SECONDS: '10',
  N8N_WORKFLOW_PUBLICATION_OUTBOX_POLL_INTERVAL_MS: '1000',
};

/** A moment at which n8n is killed. */
interface Moment {
  name: string;
  /** The gate that is closed before. */
  gate?: Gate;
  /** @param arrivals those of executions that began since n8n was started */
  isReached: (stage: Stage, arrivals: readonly Arrival[]) => Promise<boolean> | boolean;
}

const allWait = async ({ arrivals, feeds }: Stage) => {
  const waiting = await arrivals.waiting();
  return feeds.every(({ id }) => waiting.has(id));
};

/** The moments, in order. The first one is in the first run of the feeds. */
const MOMENTS: readonly Moment[] = [
  {
    name: 'when executions have begun',
    isReached: ({ feeds }, arrivals) =>
      feeds.every(({ id }) => arrivals.some(({ workflow }) => workflow === id)),
  },
  {
    name: 'while accounts are read',
    isReached: async ({ bank }) =>
      (await bank.requests()).some(({ path }) => path.includes('/transactions')),
  },
  { name: 'before Mark as Processed', gate: 1, isReached: allWait },
  { name: 'directly after Mark as Processed', gate: 2, isReached: allWait },
  {
    name: 'when an execution has ended',

    isReached: (_, arrivals) => arrivals.some(({ done }) => done !== null),
  },
];

/** How long, in milliseconds, a moment may take to come, and the rest to be processed. */
const LIMIT = 120_000;

/** Publishes the feeds of a running n8n, and kills it at each of five moments. A day of the bank passes after each. It is not started again at the end. */
export async function killAtEach(stage: Stage): Promise<Kill[]> {
  const { bank, arrivals, n8n, feeds } = stage;
  const kills: Kill[] = [];
  for (const { name, gate, isReached } of MOMENTS) {
    const before = new Set((await arrivals.all()).map(({ execution }) => execution));
    await bank.clearRequests();
    if (gate) await arrivals.close(gate);
    if (kills.length > 0) await n8n.start();
    else for (const { id } of feeds) await n8n.publish(id);
    const isNow = async () => {
      const all = await arrivals.all();
      return isReached(
        stage,
        all.filter(({ execution }) => !before.has(execution)),
      );
    };
    await untilTrue(isNow, LIMIT);
    if (!(await isNow())) {
      const all = JSON.stringify((await arrivals.all()).slice(-50));
      throw new Error(`"${name}" did not come. ${all}\n${n8n.logs().slice(-6_000)}`);
    }
    const lastExecution = await n8n.kill();
    const positions = await Promise.all(feeds.map((feed) => storedPosition(feed, n8n.userFolder)));
    const settled = new Map(feeds.map(({ id }, index) => [id, positions[index]!.settled]));
    kills.push({ at: await arrivals.now(), lastExecution, settled });
    await arrivals.open();
    await bank.nextDay();
  }
  return kills;
}

/** The end of a test: what became of each feed, and whether one more poll hands anything over. */
export interface Outcome {
  verdicts: Verdict[];
  /** Transactions that the stores have as new after everything was processed. */
  due: string[];
  /** Executions that one more poll has started. */
  furtherExecutions: string[];
  /** All executions and kills, in order, for a person who looks for the cause of a fault. */
  course: string;
}

/**
 * Starts n8n once more, waits until it has processed everything that the bank has booked, and lets it poll again.
 *
 * @param pullOf the webhook that answers with all transactions of a feed's store
 */
export async function outcomeOf(
  { arrivals, n8n, feeds }: Stage,
  kills: readonly Kill[],
  pullOf: (feed: Feed) => string,
): Promise<Outcome> {
  await n8n.start();
  const booked = new Map<string, string[]>();
  for (const webhook of new Set(feeds.map(pullOf))) {
    booked.set(webhook, await pulled(await n8n.call(webhook)));
  }
  const bookedOf = (feed: Feed) => booked.get(pullOf(feed))!;
  const positions = () => Promise.all(feeds.map((feed) => storedPosition(feed, n8n.userFolder)));
  const dueIn = (all: readonly StoredPosition[]) =>
    feeds.flatMap((feed, index) =>
      bookedOf(feed).flatMap((key) => (all[index]!.settled.has(key) ? [] : [`${feed.id} ${key}`])),
    );
  await untilTrue(async () => dueIn(await positions()).length === 0, LIMIT);
  const before = await positions();
  const executions = new Set((await arrivals.all()).map(nameOf));
  for (const { id } of feeds) {
    await n8n.unpublish(id);
    await n8n.publish(id);
  }
  const isRead = ({ readAt }: StoredPosition, index: number) =>
    [...readAt].every(([account, at]) => at > before[index]!.readAt.get(account)!);
  await untilTrue(async () => (await positions()).every(isRead), LIMIT);
  const after = await positions();
  expect(after.map(isRead)).toEqual(feeds.map(() => true));
  const all = await arrivals.all();
  return {
    verdicts: feeds.map((feed) => verdictOf(all, feed.id, bookedOf(feed), kills)),
    due: dueIn(after),
    furtherExecutions: [...new Set(all.map(nameOf))].filter((name) => !executions.has(name)),
    course: courseOf(all, kills),
  };
}

function courseOf(all: readonly Arrival[], kills: readonly Kill[]): string {
  const executions = [...new Set(all.map(nameOf))].map((name) => {
    const own = all.filter((arrival) => nameOf(arrival) === name);
    const { at, done } = own[0]!;
    return { at, text: `${name} with ${own.length} transactions, done ${done ?? 'never'}` };
  });
  const killed = kills.map(({ at, settled }) => ({
    at,
    text: `killed; settled: ${JSON.stringify([...settled].map(([id, keys]) => [id, keys.size]))}`,
  }));
  return [...executions, ...killed]
    .sort((one, other) => one.at - other.at)
    .map(({ at, text }) => `${at} ${text}`)
    .join('\n');
}

const nameOf = ({ workflow, execution }: Arrival) => `${workflow}/${execution}`;
