import type {
  ImportableCredential,
  ImportableWorkflow,
  WorkflowNode,
} from '../../../demo/examples';
import type { Sandbox } from '../../support/bank/sandbox';
import { usesPostgres } from '../destination';
import { exchangeEach, node, row, webhook } from '../workflows';
import type { Gate } from './arrivals';

/** The name of the consent. */
export const CONSENT = 'household';

/** A workflow that receives new transactions. */
export interface Feed {
  id: string;
  /** The credential of its trigger. */
  credential: ImportableCredential;
  /** Whether it marks them as processed. */
  marks: boolean;
  workflow: ImportableWorkflow;
}

/** A node that executes once for all items of an execution, and writes into `Arrivals`. */
function statement(name: string, text: string, options: object = {}): WorkflowNode {
  const parameters = { operation: 'executeQuery', query: text, options };
  return Object.assign(node(name, 'n8n-nodes-base.postgres', 2.5, parameters, usesPostgres), {
    executeOnce: true,
  });
}

const own = `workflow = '{{ $workflow.id }}' AND execution = '{{ $execution.id }}'`;

/** Its items are the transactions. */
const arrive = statement(
  'Arrive',
  `=INSERT INTO arrivals (workflow, execution, consent, account_id, account_key, transaction_id)
   SELECT '{{ $workflow.id }}', '{{ $execution.id }}', i->>'consent', i->>'account_id', i->>'account_key', i->>'transaction_id'
   FROM json_array_elements($1::json) AS i RETURNING *`,
  { queryReplacement: '={{ [JSON.stringify($input.all().map(({ json }) => json))] }}' },
);

/** Its items are the transactions. */
const marking = statement(
  'Marking',
  `=UPDATE arrivals SET marking = clock_timestamp() WHERE ${own} RETURNING *`,
);

const done = statement(
  'Done',
  `=UPDATE arrivals SET done = clock_timestamp() WHERE ${own} RETURNING done`,
);

const gate = (number: Gate) =>
  statement(
    `Gate ${number}`,
    `=SELECT pg_advisory_lock_shared(${number}), pg_advisory_unlock_shared(${number}), '{{ $workflow.id }}' AS at_gate`,
  );

const triggerName = 'New Transactions';

/**
 * A workflow that writes the transactions that it receives into `Arrivals`.
 *
 * @param from the first booking day
 */
export function feed(
  id: string,
  credential: ImportableCredential,
  from: string,
  marks: boolean,
): Feed {
  const credentials = { [credential.type]: { id: credential.id, name: credential.name } };
  const trigger = node(
    triggerName,
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
  const nodes = [trigger, arrive, gate(1), ...(marks ? [marking, mark] : []), gate(2), done];
  return { id, credential, marks, workflow: row(id, nodes) };
}

/** Whose position a feed has. */
export function subscriberOf({ workflow }: Feed): string {
  return `${workflow.id}/${workflow.nodes.find(({ name }) => name === triggerName)!.id}`;
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
