/**
 * The bank of the benchmark, in a process of its own: a token endpoint, pages of accounts, and an account API, over
 * mutual TLS 1.3.
 *
 * Its own time is part of every figure, so it does little: it parses HTTP/1.1 itself, and reads bodies with `Content-Length` only. It is
 * plain JavaScript, so that Node.js loads it without a compiler.
 *
 * Each connection needs the client certificate. A token request needs all its parameters. The bank verifies assertions only while
 * {@link verifying} is true, which is before and after the measured rounds. In a measured round, the time that the bank needs to verify
 * would hide differences between contenders.
 *
 * A message `prepare` makes pages of the account API ready: see `accountApi.mjs`.
 *
 * With `delay`, it answers after that number of milliseconds. With `isStrict`, it accepts a refresh token once, as banks do that rotate.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:tls';
import { prepareAccount, prepareConsents, readyAnswer } from './accountApi.mjs';
import { assertionFault } from './assertionFault.mjs';

const { files, clientId, keyId, pages, delay, isStrict } = JSON.parse(process.argv[2]);
const clientCertificate = readFileSync(files.clientCertificate, 'utf8');

let verifying = false;
let lifetime = 3600;
let tokenRequests = 0;
let refusals = 0;
let accountPages = 0;
let dataRequests = 0;
let connections = 0;
let url = '';

/** Refresh tokens that were used. Filled only if the bank is strict. */
const spent = new Set();

const HEAD_END = Buffer.from('\r\n\r\n');

const server = createServer(
  {
    cert: readFileSync(files.serverCertificate),
    key: readFileSync(files.serverKey),
    ca: readFileSync(files.certificateAuthority),
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.3',
    maxVersion: 'TLSv1.3',
  },
  (socket) => {
    connections++;
    socket.setNoDelay(true);
    let received = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      for (;;) {
        const headEnd = received.indexOf(HEAD_END);
        if (headEnd < 0) return;
        const head = received.toString('latin1', 0, headEnd);
        const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
        const end = headEnd + HEAD_END.length + length;
        if (received.length < end) return;
        const body = received.toString('latin1', headEnd + HEAD_END.length, end);
        received = received.subarray(end);
        if (delay) setTimeout(answer, delay, socket, head, body);
        else answer(socket, head, body);
      }
    });
    socket.on('error', () => socket.destroy());
  },
);

/** @param head request line and header fields */
function answer(socket, head, body) {
  const [method, target] = head.slice(0, head.indexOf('\r\n')).split(' ');
  const closes = /^connection: *close/im.test(head);
  const bytes = dataAnswer(method, head, target);
  if (bytes) {
    socket.write(bytes);
    if (closes) socket.end();
    return;
  }
  const [status, json] =
    method === 'POST' && target === '/token'
      ? tokenAnswer(body)
      : method === 'GET' && target.startsWith('/accounts')
        ? accountsAnswer(head, target)
        : [404, { error: 'not_found' }];
  const text = JSON.stringify(json);
  socket.write(
    `HTTP/1.1 ${status} OK\r\nContent-Type: application/json\r\nCache-Control: no-store\r\n` +
      `Content-Length: ${Buffer.byteLength(text)}\r\n${closes ? 'Connection: close\r\n' : ''}\r\n${text}`,
  );
  if (closes) socket.end();
}

/** The bytes of an answer of the account API that was made ready. */
function dataAnswer(method, head, target) {
  if (method !== 'GET' || !/^authorization: *Bearer at-/im.test(head)) return undefined;
  const bytes = readyAnswer(head, target);
  if (bytes) dataRequests++;
  return bytes;
}

/** Answers with a new refresh token, and with an access token that contains the old one. */
function tokenAnswer(body) {
  tokenRequests++;
  const form = new URLSearchParams(body);
  const refreshToken = form.get('refresh_token');
  const assertion = form.get('client_assertion');
  if (form.get('grant_type') !== 'refresh_token' || !refreshToken || !assertion) {
    return [400, { error: 'invalid_request' }];
  }
  if (verifying) {
    const fault = assertionFault(assertion, {
      clientCertificate,
      clientId,
      keyId,
      audience: `${url}/token`,
    });
    if (fault) return [401, { error: 'invalid_client', error_description: fault }];
  }
  if (isStrict) {
    if (spent.has(refreshToken)) {
      refusals++;
      return [400, { error: 'invalid_grant' }];
    }
    spent.add(refreshToken);
  }
  return [
    200,
    {
      access_token: `at-${refreshToken}`,
      token_type: 'Bearer',
      expires_in: lifetime,
      refresh_token: `${refreshToken}-next`,
      scope: 'accounts',
    },
  ];
}

/** Answers with one page of accounts and the link to the next page. */
function accountsAnswer(head, target) {
  if (!/^authorization: *Bearer at-/im.test(head)) return [401, {}];
  accountPages++;
  const page = Number(new URLSearchParams(target.split('?')[1]).get('page') ?? 1);
  const account = { AccountId: String(page), Currency: 'EUR', AccountSubType: 'CurrentAccount' };
  const links = page < pages ? { Next: `${url}/accounts?page=${page + 1}` } : {};
  return [200, { Data: { Account: [account] }, Links: links }];
}

process.on('message', (message) => {
  if (message.verifying !== undefined) ({ verifying } = message);
  if (message.lifetime !== undefined) ({ lifetime } = message);
  for (const { base, account, newest } of message.prepare ?? []) {
    if (account) prepareAccount(base, account, newest);
    else prepareConsents(base, newest);
  }
  process.send({ tokenRequests, refusals, accountPages, dataRequests, connections });
});
process.once('disconnect', () => process.exit());

server.listen(0, '127.0.0.1', () => {
  // With a host name, clients would resolve it first, and try ::1.
  url = `https://127.0.0.1:${server.address().port}`;
  process.send({ url });
});
