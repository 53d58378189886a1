import { once } from 'node:events';
import { setTimeout as after } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { limitSilence, limitTime, limitWorkingTime } from '../../core/transport/timeLimit';
import {
  certificateAuthority,
  clientIdentity,
  serverCertificate,
} from '../support/keys/certificates';
import { closeAfterTest } from '../support/servers/closing';
import { failedPost, post } from './attempt';

/** A server that goes on while this process stands still. It answers after some milliseconds. */
async function serverInThread(delay: number) {
  const { certificate: cert, privateKey: key } = await serverCertificate();
  const ca = (await certificateAuthority()).certificate;
  const script = `
    const { parentPort, workerData: { delay, ...tls } } = require('node:worker_threads');
    const server = require('node:https').createServer(tls, (request, response) => {
      request.resume().on('end', () => setTimeout(() => response.end('{"ok":true}'), delay));
      parentPort.postMessage('request');
    });
    server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));`;
  const workerData = { delay, cert, key, ca, requestCert: true };
  const worker = new Worker(script, { eval: true, workerData });
  closeAfterTest(async () => void (await worker.terminate()));
  const [port] = (await once(worker, 'message')) as [number];
  return { url: `https://localhost:${port}`, request: () => once(worker, 'message') };
}

/** Lets this process stand still. */
function standStill(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

const timeouts = { connect: 5000, request: 2000 };

describe('a time limit that runs out while this process stands still', () => {
  test('does not cost an answer that lies in the socket by then', async () => {
    const { url, request } = await serverInThread(500);
    const pending = post(url, { timeouts });
    await request();
    standStill(timeouts.request + 100);
    expect(String((await pending).body)).toBe('{"ok":true}');
  });

  test('ends an exchange whose answer does not lie there', async () => {
    const { url, request } = await serverInThread(20_000);
    const pending = failedPost(url, { timeouts });
    await request();
    standStill(timeouts.request + 100);
    expect(await pending).toMatchObject({ code: 'timeout', outcome: 'unknown' });
  });

  test('does not cost a connection that was being made', async () => {
    const { url } = await serverInThread(0);
    const identity = await clientIdentity();
    const pending = post(url, { identity, timeouts: { connect: 500, request: 5000 } });
    // The connection is begun in this turn.
    standStill(1500);
    expect((await pending).status).toBe(200);
  });
});

describe.each([
  ['limitTime', limitTime],
  ['limitWorkingTime', limitWorkingTime],
])('%s', (_name, limit) => {
  test.each([0, 100, 600])('runs out after %d ms', async (milliseconds) => {
    const started = performance.now();
    await new Promise<void>((done) => limit(milliseconds, done));
    const passed = performance.now() - started;
    expect(passed).toBeGreaterThan(milliseconds - 5);
    expect(passed).toBeLessThan(milliseconds + 5_000);
  });

  test.each([0, 100, 300])('does not run out if it is ended after %d ms', async (milliseconds) => {
    let hasExpired = false;
    const end = limit(350, () => (hasExpired = true));
    await after(milliseconds);
    end();
    await after(450 - milliseconds);
    expect(hasExpired).toBe(false);
  });

  test('does not run out if it is ended between the timer and the function', async () => {
    let hasExpired = false;
    const end = limit(20, () => (hasExpired = true));
    // It runs right after the timer of the limit, which is due at the same time.
    setTimeout(end, 20);
    await after(100);
    expect(hasExpired).toBe(false);
  });
});

describe('limitSilence', () => {
  test('runs out after a time without a sign of life', async () => {
    const started = performance.now();
    await new Promise<void>((done) => limitSilence(100, done));
    expect(performance.now() - started).toBeGreaterThan(95);
  });

  test('begins again with each sign of life', async () => {
    let hasExpired = false;
    const limit = limitSilence(400, () => (hasExpired = true));
    for (let i = 0; i < 10; i++) {
      await after(60);
      limit.heard();
    }
    expect(hasExpired).toBe(false);
    while (!hasExpired) await after(20);
  });

  test('does not run out after its end', async () => {
    let hasExpired = false;
    const limit = limitSilence(50, () => (hasExpired = true));
    limit.heard();
    limit.end();
    await after(150);
    expect(hasExpired).toBe(false);
  });
});
