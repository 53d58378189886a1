import { OpenBankingError } from '../../errors/OpenBankingError';
import {
  authorizationParameters,
  authorizationUrl,
  byValue,
  requestObject,
  requestObjectEnd,
  type AuthorizationParameters,
  type AuthorizationRequest,
} from './authorizationRequest';
import { endpointsOf } from '../bank/discovery';
import type { Endpoints } from '../../profile/endpoints';
import { notOffered } from '../../profile/offeredAlgorithms';
import { codeChallenge } from './pkce';
import { randomValue } from '../../lib/randomValue';
import type { Profile } from '../../profile/profile';
import { pushAuthorizationRequest } from './pushedAuthorizationRequest';
import { redirectUriOf } from '../../profile/redirectUri';

/** How a request reaches the bank: signed by value, pushed (signed or not), or as plain parameters. */
export type Conveyance = 'requestObject' | 'pushedRequestObject' | 'pushed' | 'plain';

/** What a link is asked for with; the rest comes from the profile and from chance. */
export interface LinkWish extends Omit<
  AuthorizationRequest,
  'clientId' | 'redirectUri' | 'scope' | 'state' | 'nonce' | 'codeChallenge'
> {
  readonly conveyance: Conveyance;
  /** Whether the code is bound to a verifier (PKCE, RFC 7636). */
  readonly pkce: boolean;
  /** That of the profile where empty. */
  readonly redirectUri?: string;
  /** That of the profile where empty. */
  readonly scope?: string;
}

/** A link for a customer, with what the answer has to be compared with. */
export interface AuthorizationLink {
  readonly url: string;
  readonly state: string;
  /** Where an ID token is asked for. */
  readonly nonce?: string;
  readonly codeVerifier?: string;
  readonly redirectUri: string;
  /** Until when a customer can follow it. */
  readonly expiresAt: Date;
  /** What is worth a look although the link was made. */
  readonly remarks: readonly string[];
}

/**
 * A link that sends a customer to the bank, with a state and a nonce of its own. Nothing is sent unless the request is pushed.
 *
 * @throws OpenBankingError those of `redirectUriOf`, `setting-malformed`, `endpoint-missing`, those of discovery, of the signing key,
 * and of `pushAuthorizationRequest`
 */
export async function authorizationLink(
  profile: Profile,
  wish: LinkWish,
  now = new Date(),
): Promise<AuthorizationLink> {
  const { conveyance, pkce, ...rest } = wish;
  const codeVerifier = pkce ? randomValue() : undefined;
  const scope = scopeOf(profile, wish);
  const request: AuthorizationRequest = {
    ...rest,
    clientId: profile.clientId,
    redirectUri: redirectUriOf(profile, wish.redirectUri),
    scope,
    state: randomValue(),
    // What repeats it is the ID token.
    ...(asksForIdToken(scope) && { nonce: randomValue() }),
    ...(codeVerifier && { codeChallenge: codeChallenge(codeVerifier) }),
  };
  const endpoints = await endpointsOf(profile);
  if (!endpoints.authorization) {
    throw new OpenBankingError('endpoint-missing', {
      message: 'No authorization endpoint is known of this bank',
    });
  }
  const conveyed = await convey(profile, endpoints, conveyance, request, now);
  const ownEnd = requestObjectEnd(now).getTime();
  return {
    url: authorizationUrl(endpoints.authorization, conveyed.parameters),
    state: request.state,
    nonce: request.nonce,
    codeVerifier,
    redirectUri: request.redirectUri,
    expiresAt: new Date(Math.min(ownEnd, conveyed.expiresAt?.getTime() ?? ownEnd)),
    remarks: await remarksOf(profile, endpoints, conveyance),
  };
}

async function remarksOf(
  profile: Profile,
  { algorithms }: Endpoints,
  conveyance: Conveyance,
): Promise<string[]> {
  if (conveyance !== 'requestObject' && conveyance !== 'pushedRequestObject') return [];
  const { algorithm } = await profile.requestSigner();
  const hint = notOffered(algorithms, 'requestObject', algorithm);
  return hint ? [hint] : [];
}

async function convey(
  profile: Profile,
  endpoints: Endpoints,
  conveyance: Conveyance,
  request: AuthorizationRequest,
  now: Date,
): Promise<{ parameters: AuthorizationParameters; expiresAt?: Date }> {
  const parameters = authorizationParameters(request);
  // The issuer is the one value that was pinned beforehand (CVE-2025-27370).
  const signed = async () =>
    requestObject(await profile.requestSigner(), parameters, endpoints.issuer, now);
  const push = async (pushed: AuthorizationParameters) => {
    const { requestUri, expiresAt } = await pushAuthorizationRequest(profile, endpoints, pushed);
    return {
      parameters: { client_id: profile.clientId, request_uri: requestUri },
      expiresAt,
    };
  };
  switch (conveyance) {
    case 'requestObject':
      return { parameters: byValue(parameters, await signed()) };
    case 'pushedRequestObject':
      return push({ request: await signed() });
    case 'pushed':
      return push(parameters);
    case 'plain':
      return { parameters };
  }
}

/** Of the profile where nothing else is wished for; what only an ID token can tell needs "openid". */
function scopeOf(profile: Profile, { scope, responseType, consentId }: LinkWish): string {
  const value = scope?.trim() || profile.scope;
  if (asksForIdToken(value)) return value;
  const lacking = (without: string, choice: string) =>
    new OpenBankingError('setting-malformed', {
      message: `"Scope" lacks "openid", without which ${without}`,
      description: `Add "openid" to the scope, or ${choice}.`,
    });
  if (responseType === 'code id_token') {
    throw lacking('the bank sends no ID token', 'choose a response type without ID token');
  }
  if (consentId) throw lacking('no ID token names the consent', 'leave "Consent ID" empty');
  return value;
}

function asksForIdToken(scope: string): boolean {
  return scope.split(/\s+/).includes('openid');
}
