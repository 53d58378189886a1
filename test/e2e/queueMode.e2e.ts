import {
  exampleCredential,
  type ImportableCredential,
  type ImportableWorkflow,
} from '../../demo/examples';
import type { JournalEntry } from '../../sandbox/ready';
import { startSandbox, type Sandbox } from '../support/bank/sandbox';
import { closeAll } from './opened';
import { startQueueMode, type QueueMode } from './queueMode';
import { until } from './until';
import { node, row, webhook } from './workflows';

const RUNS = 12;
const ITEMS = 5;
const CONSENTS = '/open-banking/v3.1/aisp/account-access-consents';

let bank: Sandbox;
let n8n: QueueMode;
let answers: Array<{ status: number; body: unknown }>;
let journal: JournalEntry[];

beforeAll(async () => {
  bank = await startSandbox();
  const credential = await exampleCredential(bank);
  n8n = await startQueueMode([credential], [workflow(credential)]);
  await n8n.publish('queueMode');
  const call = async () => {
    const answer = await n8n.callWebhook('consents');
    return { status: answer.status, body: await answer.json() };
  };
  answers = await Promise.all(Array.from({ length: RUNS }, call));
  journal = await bank.requests();
  // The workers answer a little before they log it.
  await until(() => n8n.finishedBy().flat().length >= RUNS, 5_000);
});

afterAll(async () => {
  await closeAll();
  await bank?.stop();
});

it('every run is answered with the output of its last node', () => {
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  const consents = answers.flatMap(({ body }) => body as Array<{ Data: { ConsentId: string } }>);
  expect(new Set(consents.map(({ Data }) => Data.ConsentId)).size).toBe(RUNS * ITEMS);
});

it('both workers execute runs, and each run is executed once', () => {
  const finished = n8n.finishedBy();
  expect(finished.map((runs) => runs.length > 0)).toEqual([true, true]);
  expect(new Set(finished.flat()).size).toBe(RUNS);
  expect(finished.flat()).toHaveLength(RUNS);
});

it('the bank gets one token request and one consent request for each item, with the client certificate', () => {
  const tokens = journal.filter(({ path }) => path === '/oauth2/token');
  const consents = journal.filter(({ path }) => path === CONSENTS);
  expect(tokens).toHaveLength(RUNS * ITEMS);
  expect(consents).toHaveLength(RUNS * ITEMS);
  expect(consents.map(({ status }) => status)).toEqual(consents.map(() => 201));
  expect(journal.every(({ certificate }) => certificate)).toBe(true);
  // Each assertion is used once, whichever worker made it.
  expect(new Set(tokens.map(({ form }) => form['client_assertion'])).size).toBe(RUNS * ITEMS);
});

it('n8n logs no token, no assertion and no key', () => {
  const logs = n8n.logs();
  expect(logs).not.toMatch(/BEGIN [A-Z ]*PRIVATE KEY/);
  for (const { headers, form } of journal) {
    for (const secret of [headers['authorization'], form['client_assertion']]) {
      if (secret) expect(logs.includes(String(secret).replace('Bearer ', ''))).toBe(false);
    }
  }
});

/** Webhook → items → application token → a consent for each item. */
function workflow({ id, name, type }: ImportableCredential): ImportableWorkflow {
  const credentials = { [type]: { id, name } };
  return row('queueMode', [
    webhook('consents', 'allEntries'),
    node('Items', 'n8n-nodes-base.set', 3.5, {
      mode: 'raw',
      jsonOutput: JSON.stringify({ number: Array.from({ length: ITEMS }, (_, index) => index) }),
      options: {},
    }),
    node('Each', 'n8n-nodes-base.splitOut', 1, { fieldToSplitOut: 'number', options: {} }),
    node(
      'Token',
      'n8n-nodes-open-banking.openBankingToken',
      1,
      { resource: 'token', operation: 'application', options: {} },
      credentials,
    ),
    node(
      'Consent',
      'n8n-nodes-base.httpRequest',
      4.5,
      {
        method: 'POST',
        url: `${bank.ready.gatewayUrl}${CONSENTS}`,
        authentication: 'predefinedCredentialType',
        nodeCredentialType: type,
        sendHeaders: true,
        headerParameters: {
          parameters: [{ name: 'Authorization', value: '={{ $json.authorization }}' }],
        },
        sendBody: true,
        specifyBody: 'json',
        jsonBody: JSON.stringify({ Data: { Permissions: ['ReadAccountsBasic'] }, Risk: {} }),
        options: {},
      },
      credentials,
    ),
  ]);
}
