import type { ServerResponse } from 'node:http';
import { GivenAccess } from '../../core/accounts/access';
import { AccountApi } from '../../core/accounts/accountApi';
import { pullOfAllAccounts, pullTransactions } from '../../core/accounts/pull';
import { Remarks } from '../../core/lib/remarks';
import { Slots } from '../../core/lib/slots';
import { createProfile } from '../../core/profile/profile';
import { customCredential } from '../support/bank/credential';
import { startTlsServer, type TlsServer } from '../support/servers/tlsServer';
import { page, row, rows } from './pageSource';

const BASE = '/grp/bb/open-banking/v4.0/aisp';

type Answers = Record<string, (response: ServerResponse) => void>;

let answers: Answers;
let server: TlsServer;
let other: TlsServer;

beforeAll(async () => {
  const handle = ({ url }: { url: string }, response: ServerResponse) => {
    const answer = answers[url.slice(BASE.length)];
    if (answer) answer(response);
    else response.writeHead(400, { 'Content-Type': 'application/json' }).end('{"Message":"Bad"}');
  };
  server = await startTlsServer({ handle });
  other = await startTlsServer();
});
beforeEach(() => {
  answers = {};
  server.requests.length = 0;
});
afterAll(async () => {
  await server?.close();
  await other?.close();
});

const json = (value: unknown) => (response: ServerResponse) =>
  void response.setHeader('Content-Type', 'application/json').end(JSON.stringify(value));

const requested = () => server.requests.map(({ url }) => url.slice(BASE.length));

async function request(simplify = true) {
  const settings = { ...(await customCredential(server.url)), accountApiUrl: server.url + BASE };
  const pause = () => Promise.resolve();
  const api = new AccountApi(await createProfile(settings), new GivenAccess('token-1'), { pause });
  return { api, origin: {}, simplify, remarks: new Remarks() };
}

it('sends nothing to the host that a link names, and reads the next page at the own address', async () => {
  const path = '/accounts/A-1/transactions';
  answers[path] = json(
    page(rows('T1'), `${other.url}/grp/aa/open-banking/v4.0/aisp${path}?page=2`),
  );
  answers[`${path}?page=2`] = json(
    page(rows('T2'), `${server.url.replace('https', 'http')}${path}?page=3`),
  );
  answers[`${path}?page=3`] = json(page(rows('T3')));
  const given = await request();
  const { rows: items, failure } = await pullTransactions(given, 'A-1', { status: 'booked' });
  expect(failure).toBeUndefined();
  expect(items).toHaveLength(3);
  expect(other.connections.opened).toBe(0);
  expect(requested()).toEqual([path, `${path}?page=2`, `${path}?page=3`]);
  expect(server.connections.opened).toBe(1);
});

it('sends the query of a link as it came', async () => {
  const path = '/accounts/A-1/transactions';
  const query = 'page=pg~Zm9+Yg==~&sig=a%2Bb%2F|x&to=2026-03-02T00:00:00&b=x y';
  answers[path] = json(page(rows('T1'), `${server.url}${BASE}${path}?${query}`));
  const sent = `${path}?${query.replace(' ', '%20')}`;
  answers[sent] = answers[sent.replace('|', '%7C')] = json(page(rows('T2')));
  const { failure } = await pullTransactions(await request(), 'A-1', { status: 'booked' });
  expect(failure).toBeUndefined();
  expect(requested()[1]!.replaceAll('%7C', '|')).toBe(sent);
});

it.each([
  ['a/b+c==', 'a%2Fb%2Bc%3D%3D'],
  ['50% GBP', '50%25%20GBP'],
  ['A-1?x=1', 'A-1%3Fx%3D1'],
  ['é1', '%C3%A91'],
])('asks for the account %s, and follows each form of its links', async (id, encoded) => {
  const path = `/accounts/${encoded}/transactions`;
  answers[path] = json(page(rows('T1'), `${server.url}${BASE}${path}?p=2`));
  answers[`${path}?p=2`] = json(page(rows('T2'), `?p=3`));
  const twice = `/accounts/${encodeURIComponent(encoded)}/transactions`;
  answers[`${path}?p=3`] = json(page(rows('T3'), `${server.url}${BASE}${twice}?p=4`));
  answers[`${path}?p=4`] = json(page(rows('T4')));
  const { rows: items, failure } = await pullTransactions(await request(), id, {
    status: 'booked',
  });
  expect(failure).toBeUndefined();
  expect(items).toMatchObject(Array(4).fill({ account_id: id }));
});

it('keeps what was read of each account if the bank breaks off in the middle', async () => {
  const of = (id: string) => `/accounts/${id}/transactions`;
  answers['/accounts'] = json({ Data: { Account: [{ AccountId: 'A-1' }, { AccountId: 'A-2' }] } });
  answers[of('A-1')] = json(page([row()], '?p=2'));
  answers[`${of('A-1')}?p=2`] = (response) =>
    void response.setHeader('Content-Type', 'text/html').end('<title>Sign in</title>');
  answers[of('A-2')] = json(page(rows('T2')));
  const given = await request();
  const results = await pullOfAllAccounts(
    given,
    (id, limit) => pullTransactions(given, id, { status: 'all', limit }),
    { slots: new Slots(5), continues: true },
  );
  const [, , broken] = server.requests.filter(({ url }) => !url.includes('A-2'));
  expect(results).toMatchObject([
    { accountId: 'A-1', rows: [{ transaction_id: 'T1' }], failure: { code: 'data-missing' } },
    { accountId: 'A-2', rows: [{ transaction_id: 'T2' }] },
  ]);
  expect(results[0]!.failure!.message).toContain('Sign in');
  expect(results[0]!.failure!.description).toContain(broken!.headers['x-fapi-interaction-id']);
});
