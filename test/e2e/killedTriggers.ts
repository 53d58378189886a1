import { Client } from 'pg';
import type { ImportableCredential, ImportableWorkflow, WorkflowNode } from '../../demo/examples';
import type { Sandbox } from '../support/bank/sandbox';
import { execute as query } from '../support/stores/postgres';
import { usesPostgres } from './destination';
import { opening } from './opened';
import { untilTrue } from './until';
import { exchangeEach, node, row, webhook } from './workflows';

/** The name of the consent. */
const CONSENT = 'household';

/** A transaction that an execution has received. */
interface Arrival {
  workflow: string;
  execution: string;
  key: string;
  /** Milliseconds since the epoch; `null` if the execution did not come so far. */
  at: number;
  marked: number | null;
  done: number | null;
}

/** What became of the transactions of a workflow. */
export interface Verdict {
  /** Transactions of the bank that no execution received that came to its end. */
  lost: string[];
  /** Arrivals of a transaction after it was marked as processed, or if the workflow marks nothing, after an execution with it had ended. */
  repeated: number;
  /** Transactions that came to the end of an execution. */
  received: number;
  /** `transaction_id`s that were handed over and that the bank's rows do not have. */
  unknown: string[];
}

/** The moments at which n8n is killed, in order. */
export const MOMENTS = [
  'while it reads the accounts',
  'when executions have begun',
  'before Mark as Processed',
  'after Mark as Processed',
  'when an execution has ended',
] as const;

/** The table in which workflows write what they receive, and gates at which they wait. */
export class Arrivals {
  private constructor(
    readonly connectionString: string,
    private readonly gates: Client,
  ) {}

  static async create(connectionString: string): Promise<Arrivals> {
    await query(
      connectionString,
      `CREATE TABLE arrivals (
        workflow text, execution text, consent text, account_id text, account_key text, transaction_id text,
        at timestamptz NOT NULL DEFAULT clock_timestamp(), marked timestamptz, done timestamptz)`,
    );
    const gates = await opening(new Client({ connectionString }), (client) => client.end());
    await gates.connect();
    return new Arrivals(connectionString, gates);
  }

  /** Executions wait at this gate from now on. */
  async close(gate: 1 | 2): Promise<void> {
    await this.gates.query('SELECT pg_advisory_lock($1)', [gate]);
  }

  /** Opens all gates. */
  async open(): Promise<void> {
    await this.gates.query('SELECT pg_advisory_unlock_all()');
  }

  /** Ends the sessions of a killed n8n, which would wait for ever. */
  async endSessions(): Promise<void> {
    await query(
      this.connectionString,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()`,
    );
  }

  async all(): Promise<Arrival[]> {
    const rows = await query(
      this.connectionString,
      `SELECT workflow, execution, account_key || ' ' || transaction_id AS key,
        extract(epoch FROM at)::float8 AS at, extract(epoch FROM marked)::float8 AS marked,
        extract(epoch FROM done)::float8 AS done FROM arrivals`,
    );
    return rows as unknown as Arrival[];
  }

  /** Whether each of the workflows has an arrival since a moment for which the condition is true. */
  async has(
    workflows: readonly string[],
    since: ReadonlySet<string>,
    condition: (arrival: Arrival) => boolean = () => true,
  ): Promise<boolean> {
    const arrivals = (await this.all()).filter(
      (arrival) => !since.has(executionOf(arrival)) && condition(arrival),
    );
    return workflows.every((id) => arrivals.some(({ workflow }) => workflow === id));
  }

  /** The executions that have begun. */
  async executions(): Promise<Set<string>> {
    return new Set((await this.all()).map(executionOf));
  }
}

const executionOf = ({ workflow, execution }: Arrival) => `${workflow}/${execution}`;

/** The nodes of a feed write into {@link Arrivals}. */
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
 * A workflow that writes the transactions that it receives into {@link Arrivals}.
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

/** Judges a workflow by the keys of all transactions that the bank has booked. */
export function verdictOf(
  arrivals: readonly Arrival[],
  workflow: string,
  booked: readonly string[],
): Verdict {
  const own = arrivals.filter((arrival) => arrival.workflow === workflow);
  const received = new Set(own.flatMap(({ key, done }) => (done === null ? [] : [key])));
  const processedAt = new Map<string, number>();
  for (const { key, marked, done } of own) {
    const at = marked ?? done;
    if (at !== null) processedAt.set(key, Math.min(at, processedAt.get(key) ?? Infinity));
  }
  const processed = new Set([...received, ...processedAt.keys()]);
  const known = new Set(booked);
  return {
    lost: booked.filter((key) => !processed.has(key)),
    repeated: own.filter(({ key, at }) => at > (processedAt.get(key) ?? Infinity)).length,
    received: received.size,
    unknown: [...new Set(own.map(({ key }) => key))].filter((key) => !known.has(key)),
  };
}

/** Kills n8n at each of the moments, and starts it again. A day of the bank passes in between. */
export async function killAtEachMoment(
  bank: Sandbox,
  arrivals: Arrivals,
  workflows: readonly string[],
  n8n: { start(): Promise<unknown>; kill(): Promise<void> },
): Promise<void> {
  const LIMIT = 40_000;
  const marking = workflows.filter((id) => id.endsWith('Marking'));
  for (const moment of MOMENTS) {
    const before = await arrivals.executions();
    const has = (ids: readonly string[], condition?: (arrival: Arrival) => boolean) => () =>
      arrivals.has(ids, before, condition);
    await bank.clearRequests();
    if (moment === 'before Mark as Processed') await arrivals.close(1);
    if (moment === 'after Mark as Processed') await arrivals.close(2);
    await n8n.start();
    const reached = {
      'while it reads the accounts': async () =>
        (await bank.requests()).some(({ path }) => path.includes('/transactions')),
      'when executions have begun': has(workflows.slice(0, 1)),
      'before Mark as Processed': has(workflows),
      'after Mark as Processed': has(marking, ({ marked }) => marked !== null),
      'when an execution has ended': has(workflows.slice(0, 1), ({ done }) => done !== null),
    }[moment];
    await untilTrue(reached, LIMIT);
    if (!(await reached())) throw new Error(`The moment "${moment}" did not come.`);
    await n8n.kill();
    await arrivals.open();
    await bank.nextDay();
  }
}

/** Starts n8n once more, and waits until all that the bank has booked was processed. @returns the verdicts, in the order of the workflows */
export async function verdicts(
  arrivals: Arrivals,
  workflows: readonly string[],
  n8n: { pull(): Promise<Response>; poll(): Promise<void> },
): Promise<Verdict[]> {
  const booked = await pulled(await n8n.pull());
  const judged = async () => {
    const all = await arrivals.all();
    return workflows.map((workflow) => verdictOf(all, workflow, booked));
  };
  await untilTrue(async () => (await judged()).every(({ lost }) => lost.length === 0), 60_000);
  // A poll after that brings nothing.
  const before = await arrivals.executions();
  await n8n.poll();
  expect(await arrivals.executions()).toEqual(before);
  return judged();
}
