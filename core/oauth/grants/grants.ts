import { OpenBankingError } from '../../errors/OpenBankingError';
import { endpointsOf } from '../bank/discovery';
import { joseHeader } from '../jwt/joseHeader';
import { ensureBankKeys } from '../bank/jwks';
import type { Endpoints } from '../../profile/endpoints';
import { verifyIdToken, type IdTokenExpectations } from '../jwt/idToken';
import type { ExpectedAuthentication, RedirectIdToken } from '../jwt/idTokenClaims';
import type { Profile } from '../../profile/profile';
import { onlyOnce } from './singleUse';
import { redirectUriOf } from '../../profile/redirectUri';
import { requestTokens } from './tokenEndpoint';
import type { Grant } from './tokenRequest';
import type { TokenResponse } from './tokenResponse';
import { tokenSet, type ReceivedTokens, type TokenSet } from './tokenSet';
import { isVschar } from '../../lib/vschar';

/** An exchange (RFC 6749 §4.1.3). */
export interface CodeExchange extends ExpectedAuthentication {
  /** Bare and decoded, see `readAuthorizationResponse`. */
  code: string;
  /** That of the profile where empty. */
  redirectUri?: string;
  /** That of the profile where empty. */
  scope?: string;
  /** Of the authorization request, where it is known: by it a code that comes again for another one is told. */
  state?: string;
  /** Of the authorization request, where it is known. */
  nonce?: string;
  /** Of PKCE (RFC 7636), where the authorization request had a challenge. */
  codeVerifier?: string;
  /** The consent that the customer was asked for, where it is known. */
  consentId?: string;
  /** Of the redirect that brought the code: that of the token endpoint has to agree with it. */
  redirectIdToken?: RedirectIdToken;
  onReceived?: OnReceived;
}

/** Is given tokens as soon as they are received, without `authorization`, before anything of them is checked. */
export type OnReceived = (tokens: TokenSet) => Promise<void>;

/** Seconds since an ID token was issued at most, where a code was exchanged: codes live for minutes. */
const MAXIMUM_AGE = 60 * 60;

/**
 * Exchanges an authorization code. It is sent once, whatever happens.
 *
 * @throws OpenBankingError where no tokens came; a check of received tokens that failed is returned with them
 */
export async function exchangeCode(
  profile: Profile,
  {
    code,
    redirectUri,
    scope,
    state,
    nonce,
    codeVerifier,
    consentId,
    redirectIdToken,
    acrValues,
    maxAge,
    requestedAt,
    onReceived,
  }: CodeExchange,
): Promise<ReceivedTokens> {
  const grant = {
    type: 'authorization_code',
    code,
    redirectUri: redirectUriOf(profile, redirectUri),
    scope: scope?.trim() || profile.scope,
    codeVerifier: codeVerifier?.trim() || undefined,
  } as const;
  const context: Context = {
    secrets: [code, ...(grant.codeVerifier ? [grant.codeVerifier] : [])],
    nonce: nonce?.trim() || undefined,
    code,
    consentId: consentId?.trim() || undefined,
    redirectIdToken,
    ...{ acrValues, maxAge, requestedAt },
    maximumAge: MAXIMUM_AGE,
    onReceived,
  };
  const request = { state, nonce: context.nonce, consentId: context.consentId };
  return onlyOnce(profile, grant, request, () => sendGrant(profile, grant, context));
}

/** A refresh (RFC 6749 §6). */
export interface Refresh {
  refreshToken: string;
  /** Of the first token response: the refreshed one has to name the same customer. */
  originalIdToken?: string;
  /** Called right before the refresh token is sent: what it throws is thrown in place of sending. */
  beforeSend?: () => void;
  onReceived?: OnReceived;
}

/**
 * Refreshes tokens with a refresh token that a person or an expression gave. `onlyOnce` guards it: it is sent once.
 *
 * @throws OpenBankingError if no tokens came, with the outcome `unknown` if no answer came; a failed check of received tokens is returned
 * with them
 */
export async function refreshTokens(profile: Profile, refresh: Refresh): Promise<ReceivedTokens> {
  const { grant, context } = refreshOf(refresh);
  return onlyOnce(profile, grant, {}, () => sendGrant(profile, grant, context));
}

/**
 * Refreshes tokens with the refresh token of a stored consent. The consent's lease guards it, so that it is always sent.
 *
 * @throws OpenBankingError as {@link refreshTokens}
 */
export async function refreshLeased(profile: Profile, refresh: Refresh): Promise<ReceivedTokens> {
  const { grant, context } = refreshOf(refresh);
  return sendGrant(profile, grant, context);
}

function refreshOf({ refreshToken, originalIdToken, beforeSend, onReceived }: Refresh): {
  grant: Grant & { type: 'refresh_token' };
  context: Context;
} {
  const token = refreshToken.trim();
  if (!token) {
    throw new OpenBankingError('refresh-token-missing', { message: '"Refresh Token" is empty' });
  }
  if (!isVschar(token)) {
    throw new OpenBankingError('refresh-token-malformed', {
      message: '"Refresh Token" contains characters that no refresh token has',
    });
  }
  if (isAccessToken(token)) {
    throw new OpenBankingError('refresh-token-malformed', {
      message: '"Refresh Token" holds an access token ("typ" in its header is "at+jwt")',
    });
  }
  return {
    grant: { type: 'refresh_token', refreshToken: token },
    context: {
      secrets: [token],
      originalIdToken: originalIdToken?.trim() || undefined,
      beforeSend,
      onReceived,
    },
  };
}

/** Whether it says so itself (RFC 9068 §2.1). */
function isAccessToken(token: string): boolean {
  const { typ } = joseHeader(token);
  return typeof typ === 'string' && /^(?:application\/)?at\+jwt$/i.test(typ);
}

/**
 * Gets a token for the application itself (RFC 6749 §4.4).
 *
 * @param scope that of the profile where empty
 * @throws OpenBankingError where no token came; a check that failed is returned with it
 */
export function applicationToken(profile: Profile, scope?: string): Promise<ReceivedTokens> {
  const grant = { type: 'client_credentials', scope: scope?.trim() || profile.scope } as const;
  return sendGrant(profile, grant, { secrets: [] });
}

interface Context extends Omit<IdTokenExpectations, 'accessToken'> {
  /** Values of the request that no message may show. */
  secrets: string[];
  beforeSend?: () => void;
  onReceived?: OnReceived;
}

async function sendGrant(
  profile: Profile,
  grant: Grant,
  context: Context,
): Promise<ReceivedTokens> {
  const endpoints = await prepare(profile, grant);
  const response = await ask(profile, endpoints, grant, context);
  const used = grant.type === 'refresh_token' ? grant.refreshToken : undefined;
  await context.onReceived?.(tokenSet(response, used, true));
  const failedCheck =
    response.violation ?? (await failedIdTokenCheck(response, profile, endpoints, context));
  return {
    tokens: tokenSet(response, used, failedCheck !== undefined),
    failedCheck,
    remarks: response.remarks,
  };
}

/**
 * Fetches what a refresh needs beside itself, the endpoints and the keys of the bank, so that it is at hand.
 *
 * @throws OpenBankingError of the outcome `not-sent`
 */
export async function prepareRefresh(profile: Profile): Promise<void> {
  await prepare(profile, { type: 'refresh_token', refreshToken: '' });
}

async function prepare(profile: Profile, grant: Grant): Promise<Endpoints> {
  const endpoints = await endpointsOf(profile);
  if (bringsIdToken(profile, grant)) await ensureBankKeys(profile, endpoints);
  return endpoints;
}

function bringsIdToken(profile: Profile, grant: Grant): boolean {
  if (grant.type === 'client_credentials') return false;
  const scope = grant.type === 'authorization_code' ? grant.scope : profile.scope;
  return scope.split(/\s+/).includes('openid');
}

async function ask(
  profile: Profile,
  endpoints: Endpoints,
  grant: Grant,
  { secrets, beforeSend }: Context,
): Promise<TokenResponse> {
  try {
    return await requestTokens(profile, endpoints, grant, { secrets, beforeSend });
  } catch (error) {
    throw withOutcome(error, grant);
  }
}

/** What an unknown outcome means for what was sent. */
function withOutcome(error: unknown, grant: Grant): unknown {
  if (!(error instanceof OpenBankingError) || error.outcome !== 'unknown') return error;
  switch (grant.type) {
    case 'authorization_code':
      return error.with({
        description:
          'Whether the bank used up the authorization code is not known; it is not sent again. If it was, the customer has to give consent anew.',
      });
    case 'refresh_token':
      return error.with({
        description:
          'Whether the bank used up the refresh token is not known; it is not sent again by itself. One more try with the same refresh token, a minute from now or later, tells: if the bank then refuses it, the customer has to give consent anew.',
      });
    case 'client_credentials':
      return error;
  }
}

async function failedIdTokenCheck(
  { parameters }: TokenResponse,
  profile: Profile,
  endpoints: Endpoints,
  context: Context,
): Promise<OpenBankingError | undefined> {
  const { id_token: idToken, access_token: accessToken } = parameters;
  if (idToken === undefined || idToken === null) {
    // The one of the redirect was compared with both.
    if (context.redirectIdToken) return undefined;
    return nothingToCompare(context);
  }
  try {
    await verifyIdToken(idToken as string, profile, endpoints, {
      ...context,
      accessToken: accessToken as string,
    });
    return undefined;
  } catch (error) {
    if (error instanceof OpenBankingError) return error;
    // Whatever a hostile ID token brings about: the tokens are received, and are not lost over it.
    return new OpenBankingError('id-token-malformed', {
      message: 'The ID token is not valid',
      outcome: 'received',
    });
  }
}

/** Without an ID token, what was to be compared with one is not. */
function nothingToCompare({ nonce, consentId }: Context): OpenBankingError | undefined {
  const failed = (code: 'id-token-nonce' | 'id-token-consent', what: string) =>
    new OpenBankingError(code, {
      message: `The bank sent no ID token, so that the ${what} cannot be compared`,
      outcome: 'received',
    });
  if (nonce) return failed('id-token-nonce', 'nonce');
  return consentId ? failed('id-token-consent', 'consent') : undefined;
}
