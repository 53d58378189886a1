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
import type { Bank } from '../bank/bank';
import { requiredEndpoint, type Endpoints } from '../../profile/endpoints';
import { authorizationRemarks, type OfferedRequest } from '../../profile/bankOffers';
import { notOffered } from '../../profile/offeredAlgorithms';
import { codeChallenge } from './pkce';
import { randomValue } from '../../lib/randomValue';
import type { Profile } from '../../profile/profile';
import type { ExpectedAuthentication } from '../jwt/idTokenClaims';
import { pushAuthorizationRequest } from './pushedAuthorizationRequest';
import { redirectUriOf } from '../../profile/redirectUri';
import type { RequestDelivery, RequestObjectType } from '../../profile/regime';
import { requestsIdToken, withConsent } from '../../profile/scope';
import { authenticationAskedFor } from './requestedClaims';

/** Options of an authorization link. They have no `state`, `nonce` or PKCE verifier, because these are random. */
export interface AuthorizationLinkOptions extends Omit<
  AuthorizationRequest,
  'clientId' | 'redirectUri' | 'scope' | 'state' | 'nonce' | 'codeChallenge'
> {
  readonly delivery: RequestDelivery;
  /** Whether a request object is pushed if the metadata of the bank says that all requests have to be pushed. */
  readonly pushesIfRequired?: boolean;
  /** Whether the code is bound to a verifier (PKCE, RFC 7636). */
  readonly pkce: boolean;
  /** If empty, the redirect URI of the profile. */
  readonly redirectUri?: string;
  /** If empty, the scope of the profile. */
  readonly scope?: string;
  /** A scope that names the consent, such as `consent:urn:bank:1`. It is added to the scope. */
  readonly consentScope?: string;
  /** `typ` of the request object, if there is one. */
  readonly requestObjectType?: RequestObjectType;
  /** Whether the bank leaves `acr` and `auth_time` out of ID tokens although they were asked for. */
  readonly omitsLogIn?: boolean;
}

/** A link for a customer, with the values that the answer is compared with. */
export interface AuthorizationLink {
  readonly url: string;
  readonly state: string;
  /** Only if an ID token is requested. */
  readonly nonce?: string;
  readonly codeVerifier?: string;
  readonly redirectUri: string;
  /** The log-in that was asked for. */
  readonly authentication: ExpectedAuthentication;
  /** Time until which a customer can follow the link. */
  readonly expiresAt: Date;
  /** Warnings. */
  readonly remarks: readonly string[];
}

/**
 * Makes a link that sends a customer to the bank, with a new `state` and `nonce`. The request is sent only if it is pushed.
 *
 * @param now the present
 * @throws OpenBankingError `field-malformed`, `endpoint-missing`, and those of `redirectUriOf`, `Bank.endpoints`, the signing key and
 *   `pushAuthorizationRequest`
 */
export async function authorizationLink(
  bank: Bank,
  options: AuthorizationLinkOptions,
  now = new Date(),
): Promise<AuthorizationLink> {
  const { profile } = bank;
  const { pkce, omitsLogIn, requestObjectType, ...rest } = options;
  const codeVerifier = pkce ? randomValue() : undefined;
  const scope = requestedScope(profile, options);
  const request: AuthorizationRequest = {
    ...rest,
    clientId: profile.clientId,
    redirectUri: redirectUriOf(profile, options.redirectUri),
    scope,
    state: randomValue(),
    // The ID token repeats the nonce.
    ...(requestsIdToken(scope) && { nonce: randomValue() }),
    ...(codeVerifier && { codeChallenge: codeChallenge(codeVerifier) }),
  };
  const parameters = authorizationParameters(request);
  const endpoints = await bank.endpoints();
  const address = requiredEndpoint(endpoints, 'authorization');
  const delivery = deliveryOf(options, endpoints);
  const signed = async () =>
    requestObject(await profile.requestSigner(), parameters, {
      // The issuer, because only the issuer is known before metadata is fetched (CVE-2025-27370).
      audience: profile.requestObjectAudience ?? endpoints.issuer,
      type: requestObjectType ?? 'oauth-authz-req+jwt',
      now,
    });
  const authentication = authenticationOf(request, parameters, omitsLogIn);
  const asked = { ...request, acrValues: authentication.acrValues ?? request.acr?.values };
  const remarks = await remarksOf(profile, endpoints, { delivery, asked });
  const delivered = await deliver(profile, endpoints, delivery, { parameters, signed }).catch(
    (error: unknown) => {
      throw withRemarks(error, remarks);
    },
  );
  const ownEnd = requestObjectEnd(now).getTime();
  return {
    url: authorizationUrl(address, delivered.parameters),
    state: request.state,
    nonce: request.nonce,
    codeVerifier,
    redirectUri: request.redirectUri,
    authentication,
    expiresAt: new Date(Math.min(ownEnd, delivered.expiresAt?.getTime() ?? ownEnd)),
    remarks,
  };
}

function deliveryOf(
  { delivery, pushesIfRequired = false }: AuthorizationLinkOptions,
  { offers }: Endpoints,
): RequestDelivery {
  const isPushed = delivery === 'requestObject' && pushesIfRequired && offers?.requiresPush;
  return isPushed ? 'pushedRequestObject' : delivery;
}

/** The log-in that a request asks for. Without an ID token, nothing can name it. */
function authenticationOf(
  { nonce, maxAge }: AuthorizationRequest,
  { claims }: AuthorizationParameters,
  omitsLogIn = false,
): ExpectedAuthentication {
  const { requiredClaims, ...asked } = authenticationAskedFor(
    claims as Record<string, unknown> | undefined,
    maxAge,
  );
  const isRequired = nonce !== undefined && !omitsLogIn;
  return { ...asked, ...(isRequired && requiredClaims && { requiredClaims }) };
}

async function remarksOf(
  profile: Profile,
  endpoints: Endpoints,
  { delivery, asked }: { readonly delivery: RequestDelivery; readonly asked: OfferedRequest },
): Promise<string[]> {
  const remarks = authorizationRemarks(endpoints, asked).map(({ sentence }) => sentence);
  if (delivery !== 'requestObject' && delivery !== 'pushedRequestObject') return remarks;
  const { algorithm } = await profile.requestSigner();
  const hint = notOffered(endpoints.algorithms, 'requestObject', algorithm);
  return hint ? [hint, ...remarks] : remarks;
}

/** A refusal of a pushed request, with the warnings in front of its advice: what metadata does not offer is a likely reason. */
function withRemarks(error: unknown, remarks: readonly string[]): unknown {
  const isRefusal = error instanceof OpenBankingError && error.stage === 'authorization-server';
  if (!isRefusal || remarks.length === 0) return error;
  return error.with({ description: [...remarks, error.description].join(' ') });
}

/** Pushes or signs the request if it has to be. @returns the parameters for the customer's link */
async function deliver(
  profile: Profile,
  endpoints: Endpoints,
  delivery: RequestDelivery,
  {
    parameters,
    signed,
  }: { readonly parameters: AuthorizationParameters; readonly signed: () => Promise<string> },
): Promise<{ parameters: AuthorizationParameters; expiresAt?: Date }> {
  const push = async (pushed: AuthorizationParameters) => {
    const { requestUri, expiresAt } = await pushAuthorizationRequest(profile, endpoints, pushed);
    return {
      parameters: { client_id: profile.clientId, request_uri: requestUri },
      expiresAt,
    };
  };
  switch (delivery) {
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

/**
 * The scope of the options or of the profile, with the consent if the scope names it.
 *
 * @throws OpenBankingError `field-malformed` if it needs "openid" and lacks it
 */
function requestedScope(
  profile: Profile,
  { scope, responseType, consentId, consentScope }: AuthorizationLinkOptions,
): string {
  const value = withConsent(scope?.trim() || profile.scope, consentScope);
  if (requestsIdToken(value)) return value;
  const lacking = (problem: 'openidForIdToken' | 'openidForConsent', choice: string) =>
    new OpenBankingError('field-malformed', {
      problem,
      description: `Add "openid" to the scope, or ${choice}.`,
    });
  if (responseType === 'code id_token') {
    throw lacking('openidForIdToken', 'choose a response type without ID token');
  }
  if (consentId) {
    throw lacking('openidForConsent', 'set "Name the Consent By" to another value than the claim');
  }
  return value;
}
