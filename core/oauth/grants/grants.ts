import { OpenBankingError } from '../../errors/OpenBankingError';
import { isVschar } from '../../lib/vschar';
import type { Endpoints } from '../../profile/endpoints';
import { redirectUriOf } from '../../profile/redirectUri';
import { requestsIdToken } from '../../profile/scope';
import type { Bank } from '../bank/bank';
import { customerOf, type Customer } from '../jwt/customer';
import type { IdTokenExpectations } from '../jwt/idToken';
import type { ExpectedAuthentication, RedirectIdToken } from '../jwt/idTokenClaims';
import { halfHashes } from '../jwt/idTokenHash';
import { joseHeader } from '../jwt/joseHeader';
import { isExpired, lookedAtAgain, withoutExpiredToken } from './repeatedGrant';
import { failedResponseCheck } from './tokenCheck';
import { requestTokens } from './tokenEndpoint';
import type { Grant } from './tokenRequest';
import type { TokenResponse } from './tokenResponse';
import { tokenSet, type ReceivedTokens, type TokenSet } from './tokenSet';
import type { GrantUser, UsedGrants } from './usedGrants';

/** An exchange of an authorization code (RFC 6749 §4.1.3). */
export interface CodeExchange extends ExpectedAuthentication {
  /** The bare, decoded code, see `readAuthorizationResponse`. */
  code: string;
  /** If empty, the redirect URI of the profile. */
  redirectUri?: string;
  /** If empty, the scope of the profile. */
  scope?: string;
  /** `state` of the authorization request, if known. It reveals a code that is given again for another request. */
  state?: string;
  /** `nonce` of the authorization request, if known. */
  nonce?: string;
  /** The PKCE verifier (RFC 7636), if the authorization request had a challenge. */
  codeVerifier?: string;
  /** The consent that the customer was asked for, if known. */
  consentId?: string;
  /** The ID token of the redirect that brought the code. The ID token of the token endpoint must agree with it. */
  redirectIdToken?: RedirectIdToken;
  onReceived?: OnReceived;
}

/**
 * A function that is called with received tokens before they are checked, and with the values that they will be compared with.
 * The tokens have no `authorization` yet.
 */
export type OnReceived = (tokens: TokenSet, expected: IdTokenExpectations) => Promise<void>;

/** The guard of a grant that the user gave, and the user. */
export interface GrantGuard {
  readonly usedGrants: UsedGrants;
  readonly user: GrantUser;
}

/** Maximum age, in seconds, of an ID token that came for a code. A code lives for minutes. */
const MAXIMUM_AGE = 60 * 60;

/**
 * Exchanges an authorization code. The code is sent once, even if the request fails.
 *
 * @throws OpenBankingError if no tokens came; a failed check of received tokens is returned with them
 */
export async function exchangeCode(
  bank: Bank,
  { usedGrants, user }: GrantGuard,
  exchange: CodeExchange,
): Promise<ReceivedTokens> {
  const { code, state, redirectIdToken, acrValues, maxAge, requestedAt, onReceived } = exchange;
  const grant = {
    type: 'authorization_code',
    code,
    redirectUri: redirectUriOf(bank.profile, exchange.redirectUri),
    scope: exchange.scope?.trim() || bank.profile.scope,
    codeVerifier: exchange.codeVerifier?.trim() || undefined,
  } as const;
  const nonce = exchange.nonce?.trim() || undefined;
  const consentId = exchange.consentId?.trim() || undefined;
  const context: Context = {
    secrets: [code, ...(grant.codeVerifier ? [grant.codeVerifier] : [])],
    expected: withoutUndefined({
      ...{ nonce, consentId, redirectIdToken, acrValues, maxAge, requestedAt },
      codeHash: halfHashes(code),
      stateHash: state ? halfHashes(state) : undefined,
      maximumAge: MAXIMUM_AGE,
    }),
    onReceived,
  };
  return usedGrants.sendOnce(user, grant, {
    request: { state, nonce, consentId },
    send: async () => sendGrant(bank, await prepare(bank, grant.scope), grant, context),
    lookAgain: async (earlier) => {
      const received = await lookedAtAgain(bank, earlier);
      return isExpired(received) ? withoutExpiredToken(received) : received;
    },
  });
}

/** A refresh (RFC 6749 §6). */
export interface Refresh {
  refreshToken: string;
  /** The ID token of the first token response. A new ID token must name the same customer. */
  originalIdToken?: string;
  /**
   * Whether a refresh token that the bank sent is stored for a consent. Its lease guards it, so it is not sent here. If not given, none is
   * stored.
   */
  isStored?: (refreshToken: string) => Promise<boolean>;
  onReceived?: OnReceived;
}

/** A refresh of a stored consent. */
export interface LeasedRefresh {
  refreshToken: string;
  /** The customer of the consent, if it is known. A new ID token must name the same customer. */
  customer?: Customer;
  onReceived?: OnReceived;
  /** From {@link prepareRefresh}. */
  endpoints: Endpoints;
  /** Called right before the refresh token is sent. If it throws, the refresh token is not sent. */
  beforeSend?: () => void;
}

/**
 * Refreshes tokens with a refresh token that the user gave. `UsedGrants` guards it.
 *
 * @throws OpenBankingError `input-missing`, `refresh-token-malformed`, `field-malformed`; also if no tokens came, with the outcome `unknown`
 *   if no answer came. A failed check of received tokens is returned with them
 */
export function refreshTokens(
  bank: Bank,
  guard: GrantGuard,
  refresh: Refresh,
): Promise<ReceivedTokens> {
  return refreshWithNext(bank, guard, refresh, new Set());
}

/** @param used refresh tokens that were used before; a bank may send an earlier one again */
async function refreshWithNext(
  bank: Bank,
  guard: GrantGuard,
  refresh: Refresh,
  used: ReadonlySet<string>,
): Promise<ReceivedTokens> {
  const grant = refreshGrant(refresh.refreshToken);
  const customer = await originalCustomer(refresh, bank);
  const context = contextOf(grant, { ...refresh, customer });
  return guard.usedGrants.sendOnce(guard.user, grant, {
    send: async () => sendGrant(bank, await prepareRefresh(bank), grant, context),
    lookAgain: async (earlier) => {
      const received = await lookedAtAgain(bank, earlier, customer && context.expected);
      const next = received.tokens.refresh_token;
      const all = new Set([...used, grant.refreshToken]);
      // A refresh token that did not pass is not sent, nor is one a second time.
      if (received.failedCheck || !isExpired(received)) return received;
      if (!next || all.has(next) || (await refresh.isStored?.(next))) {
        return withoutExpiredToken(received);
      }
      const renewed = await refreshWithNext(bank, guard, { ...refresh, refreshToken: next }, all);
      return { ...renewed, remarks: [...received.remarks, REFRESHED_AGAIN, ...renewed.remarks] };
    },
  });
}

const REFRESHED_AGAIN =
  'The access token that the refresh token brought has expired meanwhile, so the next refresh token was used.';

/** The customer of the original ID token. @throws OpenBankingError `field-malformed` if it cannot be read */
async function originalCustomer(
  { originalIdToken }: Refresh,
  { profile }: Bank,
): Promise<Customer | undefined> {
  const given = originalIdToken?.trim();
  if (!given) return undefined;
  const customer = await customerOf(given, profile);
  if (customer) return customer;
  throw new OpenBankingError('field-malformed', {
    problem: 'originalIdToken',
    description:
      'Give the ID token of the first token response, unchanged. If it is encrypted, the credential needs the key that it was encrypted for. Nothing was sent.',
  });
}

/**
 * Refreshes tokens with the refresh token of a stored consent. The lease of the consent guards the refresh token. It is sent even if this
 * process has sent it before.
 *
 * @throws OpenBankingError as {@link refreshTokens}
 */
export async function refreshLeased(
  bank: Bank,
  { endpoints, beforeSend, ...refresh }: LeasedRefresh,
): Promise<ReceivedTokens> {
  const grant = refreshGrant(refresh.refreshToken);
  return sendGrant(bank, endpoints, grant, { ...contextOf(grant, refresh), beforeSend });
}

/**
 * Fetches the endpoints for a refresh, and the bank's keys if an ID token may come.
 *
 * @throws OpenBankingError with the outcome `not-sent`
 */
export function prepareRefresh(bank: Bank): Promise<Endpoints> {
  return prepare(bank, bank.profile.scope);
}

type RefreshGrant = Grant & { type: 'refresh_token' };

/** @throws OpenBankingError `input-missing`, `refresh-token-malformed` */
function refreshGrant(given: string): RefreshGrant {
  const refreshToken = given.trim();
  if (!refreshToken) {
    throw new OpenBankingError('input-missing', {
      problem: 'input',
      values: { input: 'Refresh Token' },
    });
  }
  if (!isVschar(refreshToken)) {
    throw new OpenBankingError('refresh-token-malformed', { problem: 'characters' });
  }
  if (isAccessToken(refreshToken)) {
    throw new OpenBankingError('refresh-token-malformed', { problem: 'accessToken' });
  }
  return { type: 'refresh_token', refreshToken };
}

/** Whether a token has the type of an access token in its header (RFC 9068 §2.1). */
function isAccessToken(token: string): boolean {
  const { typ } = joseHeader(token);
  return typeof typ === 'string' && /^(?:application\/)?at\+jwt$/i.test(typ);
}

function contextOf(
  { refreshToken }: RefreshGrant,
  { customer, onReceived }: Pick<LeasedRefresh, 'customer' | 'onReceived'>,
): Context {
  return { secrets: [refreshToken], expected: customer ? { customer } : {}, onReceived };
}

/**
 * Gets a token for the application itself (RFC 6749 §4.4).
 *
 * @param scope if empty, the scope of the profile
 * @throws OpenBankingError if no token came; a failed check is returned with it
 */
export async function applicationToken(bank: Bank, scope?: string): Promise<ReceivedTokens> {
  const grant = { type: 'client_credentials', scope: scope?.trim() || bank.profile.scope } as const;
  return sendGrant(bank, await bank.endpoints(), grant, { secrets: [], expected: {} });
}

interface Context {
  /** Values of the request that no message may show. */
  secrets: string[];
  expected: IdTokenExpectations;
  beforeSend?: () => void;
  onReceived?: OnReceived;
}

/** Fetches the endpoints, and the bank's keys if the scope requests an ID token. @throws OpenBankingError with the outcome `not-sent` */
async function prepare(bank: Bank, scope: string): Promise<Endpoints> {
  const endpoints = await bank.endpoints();
  if (requestsIdToken(scope)) await bank.ensureKeys();
  return endpoints;
}

async function sendGrant(
  bank: Bank,
  endpoints: Endpoints,
  grant: Grant,
  context: Context,
): Promise<ReceivedTokens> {
  const { secrets, beforeSend } = context;
  const answer = await requestTokens(bank.profile, endpoints, grant, {
    secrets,
    beforeSend,
  }).catch((error: unknown) => {
    throw withOutcome(error, grant);
  });
  const response = grant.type === 'client_credentials' ? withoutIdToken(answer) : answer;
  const used = grant.type === 'refresh_token' ? grant.refreshToken : undefined;
  const { expected } = context;
  await context.onReceived?.(tokenSet(response, used, true), expected);
  const { failedCheck, customer } = await failedResponseCheck(response, bank, expected);
  return {
    tokens: tokenSet(response, used, failedCheck !== undefined),
    ...(failedCheck && { failedCheck }),
    remarks: response.remarks,
    expected,
    ...(customer && { customer }),
  };
}

/** The response of a grant without a customer: an ID token has no meaning in it (RFC 6749 §4.4), and nobody is to rely on it. */
function withoutIdToken(response: TokenResponse): TokenResponse {
  const { id_token: idToken, ...parameters } = response.parameters;
  if (idToken === undefined) return response;
  const remark =
    'The bank sent an ID token with the application token, which belongs to no customer: it is left out.';
  return { ...response, parameters, remarks: [...response.remarks, remark] };
}

/** The values without those that are `undefined`, so that they are the same after they were stored. */
function withoutUndefined(expected: IdTokenExpectations): IdTokenExpectations {
  return Object.fromEntries(Object.entries(expected).filter(([, value]) => value !== undefined));
}

/** The failure of a request, with advice about the grant if the outcome is not known. */
function withOutcome(error: unknown, grant: Grant): unknown {
  if (!(error instanceof OpenBankingError) || error.outcome !== 'unknown') return error;
  switch (grant.type) {
    case 'authorization_code':
      return error.with({
        description:
          'It is not known whether the bank used up the authorization code, so it is not sent again. If the bank did, the customer has to give consent again.',
      });
    case 'refresh_token':
      return error.with({
        description:
          'It is not known whether the bank used up the refresh token, so it is not sent again by itself. Try the same refresh token once more, a minute from now or later. If the bank then refuses it, the customer has to give consent again.',
      });
    case 'client_credentials':
      return error;
  }
}
