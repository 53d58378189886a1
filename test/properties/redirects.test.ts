import fc from 'fast-check';
import { createClient, type BankClient } from '../../core/oauth/client';
import { redirectAddress } from '../../core/oauth/authorization/redirectAddress';
import { stateIn } from '../../core/oauth/authorization/authorizationResponse';
import type { RedirectExpectations } from '../../core/oauth/authorization/verifiedRedirect';
import type { OpenBankingError } from '../../core/errors/OpenBankingError';
import { startAnsweringServer, type AnsweringServer } from '../support/bank/answeringServer';
import { customCredential } from '../support/bank/credential';
import {
  bankJwk,
  encryptedFor,
  idToken,
  issuer,
  redirectIdToken,
  responseJwt,
} from '../support/bank/idTokens';
import { json } from '../support/bank/scriptedBank';
import { privateKeyOf } from '../support/keys/certificates';
import { breach, itHolds, reportCounts, runCase } from './caseOf';
import { changed, changesOf, place } from './changes/change';
import { parameterChange, percentEncoded, type Parameters } from './changes/parameters';
import { textChange } from './changes/text';
import { SecretPieces } from './secretPieces';

const CODE = 'Vr8kPq3/Zt6+wHn1Yc5xLb9sDf2m';
const STATE = 'Jd4_Gw7-Ks0vNz8pRa5tMe2qUx6h';

let bank: AnsweringServer;
let client: BankClient;
let secrets: SecretPieces;

/** A redirect of a bank, and the values that it is compared with. */
interface Genuine {
  readonly parameters: Parameters;
  readonly expected: RedirectExpectations;
}

let genuine: Genuine[];

beforeAll(async () => {
  bank = await startAnsweringServer();
  bank.answers['/jwks'] = json(200, { keys: [await bankJwk()] });
  const settings = { ...(await customCredential(bank.url)), issuer };
  client = await createClient(settings);
  // Its dates are good as long as the cases run.
  const exp = Math.floor(Date.now() / 1000) + 86_400;
  const signed = await redirectIdToken({ code: CODE, state: STATE }, { claims: { exp } });
  const response = await responseJwt({ code: CODE, state: STATE }, { claims: { exp } });
  const refusal = await responseJwt({ error: 'access_denied', state: STATE }, { claims: { exp } });
  const encrypted = await encryptedFor(privateKeyOf('rsa'), response);
  const nonce = 'n-1';
  const state = STATE;
  genuine = [
    { parameters: [...pairs({ code: CODE, state })], expected: { state } },
    { parameters: pairs({ code: CODE, state, iss: issuer, scope: 'a b' }), expected: { state } },
    {
      parameters: pairs({ error: 'access_denied', error_description: 'no', state }),
      expected: { state },
    },
    {
      parameters: pairs({ code: CODE, id_token: signed, state }),
      expected: { state, nonce, signature: 'id_token' },
    },
    { parameters: pairs({ response }), expected: { state, signature: 'response' } },
    { parameters: pairs({ response: refusal }), expected: { state, signature: 'response' } },
    { parameters: pairs({ response: encrypted }), expected: { state, signature: 'response' } },
  ];
  const privateKey = settings.transportPrivateKey!;
  secrets = new SecretPieces([CODE, STATE, signed, response, privateKey, await idToken()]);
});
afterAll(() => bank?.close());

reportCounts('redirects');

function pairs(parameters: Record<string, string>): Parameters {
  return Object.entries(parameters);
}

const aGenuine = fc.nat(6);

/** Texts that n8n shows or logs: none, because code and state go only to the exchange. */
const nothingShown = () => '';

/** Secrets are hidden, unless a change moved one into the words of an error, where nobody can know it. */
function hiddenIn(input: string): SecretPieces {
  const words = [...input.matchAll(/error(?:_description)?=([^&#]*)/g)].map(([, value]) => value);
  return words.some((value) => secrets.findIn(value!)) ? noSecrets : secrets;
}

const noSecrets = new SecretPieces([]);

/** Reads a redirect like the exchange. A code comes out only as it was sent, and only from a redirect that agrees with its request. */
async function expectNoOtherCode(input: string, { expected }: Genuine): Promise<void> {
  const read = () => client.readRedirect(input, expected);
  const { result } = await runCase(input, hiddenIn(input), read, nothingShown);
  if (result) assertTrusted(input, result, expected);
  await runCase(input, hiddenIn(input), () => stateIn(input, client.profile), nothingShown);
}

function assertTrusted(
  input: string,
  { code }: { readonly code: string },
  { signature }: RedirectExpectations,
): void {
  if (signature && code !== CODE) breach('lost', `It is signed for another code: ${code}`, input);
}

const address = (parameters: Parameters, form: string): string => {
  const text = parameters.map((pair) => pair.map(percentEncoded).join('=')).join('&');
  return form.replace('*', () => text);
};

const form = fc.constantFrom(
  ...['https://app.example/redirect?*', 'https://app.example/redirect#*', '*', '?*', '#*'],
  ...['https://app.example/redirect?tenant=1&*', ' https://app.example/redirect?*#\n', '/cb?*'],
);

it('redirects without a change give the code, or the error of the bank', async () => {
  const codes = genuine.map(({ parameters, expected }) =>
    client.readRedirect(address(parameters, '?*'), expected).then(
      ({ code }) => code,
      ({ code }: OpenBankingError) => code,
    ),
  );
  const denied = 'access-denied';
  expect(await Promise.all(codes)).toEqual([CODE, CODE, denied, CODE, CODE, denied, CODE]);
});

itHolds({
  title: 'a redirect with changed parameters: no other code than a signed one is accepted',
  share: 0.35,
  input: fc.tuple(aGenuine, changesOf(parameterChange), form),
  holds: ([which, changes, given]) => {
    const original = genuine[which]!;
    return expectNoOtherCode(address(changed(original.parameters, changes), given), original);
  },
});

itHolds({
  title: 'a redirect with a changed address is read or refused',
  share: 0.2,
  input: fc.tuple(aGenuine, changesOf(textChange), form),
  holds: ([which, changes, given]) => {
    const original = genuine[which]!;
    return expectNoOtherCode(changed(address(original.parameters, given), changes), original);
  },
});

itHolds({
  title: 'a bare code that was changed is read or refused',
  share: 0.05,
  input: changesOf(textChange),
  holds: async (changes) => {
    const input = changed(CODE, changes);
    await runCase(input, secrets, () => client.readRedirect(input), nothingShown);
  },
});

itHolds({
  title: 'a redirect that the trigger receives with changed parameters is read or refused',
  share: 0.3,
  input: fc.tuple(aGenuine, changesOf(parameterChange)),
  holds: ([which, changes]) => {
    const { parameters, expected } = genuine[which]!;
    return expectReceived(new URLSearchParams(changed(parameters, changes).map(pairOf)), expected);
  },
});

const pairOf = ([name, value]: Parameters[number]): [string, string] => [name, value];

/** Reads and verifies a redirect like the trigger, and reads the address that the trigger outputs. */
async function expectReceived(
  sent: URLSearchParams,
  expected: RedirectExpectations,
): Promise<void> {
  const input = String(sent);
  const { result } = await runCase(
    input,
    hiddenIn(input),
    () => client.locateRedirect(sent),
    nothingShown,
  );
  if (!result) return;
  const { parameters, state } = result;
  await runCase(
    input,
    hiddenIn(input),
    async () => {
      const answer = await client.verifyRedirect(parameters, expected);
      if (answer.kind === 'code') assertTrusted(input, answer, expected);
      return answer;
    },
    (answer) => (answer.kind === 'error' ? [answer.error, answer.description] : ''),
  );
  for (const part of ['query', 'fragment'] as const) {
    const redirect = redirectAddress('https://app.example/redirect', sent, part);
    const read = () => stateIn(redirect, client.profile);
    const { result: found, error } = await runCase(redirect, secrets, read, nothingShown);
    // With the redirect URI it may be longer than a redirect may be.
    if (found !== state && error?.code !== 'redirect-too-large') {
      breach('lost', 'Its address has another state', redirect);
    }
  }
}

itHolds({
  title: 'a redirect with random parameters is read or refused',
  share: 0.1,
  input: fc.array(
    fc.tuple(
      fc.constantFrom('code', 'state', 'error', 'response', '__proto__', 'id_token', 'iss'),
      fc.oneof(fc.string({ unit: 'binary' }), place.map(String), fc.constantFrom(CODE, STATE)),
    ),
    { maxLength: 6 },
  ),
  holds: async (parameters) => {
    const sent = new URLSearchParams(parameters);
    await expectReceived(sent, {});
    await expectNoOtherCode(`https://app.example/redirect?${sent.toString()}`, genuine[0]!);
  },
});
