import fc from 'fast-check';
import { readTokenResponse } from '../../core/oauth/grants/tokenResponse';
import { bankError } from '../../core/oauth/messages/errorResponse';
import type { HttpResponse } from '../../core/transport/answer';
import { itHolds, reportCounts, runCase } from './caseOf';
import { changed } from './changes/change';
import { echo } from './changes/echo';
import { bytesOf, framingOf } from './changes/framing';
import { jsonChange, jsonOf, textOf } from './changes/json';
import { textChange } from './changes/text';
import { RefreshOverTls } from './refreshOverTls';
import { SecretPieces } from './secretPieces';

/** Values of the request that a server repeats in a refusal. */
const SECRETS = ['Qx7vK2mZ9tR4wY8bN3cF6hJ1', 'uG5dL0pS-7kW_3xVfT9aE2yB8nM4qC6r'];
const secrets = new SecretPieces(SECRETS);

const bank = new RefreshOverTls();

beforeAll(() => bank.open());
afterAll(() => bank.close());

reportCounts('echoes');

const anyStatus = fc.constantFrom(200, 201, 400, 401, 403, 404, 429, 500, 503);

/** Refusals of authorization servers and gateways, with a place for words. */
const refusals: ((words: string) => unknown)[] = [
  (words) => ({ error: 'invalid_grant', error_description: words }),
  (words) => ({ error: words, error_description: 'refused' }),
  (words) => ({ fault: { code: 900908, message: 'Forbidden', description: words } }),
  (words) => ({ errors: [{ code: '900901', message: words, description: words }] }),
  (words) => ({ code: 'x', message: 'y', Errors: [{ ErrorCode: 'UK.OBIE', Message: words }] }),
  (words) => ({ type: 'about:blank', title: 'Bad', status: 400, detail: words }),
  (words) => ({ tppMessages: [{ category: 'ERROR', code: 'X', text: words }] }),
  (words) => ({ fault: { faultstring: words, detail: { errorcode: 'x' } } }),
  (words) => ({ httpCode: '401', httpMessage: 'Unauthorized', moreInformation: words }),
  (words) => ({ timestamp: 1, status: 401, error: 'Unauthorized', message: words, path: '/t' }),
];

/** Reads a refusal of the token endpoint, and one of any other endpoint. */
async function expectNothingShown(status: number, text: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response: HttpResponse = {
    ...{ status, headers, body: Buffer.from(text), receivedAt: new Date() },
  };
  const read = () => readTokenResponse(response, SECRETS).remarks;
  await runCase(text, secrets, read, (remarks) => remarks);
  const refused = () => Promise.reject(bankError(response, SECRETS));
  await runCase(text, secrets, refused, () => '');
}

itHolds({
  title: 'a refusal with changed JSON that repeats a value of the request does not show it',
  share: 0.2,
  input: fc.tuple(
    fc.nat(refusals.length - 1),
    fc.constantFrom(...SECRETS),
    echo,
    fc.array(jsonChange, { maxLength: 2 }),
    anyStatus,
  ),
  holds: ([which, secret, say, changes, status]) => {
    const refusal = jsonOf(refusals[which]!(say(secret)));
    return expectNothingShown(status, textOf(changed(refusal, changes)));
  },
});

itHolds({
  title: 'a refusal in plain text or HTML that repeats a value of the request does not show it',
  share: 0.08,
  input: fc.tuple(
    fc.constantFrom('<html><head><title>', '<?xml version="1.0"?><error>', ''),
    fc.constantFrom(...SECRETS),
    echo,
    fc.array(textChange, { maxLength: 2 }),
    anyStatus,
  ),
  holds: ([start, secret, say, changes, status]) =>
    expectNothingShown(status, changed(`${start}${say(secret)}`, changes)),
});

itHolds({
  title: 'a refusal over mutual TLS that repeats a part of the request does not show it',
  share: 0.02,
  input: fc.tuple(
    fc.constantFrom('refresh_token', 'client_assertion'),
    echo,
    fc.constantFrom(400, 401),
  ),
  holds: ([name, say, status]) =>
    bank.refresh((form) => {
      const error = { error: 'invalid_request', error_description: say(form.get(name)!) };
      return bytesOf(framingOf(status, Buffer.from(JSON.stringify(error))));
    }),
});
