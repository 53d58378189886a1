import type { IDataObject, ITriggerFunctions } from 'n8n-workflow';
import type { HandOver, PollReport } from '../../core/accounts/subscription/subscription';
import { OpenBankingError } from '../../core/errors/OpenBankingError';
import {
  NewTransactions,
  type TransactionFeed,
} from '../../nodes/OpenBankingTrigger/newTransactions';
import type { NewTransactionSettings } from '../../nodes/OpenBankingTrigger/settings';
import { start } from '../../nodes/OpenBankingTrigger/start';
import { customCredential } from '../support/bank/credential';
import { activateTrigger, type ActiveTrigger, type Activation } from '../support/n8n/activeTrigger';
import { ownUserFolder } from '../support/n8n/userFolder';
import { until } from '../support/waiting';

ownUserFolder();

/** A hand-over that notes what is stored about it. */
class NotedHandOver implements HandOver {
  readonly stored: string[] = [];

  /** How often the store is away before it can be written. */
  failures = 0;

  readonly items: HandOver['items'];

  constructor(readonly id: string) {
    this.items = [{ transaction_id: id, event: 'new' }] as unknown as HandOver['items'];
  }

  committed(): Promise<void> {
    if (this.failures-- > 0) return Promise.reject(new Error('the store is away'));
    this.stored.push('committed');
    return Promise.resolve();
  }

  failed(): Promise<void> {
    this.stored.push('failed');
    return Promise.resolve();
  }
}

/** The transactions of a test. */
class ScriptedFeed implements TransactionFeed {
  waitingUntil: number | undefined;

  polled: (readonly string[])[] = [];

  /** What the next polls hand over. */
  next: NotedHandOver[] = [];

  /** What is handed over without a poll. */
  waiting: NotedHandOver[] = [];

  report: PollReport = { remarks: [], failures: [] };

  isClosed = false;

  askedForWaiting = 0;

  poll(consents: readonly string[], handOver: (handOver: HandOver) => void): Promise<PollReport> {
    this.polled.push(consents);
    this.next.splice(0).forEach(handOver);
    return Promise.resolve(this.report);
  }

  handWaiting(handOver: (handOver: HandOver) => void): Promise<void> {
    this.askedForWaiting++;
    this.waiting.splice(0).forEach(handOver);
    this.waitingUntil = undefined;
    return Promise.resolve();
  }

  preview(): ReturnType<TransactionFeed['preview']> {
    return Promise.resolve({ items: [], report: this.report });
  }

  close(): void {
    this.isClosed = true;
  }
}

let credential: IDataObject;
let feeds: ScriptedFeed[];
let settings: NewTransactionSettings[];
let feed: ScriptedFeed;
/** Settings that the fields do not accept. */
let changedSettings: Partial<NewTransactionSettings>;
let active: ActiveTrigger | undefined;

beforeAll(async () => {
  credential = { ...(await customCredential('https://localhost:1')) };
});

beforeEach(() => {
  feed = new ScriptedFeed();
  feeds = [];
  settings = [];
  changedSettings = {};
});

afterEach(async () => {
  await active?.stop();
  active = undefined;
});

const parameters = { consents: 'list', consent: 'household' };

async function activate(activation: Activation = {}): Promise<ActiveTrigger> {
  active = await activateTrigger({
    ...{ credential, parameters },
    ...activation,
    trigger(this: ITriggerFunctions) {
      const watch = start(this, (context, read, log) => {
        settings.push({ ...(read as NewTransactionSettings), ...changedSettings });
        return new NewTransactions(context, settings.at(-1)!, log, () => {
          feeds.push(feed);
          return feed;
        });
      });
      return Promise.resolve(watch);
    },
  });
  return active;
}

describe('the end of an execution', () => {
  it('commits its transactions after n8n reported success, and not before', async () => {
    const handOver = new NotedHandOver('t-1');
    feed.next = [handOver];
    const { executions } = await activate();
    await until(() => executions.length === 1);
    expect(executions[0]!.items).toEqual([{ transaction_id: 't-1', event: 'new' }]);
    expect(handOver.stored).toEqual([]);
    executions[0]!.end('success');
    await until(() => handOver.stored.length > 0);
    expect(handOver.stored).toEqual(['committed']);
  });

  it.each(['error', 'canceled', 'crashed', 'waiting', 'unknown', undefined] as const)(
    'commits nothing if n8n reports %s',
    async (status) => {
      const handOver = new NotedHandOver('t-1');
      feed.next = [handOver];
      const { executions, lines, failures } = await activate();
      await until(() => executions.length === 1);
      executions[0]!.end(status);
      await until(() => handOver.stored.length > 0);
      expect(handOver.stored).toEqual(['failed']);
      expect(lines).toEqual([expect.stringMatching(/^warn: An execution did not succeed: /)]);
      expect(failures).toEqual([]);
    },
  );

  it('commits nothing if somebody stops the execution', async () => {
    const handOver = new NotedHandOver('t-1');
    feed.next = [handOver];
    const { executions, failures } = await activate();
    await until(() => executions.length === 1);
    class ManualExecutionCancelledError extends Error {}
    executions[0]!.reject(
      new ManualExecutionCancelledError('The execution was cancelled manually'),
    );
    await until(() => handOver.stored.length > 0);
    expect(handOver.stored).toEqual(['failed']);
    expect(failures).toEqual([]);
  });

  it('shows in the list of executions, once, that n8n starts none', async () => {
    const handOvers = [new NotedHandOver('t-1'), new NotedHandOver('t-2')];
    feed.next = [...handOvers];
    const { executions, lines, failures } = await activate();
    await until(() => executions.length === 2);
    for (const { reject } of executions) reject(new Error('Engine 2.0 cannot run a trigger'));
    await until(() => handOvers.every(({ stored }) => stored.length > 0));
    expect(handOvers.flatMap(({ stored }) => stored)).toEqual(['failed', 'failed']);
    expect(failures.map(({ message }) => message)).toEqual([
      'n8n does not tell this trigger how its executions end: Engine 2.0 cannot run a trigger',
    ]);
    expect(lines[0]).toBe(
      'error: n8n did not start an execution: Engine 2.0 cannot run a trigger. Its item comes again',
    );
  });

  it('commits also after the workflow was unpublished', async () => {
    const handOver = new NotedHandOver('t-1');
    feed.next = [handOver];
    const { executions, stop } = await activate();
    await until(() => executions.length === 1);
    await stop();
    executions[0]!.end('success');
    await until(() => handOver.stored.length > 0);
    expect(handOver.stored).toEqual(['committed']);
    expect(feed.isClosed).toBe(true);
    expect(feed.askedForWaiting).toBe(0);
  });

  it('commits a success that n8n reports after the time limit', async () => {
    changedSettings = { deadline: 1 };
    const handOver = new NotedHandOver('t-1');
    feed.next = [handOver];
    const { executions } = await activate();
    await until(() => handOver.stored.length > 0);
    expect(handOver.stored).toEqual(['failed']);
    executions[0]!.end('success');
    await until(() => handOver.stored.length > 1);
    expect(handOver.stored).toEqual(['failed', 'committed']);
  });

  it('does not begin after the workflow was unpublished', async () => {
    const handOver = new NotedHandOver('t-1');
    let bring: () => void = () => undefined;
    feed.poll = (_consents, receive) =>
      new Promise((resolve) => {
        bring = () => {
          receive(handOver);
          resolve(feed.report);
        };
      });
    const { executions, stop } = await activate();
    await until(() => feeds.length === 1);
    const stopping = stop();
    await until(() => feed.isClosed);
    bring();
    await stopping;
    expect(executions).toEqual([]);
    expect(handOver.stored).toEqual(['failed']);
  });

  it('is stored as soon as the store can be written again', async () => {
    const handOver = new NotedHandOver('t-1');
    handOver.failures = 1;
    feed.next = [handOver];
    const { executions, lines } = await activate();
    await until(() => executions.length === 1);
    executions[0]!.end('success');
    await until(() => handOver.stored.length > 0);
    expect(handOver.stored).toEqual(['committed']);
    expect(lines).toEqual([
      'error: The end of an execution with 1 item could not be stored yet: the store is away',
    ]);
  });
});

describe('transactions that wait', () => {
  it('are handed over when an execution has ended, without a poll', async () => {
    feed.next = [new NotedHandOver('t-1')];
    feed.waiting = [new NotedHandOver('t-2')];
    const { executions } = await activate();
    await until(() => executions.length === 1);
    executions[0]!.end('success');
    await until(() => executions.length === 2);
    expect(executions[1]!.items).toEqual([{ transaction_id: 't-2', event: 'new' }]);
    expect(feed.polled).toHaveLength(1);
  });

  it('are handed over when their pause is over, without a poll', async () => {
    feed.waiting = [new NotedHandOver('t-2')];
    feed.waitingUntil = Date.now();
    const { executions } = await activate();
    await until(() => executions.length === 1);
    expect(feed.polled).toHaveLength(1);
  });
});

describe('a poll', () => {
  it('reads the consents that the field names, whether with commas or as a list', async () => {
    const { stop } = await activate({
      parameters: {
        consents: 'list',
        consent: { __rl: true, mode: 'id', value: 'a, b,a' },
      },
    });
    await until(() => feed.polled.length === 1);
    await stop();
    await activate({
      parameters: {
        consents: 'list',
        consent: { __rl: true, mode: 'id', value: '={{ ["a", "b"] }}' },
      },
    });
    await until(() => feed.polled.length === 2);
    await active!.stop();
    await activate({
      parameters: { consents: 'list', consent: { __rl: true, mode: 'list', value: 'a, b' } },
    });
    await until(() => feed.polled.length === 3);
    expect(feed.polled).toEqual([['a', 'b'], ['a', 'b'], ['a, b']]);
  });

  it('keeps the subscription while the credential stays, and makes another one when it changes', async () => {
    const changing = { ...credential };
    const { tick } = await activate({ credential: changing });
    await until(() => feed.polled.length === 1);
    await until(() => {
      tick();
      return feed.polled.length === 2;
    });
    expect(feeds).toHaveLength(1);
    changing.clientId = 'another-client';
    const first = feed;
    feed = new ScriptedFeed();
    await until(() => {
      tick();
      return feed.polled.length > 0;
    });
    expect(feeds).toHaveLength(2);
    expect(first.isClosed).toBe(true);
  });

  it('logs one line for a thousand consents that fail in the same way, and each warning once', async () => {
    const failures = Array.from({ length: 1000 }, (_, index) => ({
      consent: `c-${index}`,
      error: new OpenBankingError('consent-unknown', { values: { consent: `c-${index}` } }),
    }));
    feed.report = { failures, remarks: ['odd'] };
    const { lines, tick } = await activate();
    await until(() => lines.length === 2);
    expect(lines[0]).toMatch(
      /^warn: Consent "c-0" \(and 999 more consents, for the same reason\) could not be read: No token is stored/,
    );
    expect(lines[1]).toBe('warn: odd');
    feed.report = { failures: [], remarks: ['odd', 'other'] };
    await until(() => {
      tick();
      return lines.length > 2;
    });
    expect(lines.slice(2)).toEqual(['warn: other']);
  });
});

describe('the fields', () => {
  it('have defaults, and the position belongs to the node in its workflow', async () => {
    await activate();
    expect(settings[0]).toMatchObject({
      ...{ withPending: false, start: 'now', windowDays: 14, wideDays: 45, readsPerDay: 4 },
      ...{ maximumRows: 1000, maximumOpen: 10, deadline: 60 * 60_000, consents: ['household'] },
      subscriber: expect.stringMatching(/^workflow-\d+\/node-1$/),
    });
  });

  it('take what the options say', async () => {
    await activate({
      parameters: {
        ...parameters,
        ...{ include: 'withPending', start: 'date', startFrom: '2026-03-01T00:00:00' },
        options: {
          ...{ positionName: 'ledger', window: 7, wideWindow: 3, readsPerDay: '', timeLimit: 5 },
          ...{ maximumRows: 10, maximumOpen: 1, financialId: 'F1' },
        },
      },
    });
    expect(settings[0]).toMatchObject({
      ...{ withPending: true, start: { from: '2026-03-01' }, windowDays: 7, wideDays: 7 },
      ...{ maximumRows: 10, maximumOpen: 1, deadline: 5 * 60_000, subscriber: 'ledger' },
      financialId: 'F1',
    });
    expect(settings[0]!.readsPerDay).toBeUndefined();
  });

  it.each([
    [600, 11 * 60_000],
    [10_000_000, 2 ** 31 - 1],
    [-1, 60 * 60_000],
  ])(
    'take the timeout of %s s of the workflow for the time that an execution may take',
    async (executionTimeout, deadline) => {
      await activate({ settings: { executionTimeout } });
      expect(settings[0]!.deadline).toBe(deadline);
    },
  );

  it('give an execution a week at most: a longer timer of Node.js would end at once', async () => {
    await activate({ settings: { executionTimeout: 30 * 24 * 3600 } });
    expect(settings[0]!.deadline).toBe(7 * 24 * 3_600_000);
  });

  it.each([
    [{ readsPerDay: '={{ "" }}' }, 'Reads per Day'],
    [{ readsPerDay: 'four' }, 'Reads per Day'],
    [{ maximumRows: 0 }, 'Maximum Transactions per Execution'],
    [{ positionName: '' }, 'Position Name'],
    [{ timeLimit: 0 }, 'Time Limit'],
    [{ window: 1.5 }, 'Window'],
  ])('are refused with %j', async (options, label) => {
    await expect(activate({ parameters: { ...parameters, options } })).rejects.toThrow(label);
  });
});
