import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { exampleCredential, type ImportableCredential } from '../../demo/examples';
import { dataFolder, type N8nHome } from '../../demo/n8n/environment';
import { importInto } from '../../demo/n8n/imports';
import { setUpOwner } from '../../demo/n8n/owner';
import { publish, unpublish } from '../../demo/n8n/publish';
import { startServer, type N8nServer } from '../../demo/n8n/server';
import { freePort } from '../../demo/ports';
import { startSandbox, type Sandbox } from '../support/bank/sandbox';
import { postgresCredential } from './destination';
import { kill } from './kill';
import { Arrivals } from './kills/arrivals';
import { feed, keeping, keepTokens, pull, type Feed } from './kills/feeds';
import { killAtEach, outcomeOf, publication, type KillableN8n } from './kills/killing';
import { n8nWithPackage } from './n8nWithPackage';
import { closeAll, closeOpened, opening } from './opened';
import { database, startQueueMode } from './queueMode';
import { callWebhook } from './webhooks';

/** The first booking day that the feeds want. The bank shows each transaction from then on until the test has ended. */
const FROM = new Date(Date.now() - 8 * 86_400_000).toISOString().slice(0, 10);

let bank: Sandbox;
let arrivals: Arrivals;
let sqlite: ImportableCredential;
let postgres: ImportableCredential;

beforeEach(async () => {
  bank = await opening(startSandbox(), (sandbox) => sandbox.stop());
  arrivals = await Arrivals.create((await database()).connectionString);
  sqlite = await exampleCredential(bank);
  const { connectionString: postgresUrl } = await database();
  const keeps = { useCustomSettings: true, keepTokensIn: 'postgres', postgresUrl };
  const inPostgres = { id: 'inPostgres', name: 'Tokens in PostgreSQL' };
  postgres = { ...sqlite, ...inPostgres, data: { ...sqlite.data, ...keeps } };
});

afterEach(closeOpened);
afterAll(closeAll);

const pullOf = ({ credential }: Feed) => `pull-${credential.id}`;

/** Kills n8n at each moment, and judges the feeds. */
async function expectPromise(n8n: KillableN8n, feeds: readonly Feed[]): Promise<void> {
  const stage = { bank, arrivals, n8n, feeds };
  const kills = await killAtEach(stage);
  const { verdicts, due, furtherExecutions, course } = await outcomeOf(stage, kills, pullOf);
  const lines = verdicts.map(
    ({ received, lost, repeated, afterSuccess, wrong, overlapping, unnoted }, index) =>
      `${feeds[index]!.id}: ${kills.length} kills, ${received} transactions, ${lost.length} lost, ${repeated} repeated, ` +
      `${afterSuccess.length} of them after success (${wrong.length} wrongly), ${overlapping} by n8n itself, ${unnoted.length} marked and not noted`,
  );
  console.log(lines.join('\n'));
  if (verdicts.some(({ lost, wrong }) => lost.length + wrong.length > 0)) console.log(course);
  expect(verdicts).toMatchObject(
    feeds.map(({ marks }) => ({
      ...{ lost: [], wrong: [], unknown: [] },
      ...(marks && { afterSuccess: [] }),
    })),
  );
  for (const { received } of verdicts) expect(received).toBeGreaterThan(20);
  expect({ due, furtherExecutions }).toEqual({ due: [], furtherExecutions: [] });
}

/** The highest ID of an execution of an n8n that does not run. */
function lastExecution(n8n: N8nHome): number {
  const database = new DatabaseSync(join(dataFolder(n8n), 'database.sqlite'), { readOnly: true });
  try {
    return Number(database.prepare('SELECT max(id) AS last FROM execution_entity').get()!.last);
  } finally {
    database.close();
  }
}

it('kills of n8n lose no transaction, in both stores, and repeat none that was marked as processed', async () => {
  const temporary = await opening(n8nWithPackage(), (own) => own.remove());
  const n8n = { ...temporary, environment: publication };
  const feeds = [
    feed('sqlitePlain', sqlite, FROM, false),
    feed('sqliteMarking', sqlite, FROM, true),
    feed('postgresPlain', postgres, FROM, false),
    feed('postgresMarking', postgres, FROM, true),
  ];
  const credentials = [sqlite, postgres];
  const others = credentials.flatMap((credential) => [
    keeping(`keep-${credential.id}`, credential),
    pull(`pull-${credential.id}`, credential, FROM),
  ]);
  await importInto(
    n8n,
    [...credentials, postgresCredential(arrivals)],
    [...feeds.map(({ workflow }) => workflow), ...others],
  );
  const port = await freePort();
  let server: N8nServer = await startServer(n8n, port);
  await opening(undefined, () => server.stop());
  await setUpOwner(server);
  for (const { id } of others) await publish(server, id);
  for (const { id } of credentials) {
    await keepTokens((path, body) => callWebhook(server, path, body), `keep-${id}`, bank);
  }
  await expectPromise(
    {
      userFolder: n8n.userFolder,
      start: async () => {
        server = await startServer(n8n, port);
      },
      kill: async () => {
        await kill(server);
        return lastExecution(n8n);
      },
      publish: (id) => publish(server, id),
      unpublish: (id) => unpublish(server, id),
      call: (path) => callWebhook(server, path),
      logs: () => readFileSync(server.logFile, 'utf8'),
    },
    feeds,
  );
});

it('kills of the main process in queue mode lose no transaction, and repeat none that was marked as processed', async () => {
  const feeds = [
    feed('queuePlain', postgres, FROM, false),
    feed('queueMarking', postgres, FROM, true),
  ];
  const [keep, all] = [`keep-${postgres.id}`, `pull-${postgres.id}`];
  const n8n = await startQueueMode(
    [postgres, postgresCredential(arrivals)],
    [...feeds.map(({ workflow }) => workflow), keeping(keep, postgres), pull(all, postgres, FROM)],
    publication,
  );
  for (const id of [keep, all]) await n8n.publish(id);
  await keepTokens((path, body) => n8n.callWebhook(path, body), keep, bank);
  await expectPromise(
    {
      // Nothing is stored there.
      userFolder: '',
      start: () => n8n.startMain(),
      kill: async () => {
        await n8n.killMain();
        // The workers run what waits at once.
        return 0;
      },
      publish: (id) => n8n.publish(id),
      unpublish: (id) => n8n.unpublish(id),
      call: (path) => n8n.callWebhook(path),
      logs: () => n8n.logs(),
    },
    feeds,
  );
});
