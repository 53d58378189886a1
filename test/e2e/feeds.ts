import type { ImportableCredential, ImportableWorkflow, WorkflowNode } from '../../demo/examples';
import type { Sandbox } from '../support/bank/sandbox';
import { usesPostgres } from './destination';
import { exchangeEach, node, row, webhook } from './workflows';

/** The name of the consent. */
const CONSENT = 'household';

/** The nodes of a feed write into `Arrivals`. */
function statement(name: string, text: string, parameters: object = {}): WorkflowNode {
  return node(
    name,
    'n8n-nodes-base.postgres',
    2.5,
    { operation: 'executeQuery', query: text, options: {}, ...parameters },
    usesPostgres,
  );
}

const own = `workflow = '{{ $workflow.id }}' AND execution = '{{ $execution.id }}'`;

/** Each execution of a feed passes the gates once, whatever the number of its items. */
const once = (made: WorkflowNode): WorkflowNode => Object.assign(made, { executeOnce: true });

const gate = (number: 1 | 2) =>
  once(
    statement(
      `Gate ${number}`,
      `SELECT pg_advisory_lock_shared(${number}), pg_advisory_unlock_shared(${number})`,
    ),
  );

/**
 * A workflow that writes the transactions that it receives into `Arrivals`.
 *
 * @param from the first booking day
 * @param marks whether it ends with Mark as Processed
 */
export function feed(
  id: string,
  credential: ImportableCredential,
  from: string,
  marks: boolean,
): ImportableWorkflow {
  const credentials = { [credential.type]: { id: credential.id, name: credential.name } };
  const trigger = node(
    'New Transactions',
    'n8n-nodes-open-banking.openBankingTrigger',
    1,
    {
      ...{ event: 'newTransaction', start: 'date', startFrom: from },
      // It polls when n8n starts, and when it is published.
      times: { item: [{ mode: 'custom', cronExpression: '0 0 1 1 *' }] },
      options: { readsPerDay: '' },
    },
    credentials,
  );
  const arrive = once(
    statement(
      'Arrive',
      `=INSERT INTO arrivals (workflow, execution, consent, account_id, account_key, transaction_id)
       SELECT '{{ $workflow.id }}', '{{ $execution.id }}', i->>'consent', i->>'account_id', i->>'account_key', i->>'transaction_id'
       FROM json_array_elements($1::json) AS i RETURNING *`,
      {
        options: {
          queryReplacement: '={{ [JSON.stringify($input.all().map(({ json }) => json))] }}',
        },
      },
    ),
  );
  const done = once(
    statement('Done', `=UPDATE arrivals SET done = clock_timestamp() WHERE ${own} RETURNING done`),
  );
  if (!marks) return row(id, [trigger, arrive, gate(1), gate(2), done]);
  const mark = node(
    'Mark as Processed',
    'n8n-nodes-open-banking.openBanking',
    1,
    {
      ...{ resource: 'transaction', operation: 'commit', options: {} },
      consent: { __rl: true, mode: 'id', value: '={{ $json.consent }}' },
      ...{ accountId: '={{ $json.account_id }}', transactionId: '={{ $json.transaction_id }}' },
    },
    credentials,
  );
  const marked = once(
    statement(
      'Marked',
      `=UPDATE arrivals SET marked = clock_timestamp() WHERE ${own} RETURNING marked`,
    ),
  );
  const workflow = row(id, [trigger, arrive, mark, marked, gate(2), done]);
  const first = gate(1);
  // n8n runs the branch that is higher on the canvas first.
  mark.position = [0, 200];
  const to = (name: string) => ({ node: name, type: 'main', index: 0 });
  return {
    ...workflow,
    nodes: [...workflow.nodes, first],
    connections: { ...workflow.connections, Arrive: { main: [[to(first.name), to(mark.name)]] } },
    settings: { executionOrder: 'v1' },
  };
}

/** A workflow that exchanges a code, and stores the tokens under the consent of the feeds. */
export function keeping(id: string, credential: ImportableCredential): ImportableWorkflow {
  return row(id, [
    webhook(id, 'noData'),
    node('Each', 'n8n-nodes-base.splitOut', 1, {
      fieldToSplitOut: 'body.authorizations',
      options: {},
    }),
    exchangeEach(credential),
  ]);
}

/** Calls {@link keeping}. */
export async function keepTokens(
  callWebhook: (path: string, body: object) => Promise<Response>,
  id: string,
  bank: Sandbox,
): Promise<void> {
  const { code } = await bank.authorize();
  const { status } = await callWebhook(id, { authorizations: [{ consent: CONSENT, code }] });
  expect(status).toBe(200);
}

/** A workflow that answers with all booked transactions of the consent. @param from the first booking day */
export function pull(
  id: string,
  credential: ImportableCredential,
  from: string,
): ImportableWorkflow {
  return row(id, [
    webhook(id, 'allEntries'),
    node(
      'Get Transactions',
      'n8n-nodes-open-banking.openBanking',
      1,
      {
        ...{ resource: 'transaction', operation: 'getAll', from, options: {} },
        consent: { __rl: true, mode: 'id', value: CONSENT },
      },
      { [credential.type]: { id: credential.id, name: credential.name } },
    ),
  ]);
}

/** The keys of the transactions that {@link pull} answers with. */
export async function pulled(answer: Response): Promise<string[]> {
  const items = (await answer.json()) as { account_key: string; transaction_id: string }[];
  return items.map(({ account_key, transaction_id }) => `${account_key} ${transaction_id}`);
}
