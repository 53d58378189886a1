import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { TlsIdentity, Timeouts } from '../../core/transport/identity';
import { send, type HttpRequest, type HttpResponse } from '../../core/transport/send';
import { clientIdentity } from '../support/keys/certificates';
import { expectNoSecret, failureOf } from '../support/failure';

/** A body with a value that no error may show. */
export const BODY = 'grant_type=refresh_token&refresh_token=9d1f-secret-refresh-token';

/** Shorter than in production, so that a test that waits is quick. */
export const TIMEOUTS: Timeouts = { connect: 5000, request: 5000 };

/** Options of a request. */
export interface Attempt {
  identity?: TlsIdentity;
  timeouts?: Timeouts;
  method?: 'GET' | 'POST';
  isWanted?: HttpRequest['isWanted'];
  needsNewConnection?: boolean;
  beforeHandOver?: HttpRequest['beforeHandOver'];
  reach?: HttpRequest['reach'];
}

/** Sends a token request, with an identity of its own if none is given. */
export async function post(
  url: string,
  { identity, timeouts = TIMEOUTS, method = 'POST', ...wishes }: Attempt = {},
): Promise<HttpResponse> {
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const body = method === 'POST' ? BODY : undefined;
  return send(
    { method, url, headers, body, ...wishes },
    identity ?? (await clientIdentity()),
    timeouts,
  );
}

/**
 * Sends a request in a process of its own, where Node.js is told to accept every certificate.
 *
 * @returns the status of the answer, or the code of the failure
 */
export async function postWithoutVerification(
  url: string,
  identity: TlsIdentity,
  environment: NodeJS.ProcessEnv = {},
): Promise<string> {
  const request = { method: 'POST', url, headers: {}, body: BODY };
  const parameters = [request, identity, TIMEOUTS].map((value) => JSON.stringify(value)).join();
  const script = `
    const { send } = require('./core/transport/send');
    send(${parameters})
      .then(({ status }) => console.log(status), ({ code }) => console.log(code))
      .finally(() => process.exit());`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--no-warnings', '--require', 'tsx/cjs', '-e', script],
    {
      cwd: resolve(__dirname, '../..'),
      env: { ...process.env, NODE_TLS_REJECT_UNAUTHORIZED: '0', ...environment },
    },
  );
  return stdout.trim();
}

/** The code, stage and outcome of a token request that fails. Throws if the error shows a secret. */
export async function failedPost(url: string, attempt: Attempt = {}) {
  const identity = attempt.identity ?? (await clientIdentity());
  const error = await failureOf(post(url, { ...attempt, identity }));
  expectNoSecret(error, [
    BODY,
    'secret-refresh',
    identity.privateKey,
    ...(identity.passphrase ? [identity.passphrase] : []),
  ]);
  const { code, stage, outcome, message, status } = error;
  expect(message).toMatch(/^"localhost:\d+" |1 MiB|compressed|^The transport certificate/);
  return { code, stage, outcome, message, ...(status !== undefined && { status }) };
}
