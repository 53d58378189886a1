import { SignJWT } from 'jose/jwt/sign';
import { issuedAt } from '../jwt/issuedAt';
import { randomValue } from './pkce';
import type { Signer } from '../../profile/signer';

/** What a customer is asked for. */
export interface AuthorizationRequest {
  readonly clientId: string;
  readonly responseType: 'code id_token' | 'code';
  /** The one of the response type where there is none: the fragment, or the query. */
  readonly responseMode?: ResponseMode;
  readonly redirectUri: string;
  /** Separated by spaces; may be empty. */
  readonly scope: string;
  readonly state: string;
  /** Where an ID token is asked for, which repeats it. */
  readonly nonce?: string;
  /** Of PKCE with `S256` (RFC 7636 §4.3). */
  readonly codeChallenge?: string;
  /** The consent that the customer is to authorise: `openbanking_intent_id`. */
  readonly consentId?: string;
  /** Authentication contexts that will do, the best first. */
  readonly acrValues?: readonly string[];
  /** Seconds that the customer may have logged in ago. */
  readonly maxAge?: number;
  readonly prompt?: string;
}

/** How the answer comes back: as a form (OAuth 2.0 Form Post), as a signed JWT (JARM §2.3), or both. */
export type ResponseMode = 'form_post' | 'jwt' | 'form_post.jwt';

/** Parameters of an authorization request by name; those that are no text are JSON in an address. */
export type AuthorizationParameters = Readonly<Record<string, string | number | object>>;

/** The parameters of an authorization request (OIDC Core §3.1.2.1, §5.5; RFC 7636 §4.3); what is empty is left out. */
export function authorizationParameters(request: AuthorizationRequest): AuthorizationParameters {
  const { codeChallenge: challenge, maxAge } = request;
  const claims = requestedClaims(request);
  return {
    response_type: request.responseType,
    ...(request.responseMode && { response_mode: request.responseMode }),
    client_id: request.clientId,
    ...(request.scope && { scope: request.scope }),
    redirect_uri: request.redirectUri,
    state: request.state,
    ...(request.nonce && { nonce: request.nonce }),
    ...(challenge && { code_challenge: challenge, code_challenge_method: 'S256' }),
    ...(request.prompt && { prompt: request.prompt }),
    ...(maxAge !== undefined && { max_age: maxAge }),
    ...(claims && { claims }),
  };
}

/** The consent stands in the ID token and at the userinfo endpoint, as UK Open Banking and WSO2 ask for it. */
function requestedClaims({ consentId, acrValues }: AuthorizationRequest): object | undefined {
  const intent = consentId ? { openbanking_intent_id: { value: consentId, essential: true } } : {};
  const acr = acrValues?.length ? { acr: { values: acrValues, essential: true } } : {};
  const idToken = { ...acr, ...intent };
  if (Object.keys(idToken).length === 0) return undefined;
  return { ...(consentId && { userinfo: intent }), id_token: idToken };
}

/** Seconds from `iat` and `nbf` to `exp`: FAPI 1 Advanced §5.2.2 allows an hour, some banks ten minutes. */
const REQUEST_LIFETIME = 600;

/** When a request object that was made at this time ends. */
export function requestObjectEnd(now: Date): Date {
  return new Date((issuedAt(now) + REQUEST_LIFETIME) * 1000);
}

/**
 * A signed request object (RFC 9101 §4, OIDC Core §6.1).
 *
 * @param audience the issuer of the bank
 * @param now the present
 * @returns the JWS in compact form
 */
export function requestObject(
  signer: Signer,
  parameters: AuthorizationParameters,
  audience: string,
  now: Date,
): Promise<string> {
  const iat = issuedAt(now);
  return new SignJWT({
    ...parameters,
    iss: parameters.client_id as string,
    aud: audience,
    jti: randomValue(),
    iat,
    nbf: iat,
    exp: iat + REQUEST_LIFETIME,
  })
    .setProtectedHeader({ kid: signer.keyId, typ: 'JWT', alg: signer.algorithm })
    .sign(signer.key);
}

/** What stands beside `request` in an address, as WSO2 documents it: OpenID Connect wants some of it twice (OIDC Core §6.1). */
const BESIDE_REQUEST_OBJECT = new Set([
  ...['response_type', 'response_mode', 'client_id', 'scope', 'redirect_uri', 'state', 'nonce'],
  'prompt',
]);

/** A request object with what stands beside it in an address. */
export function byValue(parameters: AuthorizationParameters, signed: string) {
  const beside = Object.entries(parameters).filter(([name]) => BESIDE_REQUEST_OBJECT.has(name));
  return { ...Object.fromEntries(beside), request: signed };
}

/** Parameters as they stand in a query or a form. */
export function asText(parameters: AuthorizationParameters): [name: string, value: string][] {
  return Object.entries(parameters).map(([name, value]) => [
    name,
    typeof value === 'object' ? JSON.stringify(value) : String(value),
  ]);
}

/**
 * The address that a customer's browser is sent to (RFC 6749 §4.1.1).
 *
 * @param endpoint may have a query of its own (RFC 6749 §3.1)
 */
export function authorizationUrl(endpoint: string, parameters: AuthorizationParameters): string {
  const query = asText(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
  return `${endpoint}${endpoint.includes('?') ? '&' : '?'}${query}`;
}
