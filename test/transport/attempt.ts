import type { TlsIdentity, Timeouts } from '../../core/transport/identity';
import { send, type HttpResponse } from '../../core/transport/send';
import { clientIdentity } from '../support/certificates';
import { expectNoSecret, failureOf } from '../support/failure';

/** A body with a value that no error may show. */
export const BODY = 'grant_type=refresh_token&refresh_token=9d1f-secret-refresh-token';

/** Shorter than in production, so that a test that waits is quick. */
export const TIMEOUTS: Timeouts = { connect: 5000, request: 5000 };

/** How a request is sent. */
export interface Attempt {
  identity?: TlsIdentity;
  timeouts?: Timeouts;
  method?: 'GET' | 'POST';
}

/** Sends a token request, with an identity of its own if none is given. */
export async function post(
  url: string,
  { identity, timeouts = TIMEOUTS, method = 'POST' }: Attempt = {},
): Promise<HttpResponse> {
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const body = method === 'POST' ? BODY : undefined;
  return send({ method, url, headers, body }, identity ?? (await clientIdentity()), timeouts);
}

/** What a token request fails with: its code, stage and outcome. Fails itself where the error holds a secret. */
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
