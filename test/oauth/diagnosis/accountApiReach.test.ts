import { diagnoseSettings } from '../../../core/oauth/client';
import type { BankSettings } from '../../../core/profile/settings';
import { customCredential, transportFields } from '../../support/bank/credential';
import { json, raw, type Answer } from '../../support/bank/scriptedBank';
import { certificateAuthority } from '../../support/keys/certificates';
import { closeAfterTest, tcpServer, tlsServer, unusedPort } from '../../support/servers/closing';
import { startOpensslServer } from '../../support/servers/opensslServer';
import {
  startTlsServer,
  type TlsServer,
  type TlsServerOptions,
} from '../../support/servers/tlsServer';

/** A bank that accepts every client. */
let bank: TlsServer;
let settings: BankSettings;

beforeAll(async () => {
  bank = await startTlsServer({
    handle: (_, response) =>
      void response
        .writeHead(400, { 'Content-Type': 'application/json' })
        .end('{"error":"invalid_grant"}'),
  });
  settings = { ...(await customCredential(bank.url)), jwksUri: '' };
});
beforeEach(() => (bank.requests.length = 0));
afterAll(() => bank?.close());

const tested = (accountApiUrl: string, changes: BankSettings = {}) =>
  diagnoseSettings({ ...settings, accountApiUrl, ...changes });

const reached = (url: string) => `The account API at "${new URL(url).host}" answers, over TLS.`;

/** An account API that answers like this. */
const accountApi = (answer: Answer, options: TlsServerOptions = {}) =>
  tlsServer({
    ...options,
    handle: (request, response) => answer(response, request, new URLSearchParams()),
  });

it.each<[string, Answer]>([
  ['200', json(200, { Data: { Account: [] } })],
  ['204', raw(204, '')],
  ['302', (response) => void response.writeHead(302, { Location: 'https://x.example/' }).end()],
  ['401 with an empty body', raw(401, '')],
  ['403 with a web page', raw(403, '<title>Forbidden</title>', 'text/html')],
  ['404', json(404, { message: 'no route' })],
  ['429', raw(429, '')],
  ['500', raw(500, '')],
  ['503', raw(503, '')],
])('counts an account API as reached that answers %s', async (_, answer) => {
  const api = await accountApi(answer);
  const { failure, proven } = await tested(`${api.url}/aisp/accounts/`, {
    financialId: 'bank-1',
  });
  expect(failure).toBeUndefined();
  expect(proven).toContain(reached(api.url));
  expect(api.requests).toMatchObject([{ method: 'GET', url: '/aisp/accounts' }]);
  const [{ headers, client } = {}] = api.requests;
  // The certificate was shown, and no token was sent.
  expect(client).toBeTruthy();
  expect(headers).not.toHaveProperty('authorization');
  expect(headers).toMatchObject({
    accept: 'application/json',
    'x-fapi-financial-id': 'bank-1',
    'x-fapi-interaction-id': expect.stringMatching(/^[\da-f-]{36}$/) as string,
  });
});

it('asks nothing if the credential names no account API', async () => {
  const { failure, proven } = await tested('');
  expect(failure).toBeUndefined();
  expect(proven.join()).not.toContain('account API');
});

it('accepts a server that asks for no client certificate', async () => {
  const api = await accountApi(raw(401, ''), { clientCertificate: 'none' });
  const { failure, proven } = await tested(api.url);
  expect(failure).toBeUndefined();
  expect(proven).toContain(reached(api.url));
});

it.each<[string, Answer]>([
  ['says nothing', () => undefined],
  ['closes the connection', (response) => response.destroy()],
])('does not fail, and proves nothing, if the account API %s', async (_, answer) => {
  const api = await accountApi(answer);
  const { failure, proven } = await tested(api.url, { requestTimeout: 0.3 });
  expect(failure).toBeUndefined();
  expect(proven.join()).not.toContain('account API');
});

it('fails if nothing listens on the port', async () => {
  const url = `https://localhost:${await unusedPort()}/aisp`;
  const { failure, proven } = await tested(url);
  expect(failure).toMatchObject({
    code: 'host-unreachable',
    message: expect.stringMatching(
      /^"localhost:\d+" \("Account API URL" in the credential\) cannot be reached from here/,
    ) as string,
  });
  expect(proven.at(-1)).toContain('refused nothing but a made-up code');
});

it('fails if the name does not resolve', async () => {
  // A label beyond 63 characters (RFC 1035 §2.3.4) fails without a query.
  const { failure } = await tested(`https://${'a'.repeat(64)}.localhost/aisp`);
  expect(failure).toMatchObject({
    code: 'host-unreachable',
    message: expect.stringContaining('.localhost" ("Account API URL" in the credential)') as string,
  });
});

it('fails if the port does not speak TLS', async () => {
  const plain = await tcpServer((socket) =>
    socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
  );
  const { failure } = await tested(`https://localhost:${plain.port}/aisp`);
  expect(failure).toMatchObject({
    code: 'tls-handshake-failed',
    message: expect.stringContaining('does not speak TLS on this port') as string,
  });
});

it('fails if the connection does not stand within "Connect Timeout"', async () => {
  const silent = await tcpServer(() => undefined);
  const { failure } = await tested(`https://localhost:${silent.port}/aisp`, {
    connectTimeout: 0.3,
  });
  expect(failure).toMatchObject({
    code: 'host-unreachable',
    message: expect.stringContaining('did not accept a connection in time') as string,
  });
});

it('fails if the certificate of the account API comes from an unknown authority', async () => {
  const other = await certificateAuthority('Another Root');
  const certificate = await other.issue({ usage: 'server', key: 'rsa' });
  const api = await accountApi(raw(401, ''), { certificate });
  const { failure } = await tested(api.url);
  expect(failure).toMatchObject({ code: 'server-certificate-unknown-authority' });
});

it.each(['-tls1_2', '-tls1_3'])(
  'fails if the account API refuses the client certificate, %s',
  async (version) => {
    const api = await startOpensslServer(version);
    closeAfterTest(() => api.close());
    const foreign = await certificateAuthority('Another Root');
    const { certificate, privateKey } = await foreign.issue({ usage: 'client', key: 'rsa' });
    const keys = { transportCertificate: certificate, transportPrivateKey: privateKey };
    // The token endpoint asks for no certificate, so it does not refuse this one.
    const tokenServer = await tlsServer({
      clientCertificate: 'none',
      handle: (_, response) =>
        void response
          .writeHead(400, { 'Content-Type': 'application/json' })
          .end('{"error":"invalid_grant"}'),
    });
    const { failure } = await tested(`${api.url}/aisp`, {
      ...keys,
      tokenEndpoint: `${tokenServer.url}/token`,
    });
    expect(failure).toMatchObject({
      code: 'client-certificate-refused',
      message: expect.stringContaining('("Account API URL" in the credential) refused') as string,
    });
  },
);

it('accepts a certificate that the account API accepts', async () => {
  const api = await startOpensslServer('-tls1_3');
  closeAfterTest(() => api.close());
  const { failure } = await tested(`${api.url}/aisp`, await transportFields());
  expect(failure).toBeUndefined();
});

it('asks after the client was accepted, not before', async () => {
  const api = await accountApi(raw(401, ''));
  const { failure } = await tested(api.url, { tokenEndpoint: `https://localhost:1/token` });
  expect(failure!.message).toContain('"Token Endpoint" in the credential');
  expect(api.requests).toEqual([]);
});
