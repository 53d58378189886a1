import { setTimeout } from 'node:timers/promises';
import {
  exampleCredential,
  withParameters,
  withTrigger,
  type ImportableCredential,
  type ImportableWorkflow,
} from '../../demo/examples';
import { journey4, journey4Nodes } from '../../demo/journey4';
import type { JournalEntry } from '../../sandbox/ready';
import { startSandbox, type Sandbox } from '../support/bank/sandbox';
import { closeAll } from './opened';
import { database, startQueueMode, type QueueMode } from './queueMode';
import { until } from './until';
import { exchangeEach, node, row, webhook } from './workflows';

const CONSENTS = 50;
/** Accounts of each consent at the bank. */
const ACCOUNTS_EACH = 4;
const CALLS_AT_ONCE = 8;
const SCHEDULED_RUNS = 3;
/** Items of a run that ask for the same consent. */
const ITEMS = 200;
const ACCOUNTS = '/open-banking/v3.1/aisp/accounts';

/** The consent that many items ask for at the same time. */
const SHARED = 'shared';

/** The consents that only J4 asks for. */
const names = Array.from({ length: CONSENTS - 1 }, (_, index) => `customer-${index}`);

let bank: Sandbox;
let n8n: QueueMode;
let answers: number[];
/** The access tokens that the items of the runs for one consent got. */
let shared: string[];
let journal: JournalEntry[];

const refreshes = () => journal.filter(({ form }) => form['grant_type'] === 'refresh_token');
let sharedRefreshes: number;
const pulls = () => journal.filter(({ path }) => path.startsWith(ACCOUNTS));

beforeAll(async () => {
  bank = await startSandbox();
  const { connectionString: postgresUrl } = await database();
  const filled = await exampleCredential(bank);
  const credential = {
    ...filled,
    data: { ...filled.data, useCustomSettings: true, keepTokensIn: 'postgres', postgresUrl },
  };
  const workflow = await journey4(bank);
  const onCall = withTrigger(workflow, webhook('pull', 'noData'));
  const scheduled = { ...everySecond(workflow), id: 'everySecond' };
  n8n = await startQueueMode(
    [credential],
    [keeping(credential), asking(credential), onCall, scheduled],
  );

  const authorizations: Array<{ consent: string; code: string }> = [];
  for (const consent of [SHARED, ...names]) {
    authorizations.push({ consent, code: (await bank.authorize()).code });
  }
  await n8n.publish('keeping');
  // Tokens of an exchange expire at once; tokens of a refresh do not.
  await bank.setAccessTokenLifetime(1);
  const kept = await n8n.callWebhook('keep', { authorizations });
  expect(kept.status).toBe(200);
  await bank.setAccessTokenLifetime(3600);
  // A token that still lives would be handed out.
  await setTimeout(1_500);

  await n8n.publish('asking');
  await bank.clearRequests();
  const consents = Array.from({ length: ITEMS }, () => SHARED);
  const given = await Promise.all(
    Array.from({ length: CALLS_AT_ONCE }, () => n8n.callWebhook('ask', { consents })),
  );
  const items = await Promise.all(
    given.map((answer) => answer.json() as Promise<{ access_token: string }[]>),
  );
  shared = items.flat().map(({ access_token: token }) => token);
  journal = await bank.requests();
  sharedRefreshes = refreshes().length;

  const before = n8n.finishedBy().flat().length;
  await bank.clearRequests();
  await n8n.publish(onCall.id);
  answers = await Promise.all(
    Array.from({ length: CALLS_AT_ONCE }, async () => (await n8n.callWebhook('pull')).status),
  );
  // The bank remembers 5,000 requests, and the schedule goes on until it is seen here.
  const called = await bank.requests();
  await bank.clearRequests();
  await n8n.publish(scheduled.id);
  const runs = before + CALLS_AT_ONCE + SCHEDULED_RUNS;
  await until(() => n8n.finishedBy().flat().length >= runs, 60_000);
  journal = [...called, ...(await bank.requests())];
});

afterAll(async () => {
  await closeAll();
  await bank?.stop();
});

it('every run, by call and by schedule, gets the transactions of all accounts of every consent', () => {
  expect(answers).toEqual(answers.map(() => 200));
  const runs = CALLS_AT_ONCE + SCHEDULED_RUNS;
  const pulled = (list: boolean) => pulls().filter(({ path }) => (path === ACCOUNTS) === list);
  expect(pulled(true).length).toBeGreaterThanOrEqual(runs * CONSENTS);
  expect(pulled(false).length).toBeGreaterThanOrEqual(runs * CONSENTS * ACCOUNTS_EACH);
  expect(journal.filter(({ status }) => status !== null && status >= 400)).toEqual([]);
});

it('both workers execute several runs', () => {
  expect(n8n.finishedBy().map((runs) => runs.length > 1)).toEqual([true, true]);
});

it('each consent is refreshed once if both workers ask for it at the same time', () => {
  expect(refreshes()).toHaveLength(names.length);
  expect(new Set(refreshes().map(({ form }) => form['refresh_token'])).size).toBe(names.length);
});

it('a consent is refreshed once for 1,600 items of 8 runs, and each item gets the new token', () => {
  expect(sharedRefreshes).toBe(1);
  expect(shared).toHaveLength(ITEMS * CALLS_AT_ONCE);
  expect(new Set(shared).size).toBe(1);
});

it('both workers use their connections again', () => {
  const connections = new Set(pulls().map(({ tls }) => tls.connection));
  expect(connections.size).toBeLessThan(pulls().length / 10);
});

it('every run uses the refreshed tokens', () => {
  const bearers = new Set(pulls().map(({ headers }) => headers['authorization']));
  expect(bearers.size).toBe(CONSENTS);
});

it('n8n logs no token', () => {
  const logs = n8n.logs();
  for (const { headers, form } of journal) {
    for (const secret of [headers['authorization'], form['refresh_token']]) {
      if (secret) expect(logs.includes(String(secret).replace('Bearer ', ''))).toBe(false);
    }
  }
});

/** Exchanges the codes of many customers, and stores the tokens under their consents. */
function keeping(credential: ImportableCredential): ImportableWorkflow {
  return row('keeping', [
    webhook('keep', 'noData'),
    node('Each', 'n8n-nodes-base.splitOut', 1, {
      fieldToSplitOut: 'body.authorizations',
      options: {},
    }),
    exchangeEach(credential),
  ]);
}

/** Asks for the token of a consent in each item, and answers with all of them. */
function asking({ id, name, type }: ImportableCredential): ImportableWorkflow {
  return row('asking', [
    webhook('ask', 'allEntries'),
    node('Each', 'n8n-nodes-base.splitOut', 1, {
      fieldToSplitOut: 'body.consents',
      options: { destinationFieldName: 'consent' },
    }),
    node(
      'Valid',
      'n8n-nodes-open-banking.openBankingToken',
      1,
      {
        resource: 'token',
        operation: 'valid',
        consent: '={{ $json.consent }}',
        options: { concurrency: 100 },
      },
      { [type]: { id, name } },
    ),
  ]);
}

function everySecond(workflow: ImportableWorkflow): ImportableWorkflow {
  const rule = { interval: [{ field: 'seconds', secondsInterval: 1 }] };
  return withParameters(workflow, { [journey4Nodes.schedule]: { rule } });
}
