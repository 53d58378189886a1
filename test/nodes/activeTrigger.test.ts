import type { ITriggerFunctions } from 'n8n-workflow';
import { start } from '../../nodes/OpenBankingTrigger/start';
import type { Watch } from '../../nodes/OpenBankingTrigger/watch';
import { activateTrigger, type ActiveTrigger, type Activation } from '../support/n8n/activeTrigger';
import { until } from '../support/waiting';

/** The work that a test gives to the trigger. */
class ScriptedWatch implements Watch {
  readonly signals: AbortSignal[] = [];

  isClosed = false;

  /** Ends the poll that runs. */
  end: (error?: Error) => void = () => undefined;

  poll(signal: AbortSignal): Promise<void> {
    this.signals.push(signal);
    return new Promise((resolve, reject) => {
      this.end = (error) => (error ? reject(error) : resolve());
      signal.addEventListener('abort', () => reject(new Error('ended')));
    });
  }

  preview(): Promise<readonly object[]> {
    return Promise.reject(new Error('not in this test'));
  }

  close(): void {
    this.isClosed = true;
  }
}

let watch: ScriptedWatch;
let active: ActiveTrigger | undefined;

beforeEach(() => {
  watch = new ScriptedWatch();
});

afterEach(async () => {
  await active?.stop();
  active = undefined;
});

async function activate(activation: Activation = {}, limit?: number): Promise<ActiveTrigger> {
  active = await activateTrigger({
    ...activation,
    trigger(this: ITriggerFunctions) {
      return Promise.resolve(start(this, () => watch, limit));
    },
  });
  return active;
}

it('polls when the workflow is published, and at its poll times by the timer of n8n', async () => {
  const item = [{ mode: 'everyDay', hour: 7, minute: 30 }];
  const { crons, tick } = await activate({ parameters: { times: { item } } });
  expect(crons()).toEqual([expect.stringMatching(/^\d+ 30 7 \* \* \*$/)]);
  expect(watch.signals).toHaveLength(1);
  watch.end();
  await until(() => {
    tick();
    return watch.signals.length === 2;
  });
});

it('leaves poll times out while the poll before them runs, and logs it once for each such poll', async () => {
  const { tick, lines } = await activate();
  tick();
  tick();
  expect(watch.signals).toHaveLength(1);
  const line = expect.stringMatching(/^warn: A poll time was left out, .* after 60 minutes$/);
  expect(lines).toEqual([line]);
  watch.end();
  await until(() => {
    tick();
    return watch.signals.length === 2;
  });
  tick();
  expect(lines).toEqual([line, line]);
});

it('ends a poll that takes too long, and polls at the next time', async () => {
  const { tick, lines } = await activate({}, 1);
  await until(() => lines.length > 0);
  expect(watch.signals[0]!.aborted).toBe(true);
  expect(lines).toEqual([expect.stringMatching(/^warn: A poll was ended after/)]);
  await until(() => {
    tick();
    return watch.signals.length === 2;
  });
});

it('logs a poll that fails, and polls at the next time', async () => {
  const { tick, lines } = await activate();
  watch.end(new Error('the store is away'));
  await until(() => lines.length > 0);
  expect(lines).toEqual([
    'error: This poll failed, and nothing was handed over by it: the store is away',
  ]);
  await until(() => {
    tick();
    return watch.signals.length === 2;
  });
});

it('logs a poll that throws at once, and throws nothing into the timer of n8n', async () => {
  watch.poll = () => {
    throw new Error('a fault');
  };
  const { tick, lines } = await activate();
  await until(() => lines.length === 1);
  tick();
  await until(() => lines.length === 2);
  expect(lines[1]).toBe('error: This poll failed, and nothing was handed over by it: a fault');
});

it('ends the poll and its timer when the workflow is unpublished, and logs no failure', async () => {
  const { stop, crons, tick, lines } = await activate();
  await stop();
  expect(watch.signals[0]!.aborted).toBe(true);
  expect(watch.isClosed).toBe(true);
  expect(crons()).toEqual([]);
  tick();
  expect(watch.signals).toHaveLength(1);
  expect(lines).toEqual([]);
});

it('does nothing on an n8n that is not the leader', async () => {
  expect((await activate({ isLeader: false })).crons()).toEqual([]);
  expect(watch.signals).toEqual([]);
});

it.each([
  ['no poll time', { times: { item: [] } }, '"Poll Times" is empty'],
  [
    'a poll time of each second',
    { times: { item: [{ mode: 'custom', cronExpression: '* * * * * *' }] } },
    '"Poll Times" contains a time that cannot be used: "* * * * * *"',
  ],
  [
    'a poll time that no clock shows',
    { times: { item: [{ mode: 'custom', cronExpression: '0 75 * * * *' }] } },
    '"Poll Times" contains a time that cannot be used: "0 75 * * * *"',
  ],
  ['an empty name of a consent', { consents: 'list', consent: ' ' }, '"Consent"'],
  ['a start date that is none', { start: 'date', startFrom: 'soon' }, '"Start Date" is not a date'],
])('cannot be published with %s', async (_, parameters, message) => {
  await expect(activate({ parameters })).rejects.toThrow(message);
  expect(watch.signals).toEqual([]);
});

it('cannot be published with an engine of n8n that does not tell it how executions end', async () => {
  await expect(activate({ settings: { engineType: 'v2' } as never })).rejects.toThrow(
    'n8n does not tell this trigger how its executions end: Engine 2.0',
  );
  expect(watch.signals).toEqual([]);
});
