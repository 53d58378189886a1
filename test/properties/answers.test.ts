import fc from 'fast-check';
import { createClient, type BankClient } from '../../core/oauth/client';
import { failedResponseCheck } from '../../core/oauth/grants/tokenCheck';
import { holdsToken, readTokenResponse } from '../../core/oauth/grants/tokenResponse';
import { tokenSet, type ReceivedTokens } from '../../core/oauth/grants/tokenSet';
import type { IdTokenExpectations } from '../../core/oauth/jwt/idToken';
import { encryptionKeys, type EncryptionKeys } from '../../core/tokens/records/encryptionKeys';
import { contentOf, newRecord } from '../../core/tokens/records/record';
import { openAnswer, type HttpResponse } from '../../core/transport/answer';
import { judgeOddAnswer, readOddAnswer } from '../../core/transport/oddAnswer';
import { startAnsweringServer, type AnsweringServer } from '../support/bank/answeringServer';
import { customCredential } from '../support/bank/credential';
import { accessToken, bankJwk, idToken, issuer } from '../support/bank/idTokens';
import { json } from '../support/bank/scriptedBank';
import { breach, itHolds, reportCounts, runCase } from './caseOf';
import { byteChange } from './changes/bytes';
import { changed, changesOf, type Change } from './changes/change';
import { bytesOf, framingChange, framingOf, type Framing } from './changes/framing';
import { jsonChange, jsonOf, textOf } from './changes/json';
import { textChange } from './changes/text';
import { SecretPieces } from './secretPieces';

/** The values of the request, and the tokens of the answer. */
const CODE = 'Qx7vK2mZ9tR4wY8bN3cF6hJ1';
const SENT = 'uG5dL0pS-7kW_3xVfT9aE2yB8nM4qC6r';
const NEXT = 'Zk3+Hb8/Jw6fPq1nXe5Us0Lc9Yg7';
const SECRETS = [CODE, SENT];

let bank: AnsweringServer;
let client: BankClient;
let keys: EncryptionKeys;
let secrets: SecretPieces;
/** Answers with tokens. */
let genuine: Record<string, unknown>[];

const expected: IdTokenExpectations = { nonce: 'n-1' };

beforeAll(async () => {
  bank = await startAnsweringServer();
  bank.answers['/jwks'] = json(200, { keys: [await bankJwk()] });
  const settings = { ...(await customCredential(bank.url)), issuer };
  client = await createClient(settings);
  keys = encryptionKeys(undefined, client.profile);
  // Its dates are good as long as the cases run.
  const good = { exp: Math.floor(Date.now() / 1000) + 86_400 };
  const answer = { access_token: accessToken, token_type: 'Bearer', expires_in: 3600 };
  const signed = await idToken({ claims: good });
  genuine = [
    { ...answer, refresh_token: NEXT, scope: 'accounts openid', id_token: signed },
    { ...answer, refresh_token: NEXT },
    { ...answer, id_token: await idToken({ claims: { ...good, nonce: 'another' } }) },
    { ...answer, refresh_token: NEXT, consent: { id: 'c-1', accounts: [{ id: 1 }, { id: 2 }] } },
  ];
  const privateKey = settings.transportPrivateKey!;
  secrets = new SecretPieces([CODE, SENT, NEXT, accessToken, signed, privateKey]);
});
afterAll(() => bank?.close());

reportCounts('answers');

const aGenuine = fc.nat(3);
const success = fc.constantFrom(200, 200, 200, 201, 202, 299);
const anyStatus = fc.constantFrom(200, 201, 400, 401, 403, 404, 429, 500, 503);

const responseWith = (status: number, body: Buffer): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body,
  receivedAt: new Date(),
});

/** Reads, checks and stores the tokens of an answer. */
async function receive(response: HttpResponse): Promise<ReceivedTokens> {
  const answer = readTokenResponse(response, SECRETS);
  const { failedCheck } = await failedResponseCheck(answer, client, expected);
  const tokens = tokenSet(answer, SENT, failedCheck !== undefined);
  return { tokens, remarks: answer.remarks, expected, ...(failedCheck && { failedCheck }) };
}

/** Texts that n8n shows or logs. */
const shownOf = ({ remarks, failedCheck }: ReceivedTokens) => [remarks, failedCheck ?? ''];

/** The tokens in an answer with a status of success; `undefined` if there are none. */
function tokensIn({ status, body }: HttpResponse): Record<string, unknown> | undefined {
  if (status < 200 || status > 299) return undefined;
  let answer: unknown;
  try {
    answer = JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return undefined;
  const sent = Object.entries(answer).filter(
    ([name, value]) => /^(access|refresh)_token$/.test(name) && typeof value === 'string' && value,
  );
  return sent.length > 0 ? Object.fromEntries(sent) : undefined;
}

/** Receives an answer. Tokens in it are returned as they came, and stored whether they passed or not. */
async function expectNoTokenLost(response: HttpResponse): Promise<void> {
  const { body } = response;
  const { result, error } = await runCase(body, secrets, () => receive(response), shownOf);
  const sent = tokensIn(response);
  if (!sent) return;
  if (!result) breach('lost', `It has tokens, and the error is ${error.text}`, body);
  const { tokens, failedCheck } = result;
  for (const [name, value] of Object.entries(sent)) {
    if (tokens[name] !== value) breach('lost', `"${name}" is ${String(tokens[name])}`, body);
  }
  if ((tokens.authorization === undefined) !== (failedCheck !== undefined)) {
    breach('lost', `authorization: ${tokens.authorization}, check: ${failedCheck?.text}`, body);
  }
  const stored = { grant: '', imported: [] };
  const content = failedCheck
    ? { ...stored, refreshed: { tokens, expected, check: { ...failedCheck } } }
    : { ...stored, tokens };
  const record = newRecord({ profile: client.profile, consent: 'c-1' }, content, keys);
  const read = contentOf({ ...record, revision: 1 } as never, keys);
  if (JSON.stringify(read) !== JSON.stringify(content)) {
    breach('lost', `The store returned ${JSON.stringify(read)}`, body);
  }
}

it('answers without a change pass, apart from the one with a wrong nonce', async () => {
  const checks = genuine.map(async (answer) => {
    const { failedCheck } = await receive(responseWith(200, Buffer.from(JSON.stringify(answer))));
    return failedCheck?.code;
  });
  const missing = 'id-token-binding';
  expect(await Promise.all(checks)).toEqual([undefined, missing, missing, missing]);
});

itHolds({
  title: 'an answer with changed JSON: tokens are received, and nothing shows a secret',
  share: 0.3,
  input: fc.tuple(aGenuine, changesOf(jsonChange), success),
  holds: ([which, changes, status]) =>
    expectNoTokenLost(
      responseWith(status, Buffer.from(textOf(changed(jsonOf(genuine[which]), changes)))),
    ),
});

itHolds({
  title: 'an answer with changed text: tokens are received if it is still JSON',
  share: 0.1,
  input: fc.tuple(aGenuine, changesOf(textChange), anyStatus),
  holds: ([which, changes, status]) => {
    const text = changed(JSON.stringify(genuine[which]), changes);
    return expectNoTokenLost(responseWith(status, Buffer.from(text)));
  },
});

itHolds({
  title: 'an answer with changed bytes: tokens are received if it is still JSON',
  share: 0.1,
  input: fc.tuple(aGenuine, changesOf(byteChange), success),
  holds: ([which, changes, status]) => {
    const body = Buffer.from(JSON.stringify(genuine[which]));
    return expectNoTokenLost(responseWith(status, changed(body, changes)));
  },
});

/** The answer in the bytes of an exchange, as the transport reads it after undici has failed. */
async function expectReadable(bytes: Buffer, body: Buffer, isWhole: boolean): Promise<void> {
  const read = () => ({
    odd: readOddAnswer(bytes, holdsToken),
    is: judgeOddAnswer(bytes, holdsToken),
  });
  const { result } = await runCase(bytes, secrets, read, () => '');
  const { odd, is } = result!;
  if ((is === 'enough') !== (odd !== undefined)) breach('lost', `The judgement is ${is}`, bytes);
  if (odd) return expectNoTokenLost(responseWith(odd.status, odd.body));
  if (isWhole) breach('lost', `Its body has tokens: ${body.toString()}`, bytes);
}

/** Whether a framing is odd, and still says that it is a success. */
const isSuccess = ({ statusLine }: Framing) =>
  /^(?:HTTP\/1\.1 100 Continue\r\n\r\n)?HTTP\/1\.[01] 2\d\d(?!\d)/i.test(statusLine);

itHolds({
  title: 'an answer in a changed framing: tokens are found if the status is a success',
  share: 0.1,
  input: fc.tuple(aGenuine, changesOf(framingChange)),
  holds: ([which, changes]) => {
    const body = Buffer.from(JSON.stringify(genuine[which]));
    const framing = changed(framingOf(200, body), changes);
    // A body that is packed several times, or in another way than its label says, need not be found.
    const isPacked = changes.some(({ name }) => /packed|script|UTF-16|Encoding/.test(name));
    return expectReadable(bytesOf(framing), body, isSuccess(framing) && !isPacked);
  },
});

itHolds({
  title: 'an answer with changed bytes in head and body is read or refused',
  share: 0.05,
  input: fc.tuple(aGenuine, fc.array(framingChange, { maxLength: 2 }), changesOf(byteChange)),
  holds: async ([which, framings, changes]) => {
    const body = Buffer.from(JSON.stringify(genuine[which]));
    const bytes = changed(bytesOf(changed(framingOf(200, body), framings)), changes);
    await expectReadable(bytes, body, false);
    await runCase(
      bytes,
      secrets,
      () => openedAnswer(bytes, framings),
      ({ remarks }) => remarks,
    );
  },
});

/** The bytes as the body of an answer with the headers of a framing. */
function openedAnswer(bytes: Buffer, changes: readonly Change<Framing>[]): HttpResponse {
  const { headers } = changed(framingOf(200, bytes), changes);
  const names = headers.map(([name, value]) => [name.toLowerCase(), value]);
  const answer = { status: 200, headers: Object.fromEntries(names), body: bytes };
  return openAnswer(answer, true);
}
