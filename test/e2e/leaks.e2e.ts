import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { endAll } from '../../demo/processes';
import { freePort } from '../../demo/ports';
import { certificateAuthority } from '../support/keys/certificates';
import { startTlsServer, type TlsServer } from '../support/servers/tlsServer';
import { bankKinds } from './leaks/bankKinds';
import { credentialKinds } from './leaks/credentialKinds';
import { dataKinds } from './leaks/dataKinds';
import { startFakePostgres, type FakePostgres } from './leaks/fakePostgres';
import { letCustomerConsent } from './leaks/customer';
import { encodingNames } from './leaks/encodings';
import { HostileBank } from './leaks/hostileBank';
import { markedIdentity, markedWord } from './leaks/identity';
import type { Kind } from './leaks/kinds';
import { Marks } from './leaks/marks';
import { isPlanted, plant, plantedKind, plantedNode, plantedPlaces } from './leaks/planted';
import { everyPlace } from './leaks/places';
import { requestKinds } from './leaks/requestKinds';
import {
  credentialData,
  outputsByDesign,
  prepare,
  runInEditor,
  runPublished,
  type PreparedKind,
} from './leaks/runs';
import { Search, type Hit, type Place } from './leaks/search';
import { secretKinds } from './leaks/secretKinds';
import { WatchedN8n, type StoredExecution } from './leaks/watchedN8n';
import { node, row } from './workflows';

const marks = new Marks();
let bank: HostileBank;
let proxy: Server;
let postgres: FakePostgres;
const servers: TlsServer[] = [];
let watched: WatchedN8n;
let kinds: PreparedKind[];
let executions: StoredExecution[];
let planted: PreparedKind;
let received: string;
let places: Place[];
let hits: Hit[];

beforeAll(async () => {
  bank = await HostileBank.open(marks);
  postgres = await startFakePostgres();
  proxy = createServer().on('connect', (_request, socket) =>
    socket.end('HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n'),
  );
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  const identity = await markedIdentity(marks);
  const authority = await certificateAuthority('Unknown CA');
  const untrusted = await authority.issue({ usage: 'server' });
  servers.push(
    await startTlsServer({ minVersion: 'TLSv1.3', ciphers: 'TLS_AES_128_CCM_SHA256' }),
    await startTlsServer({ certificate: untrusted }),
    await startTlsServer(),
  );
  const [refusing, unknown, foreign] = servers as [TlsServer, TlsServer, TlsServer];
  const password = markedWord(marks, 'the password of the proxy');
  const proxyPort = (proxy.address() as AddressInfo).port;
  watched = await WatchedN8n.start({
    HTTPS_PROXY: `http://user:${password}@127.0.0.1:${proxyPort}`,
    NO_PROXY: 'localhost',
  });
  const secret = markedWord(marks, 'the password of PostgreSQL');
  const all: Kind[] = [
    ...bankKinds,
    ...secretKinds(identity),
    ...(await credentialKinds(identity, {
      closedPort: await freePort(),
      ...{ refusing: refusing.url, untrusted: unknown.url },
      proxied: `https://127.0.0.1:${bank.port}`,
      postgres: {
        'a wrong password': `postgres://user:${secret}@localhost:${postgres.port}/n8n?sslmode=disable`,
        'a malformed port': `postgres://user:${secret}@localhost:port/n8n`,
        'a malformed escape': `postgres://user:${secret}%ZZ@localhost/n8n`,
        'no scheme': `user:${secret}@localhost/n8n`,
        'another scheme': `https://user:${secret}@localhost/n8n`,
      },
    })),
    ...requestKinds(bank, `${foreign.url}/elsewhere`),
    ...dataKinds(bank),
  ];
  const failed = await watched.createWorkflow(
    row('Error workflow', [node('On error', 'n8n-nodes-base.errorTrigger', 1, {})]),
  );
  kinds = [];
  for (const [index, kind] of all.entries()) {
    const onError = index % 3 === 1 ? 'continueErrorOutput' : 'continueRegularOutput';
    const preparation = index % 3 ? { onError } : { errorWorkflow: failed.id };
    kinds.push(await prepare(watched, bank, identity, kind, preparation));
  }
  await inTurns(kinds, async (kind) => {
    await runInEditor(watched, kind, 'stopping');
    if (kind.isPublished) await runPublished(watched, kind);
    else await runInEditor(watched, kind, 'going on');
    if (!kind.credential) return;
    await watched.send('POST', '/rest/credentials/test', {
      credentials: {
        ...{ id: randomUUID(), name: kind.name, type: 'openBankingApi' },
        data: credentialData(bank, identity, kind),
      },
    });
  });
  received = await letCustomerConsent(watched, bank, identity);
  planted = await prepare(watched, bank, identity, plantedKind, { after: plantedNode });
  await runInEditor(watched, planted, 'stopping');
  await plant(watched, bank);
  executions = await watched.executions();
  for (const { id } of executions.filter((_, index) => index % 4 === 0).concat(ofPlanted())) {
    await watched.call('GET', `/rest/executions/${id}?includeData=true`);
  }
  places = await everyPlace(watched, outputsByDesign);
  const search = new Search(marks.all);
  hits = places.flatMap((place) => search.in(place));
});

afterAll(async () => {
  await watched?.stop();
  await endAll();
  await bank?.close();
  await postgres?.close();
  await Promise.all(servers.map((server) => server.close()));
  proxy?.close();
});

/** Does work for each of some things, a few of them at once. */
async function inTurns<T>(things: T[], work: (thing: T) => Promise<void>): Promise<void> {
  const left = [...things];
  const worker = async () => {
    for (let next = left.shift(); next; next = left.shift()) await work(next);
  };
  await Promise.all([1, 2, 3, 4].map(worker));
}

const ended = ({ workflow }: PreparedKind) =>
  executions.filter(({ workflowId }) => workflowId === workflow.id);
const ofPlanted = () => ended(planted);

it('runs each kind of success and failure, and n8n stores all of it', () => {
  const failing = kinds.filter(({ fails }) => fails);
  expect(failing.length).toBeGreaterThan(30);
  const outcome = (kind: PreparedKind, mode: string) =>
    ended(kind)
      .filter((one) => one.mode === mode)
      .map(({ status }) => status);
  const status = ({ fails }: Kind) => (fails ? 'error' : 'success');
  const goingOn = ({ failsAnyway }: Kind) => (failsAnyway ? 'error' : 'success');
  expect(kinds.map((kind) => [kind.name, outcome(kind, 'manual').sort()])).toEqual(
    kinds.map((kind) => [kind.name, [status(kind), ...(kind.isPublished ? [] : [goingOn(kind)])]]),
  );
  const published = kinds.filter(({ isPublished }) => isPublished);
  expect(published.map((kind) => [kind.name, outcome(kind, 'webhook')])).toEqual(
    published.map((kind) => [kind.name, [status(kind)]]),
  );
  const errors = published.filter(({ fails }) => fails);
  expect(executions.filter(({ mode }) => mode === 'error')).toHaveLength(errors.length);
  // Of the answers of the customer, one is genuine.
  expect(executions.filter(({ workflowId }) => workflowId === received)).toEqual([
    expect.objectContaining({ status: 'success' }),
  ]);
});

it('leaves no secret in any place outside of the outputs of token operations', () => {
  const found = hits.filter((hit) => !isPlanted(hit));
  // A few of them: a leak has many.
  expect(found.slice(0, 20)).toEqual([]);
});

it.each(Object.entries(plantedPlaces))('finds a secret in %s, in each form', (_, place) => {
  const found = hits.filter((hit) => hit.mark === 'planted secret' && place.test(hit.place));
  expect([...new Set(found.map(({ encoding }) => encoding))].sort()).toEqual(
    [...encodingNames].sort(),
  );
});

it('finds a token that a workflow copies into another output', () => {
  const found = hits.filter(({ mark }) => mark === 'planted token').map(({ place }) => place);
  for (const place of [
    /^cell execution_data/,
    /^GET \/rest\/executions/,
    /^push message nodeExec/,
  ]) {
    expect(found).toContainEqual(expect.stringMatching(place));
  }
});
