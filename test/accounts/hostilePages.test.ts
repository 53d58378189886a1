import { gzipSync } from 'node:zlib';
import { everythingOf } from '../support/failure';
import { startTlsServer, type TlsServer } from '../support/servers/tlsServer';
import {
  BASE,
  openHostileBank,
  page,
  row,
  send,
  TOKEN,
  type Handler,
  type HostileBank,
} from './hostileBank';

let bank: HostileBank;
let elsewhere: TlsServer;

const LIST = '/accounts/A-1/transactions';
const SECOND = `${LIST}?page=2`;

beforeAll(async () => {
  [bank, elsewhere] = await Promise.all([openHostileBank(), startTlsServer()]);
});

afterAll(() => Promise.all([bank?.close(), elsewhere?.close()]));

/** Two pages: a good one, and one that a test gives. */
function withSecond(second: Handler, next = `${bank.base}${SECOND}`): void {
  bank.answers = { [LIST]: send(page([row()], next)), [SECOND]: second };
  bank.asked();
}

const MEGABYTE = 1024 * 1024;

describe('a second page that cannot be used does not cost the rows of the first', () => {
  it.each<[string, Handler, string, number]>([
    [
      'is a web page',
      send('<html><h1>Sign in</h1></html>', 200, { 'content-type': 'text/html' }),
      'data-missing',
      1,
    ],
    ['is a text', send('OK'), 'data-missing', 1],
    [
      'is JSON that is cut off',
      send(page([row({ TransactionId: 'T2' })]).slice(0, -40)),
      'data-missing',
      1,
    ],
    ['is a list', send('[1,2]'), 'data-missing', 1],
    ['is null', send('null'), 'data-missing', 1],
    ['is a number', send('17'), 'data-missing', 1],
    ['has no Data', send('{"message":"OK"}'), 'data-missing', 1],
    [
      'has the data of another resource',
      send('{"Data":{"Account":[{"AccountId":"A-1"}]}}'),
      'data-missing',
      1,
    ],
    ['has text where a list belongs', send('{"Data":{"Transaction":"none"}}'), 'data-missing', 1],
    [
      'is an error in the form of v3.1 with status 200',
      send('{"Code":"400","Errors":[{"ErrorCode":"UK.OBIE.Field.Invalid"}]}'),
      'data-missing',
      1,
    ],
    ['has 17 MiB', send(Buffer.alloc(17 * MEGABYTE, 0x20)), 'page-too-large', 1],
    [
      'has 17 MiB after unpacking',
      send(gzipSync(Buffer.alloc(17 * MEGABYTE, 0x20)), 200, { 'content-encoding': 'gzip' }),
      'page-too-large',
      1,
    ],
    [
      'is gzip that is cut off',
      send(gzipSync(page([row({ TransactionId: 'T2' })])).subarray(0, 60), 200, {
        'content-encoding': 'gzip',
      }),
      'response-unexpected',
      1,
    ],
    ['breaks off each time', breakOff, 'connection-lost', 3],
    [
      'is a redirect to another server',
      (response) => response.writeHead(302, { location: `${elsewhere.url}${BASE}${SECOND}` }).end(),
      'api-address-wrong',
      1,
    ],
    [
      'says that the consent has ended',
      send(
        '{"Code":"403 Forbidden","Errors":[{"ErrorCode":"UK.OBIE.Resource.InvalidConsentStatus","Message":"ended"}]}',
        403,
      ),
      'consent-not-accepted',
      1,
    ],
    [
      'says in v4.0 that the consent has ended',
      send('{"Errors":[{"ErrorCode":"U009"}]}', 403),
      'consent-not-accepted',
      1,
    ],
    [
      'wants the customer again',
      send('{"Id":"e-1","Errors":[{"ErrorCode":"U028"}]}', 403),
      'reauthentication-needed',
      1,
    ],
    ['is 401', send('', 401), 'token-not-accepted', 1],
    ['is 500 each time', send('', 500), 'api-unavailable', 3],
    ['is a limit of a day', send('', 429, { 'retry-after': '86400' }), 'api-limit-reached', 1],
  ])('%s', async (_name, second, code, requests) => {
    withSecond(second);
    const { rows, failure } = await bank.pull();
    expect(rows).toMatchObject([{ transaction_id: 'T1', amount: '-12.50' }]);
    expect(failure?.code).toBe(code);
    expect(failure!.description).not.toBe('');
    expect(failure!.text).toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
    expect(everythingOf(failure!)).not.toContain(TOKEN);
    expect(bank.asked()).toEqual([LIST, ...Array<string>(requests).fill(SECOND)]);
    expect(elsewhere.requests).toEqual([]);
  });
});

/** Sends a part of the body that the header announces, and closes the connection. */
function breakOff(...[response]: Parameters<Handler>): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"Data":');
  setImmediate(() => response.destroy());
}

describe('links to next pages', () => {
  it('to another server are followed at the own one, with a remark, if they are of the same resource', async () => {
    withSecond(send(page([row({ TransactionId: 'T2' })])), `${elsewhere.url}/other/aisp${SECOND}`);
    const { rows, failure, remarks } = await bank.pull();
    expect(failure).toBeUndefined();
    expect(rows).toMatchObject([{ transaction_id: 'T1' }, { transaction_id: 'T2' }]);
    expect(remarks).toEqual([expect.stringContaining(elsewhere.url)]);
    expect(bank.asked()).toEqual([LIST, SECOND]);
    expect(elsewhere.requests).toEqual([]);
    expect(elsewhere.connections.opened).toBe(0);
  });

  it.each([
    ['another resource', () => `${bank.base}/accounts?page=2`],
    ['another account', () => `${bank.base}/accounts/A-11/transactions?page=2`],
    [
      'an account whose ID ends like the own one',
      () => `${bank.base}/accounts/XA-1/transactions?page=2`,
    ],
    ['balances', () => `${bank.base}/accounts/A-1/balances?page=2`],
    ['the resource in the query of another', () => `${bank.base}/accounts?x=${LIST}`],
    ['the resource in a fragment', () => `${bank.base}/accounts#${LIST}`],
    ['the token endpoint', () => `${bank.url}/token`],
    ['a file', () => 'file:///etc/passwd'],
    ['a script', () => 'javascript:alert(1)'],
    ['nowhere', () => 'https://['],
    ['a number', () => 2 as unknown as string],
    ['an object', () => ({ href: 'x' }) as unknown as string],
  ])('to %s are refused', async (_name, link) => {
    withSecond(send(page([])), link());
    const { rows, failure } = await bank.pull();
    expect(rows).toHaveLength(1);
    expect(failure?.code).toBe('next-page-elsewhere');
    expect(bank.asked()).toEqual([LIST]);
  });

  it.each([
    ['with a password', (url: string) => url.replace('https://', 'https://user:secret@')],
    ['without TLS', (url: string) => url.replace('https:', 'http:')],
    ['with steps up in the path', (url: string) => url.replace(BASE, `${BASE}/x/..`)],
  ])('%s are read over TLS at the own address, without what is odd in them', async (_name, odd) => {
    withSecond(send(page([row({ TransactionId: 'T2' })])), odd(`${bank.base}${SECOND}`));
    const { rows } = await bank.pull();
    expect(rows).toHaveLength(2);
    expect(bank.asked()).toEqual([LIST, SECOND]);
  });

  it('with line breaks add no header to the request', async () => {
    const link = `${bank.base}${LIST}?page=2\r\nx-evil: 1\r\n\r\nGET / HTTP/1.1`;
    bank.answers = { [LIST]: send(page([row()], link)) };
    await bank.pull();
    const [, second] = bank.requests.splice(0);
    expect(second?.headers).not.toHaveProperty('x-evil');
  });
});

describe('pages without an end', () => {
  it('end at a last page that names itself: its rows come once', async () => {
    withSecond(send(page([row({ TransactionId: 'T2' })], `${bank.base}${SECOND}`)));
    const { rows, failure, remarks } = await bank.pull();
    expect(rows).toMatchObject([{ transaction_id: 'T1' }, { transaction_id: 'T2' }]);
    expect(failure).toBeUndefined();
    expect(remarks).toHaveLength(1);
    expect(bank.asked().length).toBeLessThanOrEqual(3);
  });

  it('fail if they go in a circle, with the rows that were read', async () => {
    withSecond(send(page([row({ TransactionId: 'T2' })], `${bank.base}${LIST}?page=3`)));
    bank.answers[`${LIST}?page=3`] = send(
      page([row({ TransactionId: 'T3' })], `${bank.base}${SECOND}`),
    );
    const { rows, failure } = await bank.pull();
    expect(rows).toHaveLength(3);
    expect(failure?.code).toBe('pages-endless');
    expect(bank.asked().length).toBeLessThanOrEqual(8);
  });

  it('end if the bank gives the first page under each new link', async () => {
    let count = 0;
    const again: Handler = (response, request) => {
      count += 1;
      bank.answers[`${LIST}?page=${count + 1}`] = again;
      send(page([row()], `${bank.base}${LIST}?page=${count + 1}`))(response, request);
    };
    bank.answers = { [LIST]: again };
    const { rows, failure } = await bank.pull();
    expect(rows).toHaveLength(1);
    expect(failure?.code).toBe('pages-endless');
    expect(count).toBeLessThan(20);
  });
});
