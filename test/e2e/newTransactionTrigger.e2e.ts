import {
  exampleCredential,
  type ImportableCredential,
  type ImportableWorkflow,
  type WorkflowNode,
} from '../../demo/examples';
import { execute } from '../../demo/n8n/execution';
import { importInto } from '../../demo/n8n/imports';
import { setUpOwner } from '../../demo/n8n/owner';
import { publish } from '../../demo/n8n/publish';
import { startServer, type N8nServer } from '../../demo/n8n/server';
import { freePort } from '../../demo/ports';
import { endAll } from '../../demo/processes';
import { startSandbox, type Sandbox } from '../support/bank/sandbox';
import { endedExecutions, type StoredExecution } from './executions';
import { N8nClient } from './n8nClient';
import { n8nWithPackage, type TemporaryN8n } from './n8nWithPackage';
import { exchangeEach, node, row } from './workflows';

const TRIGGER = 'New Transaction';

let bank: Sandbox;
let n8n: TemporaryN8n;
let server: N8nServer;
let api: N8nClient;

beforeAll(async () => {
  n8n = await n8nWithPackage();
  bank = await startSandbox();
  const credential = await exampleCredential(bank);
  const { code } = await bank.authorize();
  const keeping = row('keeping', [
    node('Start', 'n8n-nodes-base.manualTrigger', 1, {}),
    node('Code', 'n8n-nodes-base.set', 3.4, {
      mode: 'raw',
      jsonOutput: JSON.stringify({ consent: 'household', code }),
      options: {},
    }),
    exchangeEach(credential),
  ]);
  const failure = node('Fail', 'n8n-nodes-base.stopAndError', 1, { errorMessage: 'no ledger' });
  await importInto(
    n8n,
    [credential],
    [
      keeping,
      watching('receiving', credential, node('Ledger', 'n8n-nodes-base.noOp', 1, {})),
      watching('failing', credential, failure),
    ],
  );
  const kept = await execute(n8n, keeping.id);
  expect(kept.failure).toBeUndefined();
  server = await startServer(n8n, await freePort());
  await setUpOwner(server);
  api = await N8nClient.logIn(server.url);
});

afterAll(async () => {
  await endAll();
  await bank?.stop();
  await n8n?.remove();
});

/** A workflow that begins with the first transaction, and reads at each poll. */
function watching(
  id: string,
  { id: credentialId, name, type }: ImportableCredential,
  then: WorkflowNode,
): ImportableWorkflow {
  const parameters = {
    ...{ event: 'newTransaction', consents: 'all', start: 'date', startFrom: '2015-01-01' },
    times: { item: [{ mode: 'everyMinute' }] },
    options: { readsPerDay: '' },
  };
  const trigger = node(TRIGGER, 'n8n-nodes-open-banking.openBankingTrigger', 1, parameters, {
    [type]: { id: credentialId, name },
  });
  return row(id, [trigger, then]);
}

const unpublish = (id: string) => api.call('POST', `/rest/workflows/${id}/deactivate`);

const itemsOf = ({ items }: StoredExecution) => items[TRIGGER]![0]!;

const idsOf = (executions: readonly StoredExecution[]) =>
  executions
    .flatMap(itemsOf)
    .map(({ account_key: key, transaction_id: id }) => `${String(key)} ${String(id)}`)
    .sort();

it('starts the workflow once for each booked transaction, and for those of the next day at a poll time', async () => {
  await publish(server, 'receiving');
  const first = await endedExecutions(server.url, 'receiving', 1);
  expect(first.map(({ status }) => status)).toEqual(['success']);
  const known = idsOf(first);
  expect(known.length).toBeGreaterThan(150);
  expect(new Set(known).size).toBe(known.length);
  await bank.nextDay();
  const [, ...later] = await waitFor('receiving', 2);
  const fresh = idsOf(later);
  expect(fresh.length).toBeGreaterThan(0);
  expect(fresh.filter((id) => known.includes(id))).toEqual([]);
  await unpublish('receiving');
}, 180_000);

it('hands over again what an execution failed with, under the same IDs, if the workflow is published again', async () => {
  await publish(server, 'failing');
  const [failed] = await endedExecutions(server.url, 'failing', 1);
  expect(failed!.status).toBe('error');
  await unpublish('failing');
  await publish(server, 'failing');
  const [, again] = await waitFor('failing', 2);
  expect(idsOf([again!])).toEqual(idsOf([failed!]));
  await unpublish('failing');
}, 180_000);

/** Waits longer than `endedExecutions` does: until the next poll time. */
async function waitFor(workflowId: string, count: number): Promise<StoredExecution[]> {
  for (let tries = 0; ; tries++) {
    try {
      return await endedExecutions(server.url, workflowId, count);
    } catch (error) {
      if (tries === 3) throw error;
    }
  }
}
