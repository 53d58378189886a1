import { readExample, withParameters, type ImportableWorkflow } from '../../demo/examples';
import { importJourney1 } from '../../demo/journey1';
import { journey6Nodes } from '../../demo/journey6';
import { execute } from '../../demo/n8n/execution';
import { importInto } from '../../demo/n8n/imports';
import { publish, unpublish } from '../../demo/n8n/publish';
import type { N8nServer } from '../../demo/n8n/server';
import type { Sandbox } from '../support/bank/sandbox';
import { execute as query, type TestDatabase } from '../support/stores/postgres';
import { exampleInto, postgresCredential } from './destination';
import type { Editor, NodePanel } from './editor';
import { startEditorWithBank } from './editorWithBank';
import { endedExecutions, type StoredExecution } from './executions';
import { closeAll } from './opened';
import { pictures } from './pictures';
import { startMailbox, type Mailbox } from './mailbox';
import { database } from './queueMode';
import { untilTrue } from './until';

const J6 = 'openBankingJ6Pg';
const J6_MAIL = 'openBankingJ6Mail';

/** Accounts of the consent at the bank. */
const ACCOUNTS = 4;

let bank: Sandbox;
let server: N8nServer;
let editor: Editor;
let own: TestDatabase;
let mailbox: Mailbox;

beforeAll(async () => {
  own = await database();
  mailbox = await startMailbox();
  ({ bank, server, editor } = await startEditorWithBank('/home/workflows', {
    prepare: async (sandbox, n8n) => {
      const exchange = await importJourney1(n8n, sandbox);
      const example = await exampleInto('J6-new-transactions.json');
      // It polls when it is published, and without a limit of reads.
      const fast = withParameters(example, {
        [journey6Nodes.trigger]: {
          times: { item: [{ mode: 'custom', cronExpression: '0 0 1 1 *' }] },
          options: { readsPerDay: '' },
        },
      });
      await importInto(
        n8n,
        [postgresCredential(own), mailbox.credential],
        [fast, await mailing(mailbox)],
      );
      expect((await execute(n8n, exchange.id)).failure).toBeUndefined();
    },
  }));
});

afterAll(closeAll);

/** J6 with an e-mail, for everything that ends within a year. */
async function mailing({ credential }: Mailbox): Promise<ImportableWorkflow> {
  const { attention, message } = journey6Nodes;
  const example = await readExample<ImportableWorkflow>('J6-consent-needs-attention.json');
  const workflow = withParameters(example, { [attention]: { days: 365 } });
  const { id, name, type } = credential;
  const nodes = workflow.nodes.map((node) =>
    node.name === message ? { ...node, credentials: { [type]: { id, name } } } : node,
  );
  return { ...workflow, nodes };
}

/** The transactions in the table. */
const rows = () =>
  query(
    own.connectionString,
    'SELECT account_key, transaction_id, status, event FROM new_transactions ORDER BY 1, 2',
  );

const keyOf = ({ account_key, transaction_id }: Record<string, unknown>) =>
  `${String(account_key)} ${String(transaction_id)}`;

/** The items that the trigger has handed over to an execution. */
const handedTo = ({ items }: StoredExecution) => items[journey6Nodes.trigger]?.[0] ?? [];

/** The IDs of the accounts whose transactions the bank was asked for, in order. */
async function readAccounts(): Promise<string[]> {
  const journal = await bank.requests();
  return journal.flatMap(
    ({ path, status }) =>
      (status === 200 && /\/accounts\/([^/]+)\/transactions/.exec(path)?.[1]) || [],
  );
}

/** Lets the trigger poll, and waits until it has read all accounts. */
async function poll(): Promise<void> {
  await unpublish(server, J6).catch(() => undefined);
  await bank.clearRequests();
  await publish(server, J6);
  await untilTrue(async () => new Set(await readAccounts()).size === ACCOUNTS, 30_000);
}

describe('J6 into PostgreSQL', () => {
  let ended: StoredExecution[] = [];

  it('hands over nothing that was booked before it was published', async () => {
    await poll();
    expect(new Set(await readAccounts()).size).toBe(ACCOUNTS);
  });

  it('writes what the bank books next, each transaction once', async () => {
    await bank.nextDay();
    await poll();
    ended = await endedExecutions(server.url, J6, 1);
    expect(ended.map(({ status, failure }) => [status, failure])).toEqual([['success', undefined]]);
    const handed = handedTo(ended[0]!);
    // How many the bank books depends on the day.
    expect(handed.length).toBeGreaterThan(0);
    for (const item of handed) expect(item).toMatchObject({ event: 'new', status: 'booked' });
    expect(new Set(handed.map(keyOf)).size).toBe(handed.length);
    expect((await rows()).map(keyOf)).toEqual(handed.map(keyOf).sort());
  });

  it('starts no execution if the bank has nothing new', async () => {
    await poll();
    await bank.nextDay();
    await poll();
    const after = await endedExecutions(server.url, J6, 2);
    // The poll before this one brought nothing.
    expect(after).toHaveLength(2);
    const [first, second] = after.map(handedTo);
    expect(second!.length).toBeGreaterThan(0);
    const keys = [...first!, ...second!].map(keyOf);
    expect(new Set(keys).size).toBe(keys.length);
    expect((await rows()).map(keyOf)).toEqual(keys.sort());
  });

  it('hands the transactions of a failed execution over once more after a minute, without a read', async () => {
    const before = await rows();
    await query(
      own.connectionString,
      'ALTER TABLE new_transactions ADD CONSTRAINT broken CHECK (false) NOT VALID',
    );
    await bank.nextDay();
    await poll();
    const failed = (await endedExecutions(server.url, J6, 3)).at(-1)!;
    expect(failed.status).toBe('error');
    expect(await rows()).toEqual(before);
    await query(own.connectionString, 'ALTER TABLE new_transactions DROP CONSTRAINT broken');
    await bank.clearRequests();
    await untilTrue(async () => (await rows()).length > before.length, 90_000);
    const again = (await endedExecutions(server.url, J6, 4)).at(-1)!;
    expect(again.status).toBe('success');
    expect(handedTo(again)).toEqual(handedTo(failed));
    expect(await readAccounts()).toEqual([]);
  });
});

it('J6 sends an e-mail for what ends soon, once', async () => {
  await publish(server, J6_MAIL);
  const [sent] = await endedExecutions(server.url, J6_MAIL, 1);
  expect([sent!.status, sent!.failure]).toEqual(['success', undefined]);
  const items = sent!.items[journey6Nodes.attention]![0]!;
  expect(items.length).toBeGreaterThan(0);
  expect(mailbox.mails).toHaveLength(items.length);
  items.forEach(({ reason, ends_at: endsAt }, index) => {
    expect(mailbox.mails[index]).toMatch(/^Subject: .*needs attention/m);
    expect(mailbox.mails[index]).toContain(`Reason: ${String(reason)}`);
    expect(mailbox.mails[index]).toContain(
      `Ends at: ${(endsAt as string | undefined) ?? 'not known'}`,
    );
  });
});

describe('the trigger by hand', () => {
  let trigger: NodePanel;

  beforeAll(async () => {
    await editor.newWorkflow(server);
    trigger = await editor.addNode('open banking', 'Open Banking', 'On new transaction');
  });

  it('is configured with mouse and keyboard', async () => {
    await trigger.choose('consents', 'These Consents');
    await trigger.chooseFromList('consent', 'household');
    await trigger.choose('include', 'Booked and Pending');
    await trigger.addOption('Reads per Day');
    expect(await trigger.credential()).toBe('Open Banking Sandbox');
    if (pictures) await editor.page.screenshot({ path: `${pictures}/j6-trigger.png` });
  });

  it('shows transactions, and receives none of them', async () => {
    const first = await trigger.execute();
    expect(first.error).toBe('');
    expect(first.items).toMatch(/^\d+ items$/);
    expect(await trigger.execute()).toEqual(first);
  });
});
