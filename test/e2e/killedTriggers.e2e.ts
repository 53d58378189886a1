import { readFileSync } from 'node:fs';
import { exampleCredential, type ImportableCredential } from '../../demo/examples';
import { importInto } from '../../demo/n8n/imports';
import { setUpOwner } from '../../demo/n8n/owner';
import { publish, unpublish } from '../../demo/n8n/publish';
import { startServer, type N8nServer } from '../../demo/n8n/server';
import { freePort } from '../../demo/ports';
import { startSandbox, type Sandbox } from '../support/bank/sandbox';
import { Arrivals, type Verdict } from './arrivals';
import { postgresCredential } from './destination';
import { feed, keeping, keepTokens, pull } from './feeds';
import { kill } from './kill';
import { killAtEachMoment, verdicts } from './killedTriggers';
import { n8nWithPackage } from './n8nWithPackage';
import { closeOpened, closeAll, opening } from './opened';
import { database, startQueueMode } from './queueMode';
import { untilTrue } from './until';
import { callWebhook } from './webhooks';

/** The accounts of the consent. */
const ACCOUNTS = 4;

/** The first booking day that the workflows want. */
const FROM = new Date(Date.now() - 20 * 86_400_000).toISOString().slice(0, 10);

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

/** Waits until the bank was asked for the transactions of each account by so many workflows. */
async function untilRead(workflows: number): Promise<void> {
  const reads = async () =>
    (await bank.requests()).filter(
      ({ path, status }) => status === 200 && path.includes('/transactions'),
    ).length;
  await untilTrue(async () => (await reads()) >= workflows * ACCOUNTS, 30_000);
}

/** Prints the counts: without Mark as Processed, a repeated transaction is no fault. */
function report(ids: readonly string[], judged: readonly Verdict[]): void {
  const lines = judged.map(
    ({ lost, repeated, received }, index) =>
      `${ids[index]}: ${received} received, ${lost.length} lost, ${repeated} repeated after success`,
  );
  console.log(lines.join('\n'));
}

function expectPromise(verdict: Verdict, marks: boolean): void {
  expect(verdict).toMatchObject({ lost: [], unknown: [] });
  expect(verdict.received).toBeGreaterThan(10);
  if (marks) expect(verdict.repeated).toBe(0);
}

it('five kills of n8n lose nothing, in both stores, and repeat nothing that was marked as processed', async () => {
  const n8n = await opening(n8nWithPackage(), (temporary) => temporary.remove());
  const feeds = [
    feed('sqlitePlain', sqlite, FROM, false),
    feed('sqliteMarking', sqlite, FROM, true),
    feed('postgresPlain', postgres, FROM, false),
    feed('postgresMarking', postgres, FROM, true),
  ];
  const ids = feeds.map(({ id }) => id);
  const others = [
    keeping('keepSqlite', sqlite),
    keeping('keepPostgres', postgres),
    pull('pull', sqlite, FROM),
  ];
  await importInto(n8n, [sqlite, postgres, postgresCredential(arrivals)], [...feeds, ...others]);
  const port = await freePort();
  let server: N8nServer | undefined = await startServer(n8n, port);
  await opening(undefined, () => server?.stop());
  await setUpOwner(server);
  for (const { id } of others) await publish(server, id);
  for (const id of ['keepSqlite', 'keepPostgres']) {
    await keepTokens((path, body) => callWebhook(server!, path, body), id, bank);
  }
  const start = async () => {
    server = await startServer(n8n, port);
  };
  for (const id of ids) await publish(server, id);
  const booked = await killAtEachMoment(bank, arrivals, ids, {
    start,
    kill: async () => {
      await kill(server!);
      await arrivals.endSessions();
    },
    logs: () => readFileSync(server!.logFile, 'utf8'),
    pull: () => callWebhook(server!, 'pull'),
  });
  await start();
  const judged = await verdicts(arrivals, ids, booked, {
    pull: () => callWebhook(server!, 'pull'),
    poll: async () => {
      for (const id of ids) await unpublish(server!, id);
      await bank.clearRequests();
      for (const id of ids) await publish(server!, id);
      await untilRead(ids.length);
    },
  });
  report(ids, judged);
  judged.forEach((verdict, index) => expectPromise(verdict, ids[index]!.endsWith('Marking')));
});

it('five kills of the main process in queue mode lose nothing, and repeat nothing that was marked as processed', async () => {
  const feeds = [
    feed('queuePlain', postgres, FROM, false),
    feed('queueMarking', postgres, FROM, true),
  ];
  const ids = feeds.map(({ id }) => id);
  const others = [keeping('keep', postgres), pull('pull', postgres, FROM)];
  const n8n = await startQueueMode([postgres, postgresCredential(arrivals)], [...feeds, ...others]);
  for (const { id } of others) await n8n.publish(id);
  await keepTokens((path, body) => n8n.callWebhook(path, body), 'keep', bank);
  const start = () => n8n.startMain();
  for (const id of ids) await n8n.publish(id);
  const booked = await killAtEachMoment(bank, arrivals, ids, {
    start,
    kill: () => n8n.killMain(),
    logs: () => n8n.logs(),
    pull: () => n8n.callWebhook('pull'),
  });
  await start();
  const judged = await verdicts(arrivals, ids, booked, {
    pull: () => n8n.callWebhook('pull'),
    poll: async () => {
      for (const id of ids) await n8n.unpublish(id);
      await bank.clearRequests();
      for (const id of ids) await n8n.publish(id);
      await untilRead(ids.length);
    },
  });
  report(ids, judged);
  judged.forEach((verdict, index) => expectPromise(verdict, ids[index]!.endsWith('Marking')));
});
