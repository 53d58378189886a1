import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { sandboxCredential } from '../support/bank/credential';
import { startSandbox, type Sandbox } from '../support/bank/sandbox';
import {
  activateTrigger,
  executeTriggerStep,
  type ActiveTrigger,
  type EmittedExecution,
} from '../support/n8n/activeTrigger';
import { outputOf, runNode } from '../support/n8n/nodeExecution';
import { ownUserFolder } from '../support/n8n/userFolder';
import { until } from '../support/waiting';

ownUserFolder();

let bank: Sandbox;
let credential: IDataObject;
let active: ActiveTrigger | undefined;
/** The bank's ID of the consent of a test. */
let consentId: string;
let tests = 0;
let consent: string;

beforeAll(async () => {
  bank = await startSandbox({ transactions: 30 });
  credential = { ...(await sandboxCredential(bank)) };
});
afterAll(() => bank?.stop());

beforeEach(async () => {
  consent = `household-${++tests}`;
  const authorized = await bank.authorize();
  consentId = authorized.consent_id;
  const options = { keepForConsent: consent, consentId };
  await run('openBankingToken', {
    ...{ resource: 'token', operation: 'exchange', code: authorized.code, options },
  });
});

afterEach(async () => {
  await active?.stop();
  active = undefined;
});

async function run(
  type: string,
  parameters: INodeParameters,
  items?: IDataObject[],
): Promise<IDataObject[]> {
  const task = await runNode({ type, credential, parameters, ...(items && { items }) });
  if (task.error) throw task.error as Error;
  return outputOf(task).map(({ json }) => json);
}

/** A trigger that reads at each poll, from the first transaction on. */
const fromTheFirst = (options: INodeParameters = {}): INodeParameters => ({
  ...{ consents: 'list', consent, start: 'date', startFrom: '2015-01-01' },
  options: { readsPerDay: '', positionName: consent, ...options },
});

async function activate(parameters = fromTheFirst()): Promise<ActiveTrigger> {
  await active?.stop();
  active = await activateTrigger({ credential, parameters });
  return active;
}

/** The items of the first executions, as far as they come. Each execution ends in this way. */
async function received(
  { executions }: ActiveTrigger,
  count: number,
  end: (execution: EmittedExecution) => void = ({ end: done }) => done('success'),
): Promise<IDataObject[]> {
  const items: IDataObject[] = [];
  let seen = 0;
  await until(() => {
    for (const execution of executions.slice(seen)) {
      items.push(...execution.items);
      end(execution);
      seen++;
    }
    return items.length >= count;
  });
  return items;
}

const bookedNow = () =>
  run('openBanking', { resource: 'transaction', operation: 'getAll', consent, status: 'booked' });

const idsOf = (items: readonly IDataObject[]) =>
  items
    .map(({ account_key: key, transaction_id: id }) => `${key as string} ${id as string}`)
    .sort();

it('hands over each booked transaction once, the oldest first, and what the bank books later', async () => {
  const booked = await bookedNow();
  const trigger = await activate();
  const first = await received(trigger, booked.length);
  expect(idsOf(first)).toEqual(idsOf(booked));
  expect(first.every(({ event, status }) => event === 'new' && status === 'booked')).toBe(true);
  const days = trigger.executions[0]!.items.map((item) =>
    String(item.booked_at as string).slice(0, 10),
  );
  expect(days).toEqual(days.toSorted());
  await bank.nextDay();
  const later = await bookedNow();
  const known = new Set(idsOf(booked));
  const fresh = later.filter((item) => !known.has(idsOf([item])[0]!));
  expect(fresh.length).toBeGreaterThan(0);
  const before = trigger.executions.length;
  await until(() => {
    trigger.tick();
    return trigger.executions.length > before;
  });
  expect(idsOf(trigger.executions.slice(before).flatMap(({ items }) => items))).toEqual(
    idsOf(fresh),
  );
  expect(trigger.lines.filter((line) => line.startsWith('error'))).toEqual([]);
});

it('hands over again, after a restart, what an execution failed with, under the same IDs', async () => {
  const count = (await bookedNow()).length;
  const failed = await received(await activate(), count, ({ end }) => end('error'));
  const again = await received(await activate(), count);
  expect(idsOf(again)).toEqual(idsOf(failed));
});

it('does not hand over again what a workflow that waits has marked as processed', async () => {
  const count = (await bookedNow()).length;
  const items = await received(await activate(), count, ({ end }) => end('waiting'));
  const processed = items.slice(0, 5);
  const output = await run(
    'openBanking',
    {
      ...{ resource: 'transaction', operation: 'commit' },
      options: { positionName: consent },
    },
    processed,
  );
  expect(output).toEqual(processed);
  const again = await received(await activate(), count - 5);
  expect(idsOf([...again, ...processed])).toEqual(idsOf(items));
});

it('shows transactions in the editor, and hands all of them over afterwards', async () => {
  const count = (await bookedNow()).length;
  const shown = await executeTriggerStep({ credential, parameters: fromTheFirst() });
  expect(shown.length).toBeGreaterThan(0);
  expect(shown[0]).toMatchObject({ event: 'new', consent, transaction_id: expect.any(String) });
  const items = await received(await activate(), count);
  expect(idsOf(items)).toHaveLength(count);
});

it('hands over nothing that was booked before, if it starts from now on', async () => {
  const booked = new Set(idsOf(await bookedNow()));
  await bank.clearRequests();
  const trigger = await activate({ ...fromTheFirst(), start: 'now' });
  // The second poll begins after the first one has ended.
  await readsOf(trigger, 8);
  expect(trigger.executions).toEqual([]);
  await bank.nextDay();
  await until(() => {
    trigger.tick();
    return trigger.executions.length > 0;
  });
  const fresh = idsOf(trigger.executions.flatMap(({ items }) => items));
  expect(fresh.filter((id) => booked.has(id))).toEqual([]);
});

/** Polls until the bank was asked so often for the transactions of an account. */
async function readsOf({ tick }: ActiveTrigger, count: number): Promise<void> {
  for (;;) {
    const reads = (await bank.requests()).filter(({ path }) => path.includes('/transactions'));
    if (reads.length >= count) return;
    tick();
  }
}
