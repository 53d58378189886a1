import { createClient, type BankClient } from '../../../core/oauth/client';
import type { CodeExchange } from '../../../core/oauth/grants/codeExchange';
import type { ReceivedTokens, TokenSet } from '../../../core/oauth/grants/tokenSet';
import type { Customer } from '../../../core/oauth/jwt/customer';
import type { IdTokenExpectations } from '../../../core/oauth/jwt/idToken';
import type { BankSettings } from '../../../core/profile/settings';
import { startAnsweringServer, type AnsweringServer } from '../../support/bank/answeringServer';
import { customCredential } from '../../support/bank/credential';
import {
  accessToken,
  bankJwk,
  halfHash,
  idToken,
  issuer,
  now,
  otherKey,
  type Forgery,
} from '../../support/bank/idTokens';
import { json } from '../../support/bank/scriptedBank';

/** The code of an exchange, and the state of its authorization request. */
export const CODE = 'code-of-the-customer';
const STATE = 'state-of-the-request';

/** The customer of a consent, as its first ID token names it. */
export const customer: Customer = {
  ...{ iss: issuer, sub: 'alex', aud: 'client-1', azp: 'client-1' },
  ...{ auth_time: 1_700_000_000, nonce: 'n-1' },
};

/** An ID token of this customer for this code and state, and after a refresh. */
export const good = ({ claims, ...forgery }: Forgery = {}) =>
  idToken({
    claims: {
      ...{ azp: 'client-1', auth_time: customer.auth_time, openbanking_intent_id: 'intent-1' },
      ...{ c_hash: halfHash(CODE), s_hash: halfHash(STATE), acr: 'strong', ...claims },
    },
    ...forgery,
  });

/** An ID token with other claims than a good one. */
export const wrong = (claims: Forgery['claims']): Forgery => ({ claims });

/** Faults that are found after an exchange and after a refresh. */
export const faults: [what: string, code: string, forgery: Forgery][] = [
  ['the signature of another key', 'jwt-signature', { key: otherKey }],
  ['no signature', 'jwt-algorithm', { unsigned: true }],
  ['the algorithm RS256', 'jwt-algorithm', { header: { alg: 'RS256' } }],
  ['an unknown key ID', 'jwt-signature', { header: { kid: 'bank-2' } }],
  ['another "iss"', 'jwt-issuer', wrong({ iss: 'https://other.example' })],
  ['no "iss"', 'jwt-malformed', wrong({ iss: undefined })],
  ['another "aud"', 'jwt-audience', wrong({ aud: 'client-2' })],
  ['no "aud"', 'jwt-malformed', wrong({ aud: undefined })],
  [
    'a second "aud" without "azp"',
    'jwt-audience',
    wrong({ aud: ['client-1', 'client-2'], azp: undefined }),
  ],
  ['another "azp"', 'jwt-audience', wrong({ azp: 'client-2' })],
  ['an "exp" in the past', 'jwt-time', wrong({ exp: now() - 3600 })],
  ['no "exp"', 'jwt-malformed', wrong({ exp: undefined })],
  ['an "exp" of null', 'jwt-malformed', wrong({ exp: null as never })],
  ['an "exp" that is a text', 'jwt-malformed', wrong({ exp: 'never' as never })],
  ['an "iat" in the future', 'jwt-time', wrong({ iat: now() + 3600 })],
  ['an "iat" that is a text', 'jwt-malformed', wrong({ iat: 'now' as never })],
  ['no "iat"', 'jwt-malformed', wrong({ iat: undefined })],
  ['an "nbf" in the future', 'jwt-time', wrong({ nbf: now() + 3600 })],
  ['another "nonce"', 'id-token-binding', wrong({ nonce: 'n-2' })],
  ['a "nonce" that is a list', 'id-token-binding', wrong({ nonce: ['n-1'] })],
  ['no "sub"', 'jwt-malformed', wrong({ sub: undefined })],
  ['a "sub" that is a number', 'jwt-malformed', wrong({ sub: 7 as never })],
  ['another "at_hash"', 'id-token-binding', wrong({ at_hash: 'x'.repeat(22) })],
  ['an "at_hash" that is a number', 'id-token-binding', wrong({ at_hash: 1 })],
  ['an "auth_time" that is a text', 'id-token-auth-time', wrong({ auth_time: 'today' })],
];

/** Starts a bank whose token responses have ID tokens, for the tests of a file. */
export function tokenCheckBank() {
  let server: AnsweringServer;
  let settings: BankSettings;
  let count = 0;

  beforeAll(async () => {
    server = await startAnsweringServer();
    settings = { ...(await customCredential(server.url)), issuer };
  });
  beforeEach(async () => {
    server.answers['/jwks'] = json(200, { keys: [await bankJwk()] });
  });
  afterAll(() => server?.close());

  /** A new client, which remembers neither keys nor grants. */
  const clientWith = (changes: BankSettings = {}) => createClient({ ...settings, ...changes });

  /** A code or refresh token that was not sent before. */
  const newGrant = () => `rt-${++count}`;

  /**
   * The bank answers with this ID token; `undefined` stands for none.
   *
   * @returns the refresh token of the answer, unless `others` has another one
   */
  function answerWith(token: unknown, others: object = {}): string {
    const refresh_token = `next-${++count}`;
    server.answers['/token'] = json(200, {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: 3600,
      refresh_token,
      id_token: token,
      ...others,
    });
    return refresh_token;
  }

  const exchange = async (
    expected: Partial<CodeExchange> = {},
    client?: BankClient,
  ): Promise<ReceivedTokens> =>
    (client ?? (await clientWith())).exchange({
      ...{ code: CODE, state: STATE, nonce: 'n-1', ...expected },
    });

  /** Refreshes a stored token of the customer. */
  const refresh = async (): Promise<ReceivedTokens> => {
    const client = await clientWith();
    const endpoints = await client.prepareRefresh();
    return client.refreshLeased({ refreshToken: newGrant(), customer, endpoints });
  };

  /** Checks stored tokens again: tokens and expectations go through JSON, as in the store. */
  async function again(received: ReceivedTokens, client?: BankClient): Promise<ReceivedTokens> {
    const { tokens, expected } = JSON.parse(JSON.stringify(received)) as {
      tokens: TokenSet;
      expected: IdTokenExpectations;
    };
    expect(expected).toEqual(received.expected);
    return (client ?? (await clientWith())).checkAgain(tokens, expected);
  }

  /** Expects that tokens did not pass, and would not pass when they are checked again. */
  async function expectFailed(received: ReceivedTokens, code: string): Promise<void> {
    for (const { failedCheck, tokens, customer: named } of [received, await again(received)]) {
      expect(failedCheck).toMatchObject({ code, outcome: 'received' });
      expect(tokens).not.toHaveProperty('authorization');
      expect(tokens).toMatchObject({
        access_token: accessToken,
        refresh_token: expect.stringMatching(/^next-/) as string,
      });
      expect(named).toBeUndefined();
    }
  }

  /** Expects that tokens passed, and pass when they are checked again. */
  async function expectPassed(received: ReceivedTokens, named?: object): Promise<void> {
    for (const { failedCheck, tokens, customer: found } of [received, await again(received)]) {
      expect(failedCheck).toBeUndefined();
      expect(tokens).toMatchObject({ authorization: `Bearer ${accessToken}` });
      if (named) expect(found).toMatchObject(named);
    }
  }

  return {
    get server() {
      return server;
    },
    ...{ clientWith, newGrant, answerWith, exchange, refresh, again },
    ...{ expectFailed, expectPassed },
    /** The requests at an endpoint. */
    requestsTo: (url: string) => server.requests.filter((request) => request.url === url),
  };
}
