import type { IDataObject, ITriggerFunctions } from 'n8n-workflow';
import { OpenBankingError } from '../../core/errors/OpenBankingError';
import { NewTransactions } from '../../nodes/OpenBankingTrigger/newTransactions';
import type { NewTransactionSettings } from '../../nodes/OpenBankingTrigger/settings';
import { start } from '../../nodes/OpenBankingTrigger/start';
import { customCredential } from '../support/bank/credential';
import { activateTrigger, type ActiveTrigger, type Activation } from '../support/n8n/activeTrigger';
import { NotedHandOver, ScriptedFeed } from '../support/n8n/scriptedFeed';
import { ownUserFolder } from '../support/n8n/userFolder';
import { until } from '../support/waiting';

ownUserFolder();

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

/** @param limit milliseconds after which a poll is ended */
async function activate(activation: Activation = {}, limit?: number): Promise<ActiveTrigger> {
  active = await activateTrigger({
    ...{ credential, parameters },
    ...activation,
    trigger(this: ITriggerFunctions) {
      const watchFor: Parameters<typeof start>[1] = (context, read, log) => {
        settings.push({ ...(read as NewTransactionSettings), ...changedSettings });
        return new NewTransactions(context, settings.at(-1)!, log, () => {
          feeds.push(feed);
          return feed;
        });
      };
      return Promise.resolve(start(this, watchFor, limit));
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

  it('that takes too long hands over what it has read, and logs no request that was ended', async () => {
    feed.poll = (_, __, signal) => {
      feed.waiting = [new NotedHandOver('t-1')];
      feed.waitingUntil = Date.now();
      const error = new OpenBankingError('cancelled', { values: { server: 'the bank' } });
      return new Promise((resolve) => {
        signal?.addEventListener('abort', () =>
          resolve({ remarks: [], failures: [{ consent: 'c', error }] }),
        );
      });
    };
    const { executions, lines } = await activate({}, 1);
    await until(() => executions.length === 1);
    expect(lines).toEqual([expect.stringMatching(/^warn: A poll was ended after/)]);
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
