import { issuedAt } from '../jwt/issuedAt';
import { signJwt } from '../jwt/signJwt';
import type { RequestObjectType } from '../../profile/regime';
import type { JwtSigner } from '../../profile/signer';
import type { AuthorizationDetail } from './authorizationDetails';
import type { FurtherParameters } from './furtherParameters';
import { requestedClaims, type RequestedClaims } from './requestedClaims';

/** The content of an authorization request. */
export interface AuthorizationRequest extends RequestedClaims {
  readonly clientId: string;
  readonly responseType: 'code id_token' | 'code';
  /** The default of the response type if `undefined`: `fragment` for `code id_token`, `query` for `code`. */
  readonly responseMode?: ResponseMode;
  readonly redirectUri: string;
  /** Separated by spaces; may be empty. */
  readonly scope: string;
  readonly state: string;
  /** The ID token repeats it. It is `undefined` if no ID token is requested. */
  readonly nonce?: string;
  /** The PKCE code challenge, by the method `S256` (RFC 7636 §4.3). */
  readonly codeChallenge?: string;
  /** Maximum seconds since the customer's last log-in. */
  readonly maxAge?: number;
  readonly prompt?: string;
  /** The details that the customer is asked for (RFC 9396). */
  readonly authorizationDetails?: readonly AuthorizationDetail[];
  /** They have none of the names above. */
  readonly furtherParameters?: FurtherParameters;
}

/** How the answer comes back: as a form (OAuth 2.0 Form Post), as a signed JWT (JARM §2.3), or both. */
export type ResponseMode = 'form_post' | 'jwt' | 'form_post.jwt';

/** Parameters of an authorization request by name. In a query or a form, objects become JSON, and a list of texts is a repeated parameter. */
export type AuthorizationParameters = Readonly<Record<string, string | number | object>>;

/**
 * The parameters of an authorization request (OIDC Core §3.1.2.1, §5.5; RFC 7636 §4.3; RFC 9396 §2). Empty ones are left out.
 *
 * @throws OpenBankingError `field-malformed` as {@link requestedClaims}
 */
export function authorizationParameters(request: AuthorizationRequest): AuthorizationParameters {
  const { codeChallenge: challenge, maxAge, authorizationDetails: details } = request;
  const claims = requestedClaims(request);
  const own = {
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
    ...(details?.length && { authorization_details: details }),
  };
  return { ...own, ...request.furtherParameters, ...own };
}

/** Seconds from `iat` to `exp`. FAPI 1.0 Advanced §5.2.2 allows an hour; some banks allow only ten minutes. */
const REQUEST_LIFETIME = 600;

/** The expiry of a request object that is signed at `now`. */
export function requestObjectEnd(now: Date): Date {
  return new Date((issuedAt(now) + REQUEST_LIFETIME) * 1000);
}

/** The values of a request object in addition to its parameters. */
export interface RequestObjectOptions {
  /** The issuer of the bank, or another name that the bank wants. */
  readonly audience: string;
  readonly type: RequestObjectType;
  /** When it is signed. */
  readonly now: Date;
}

/**
 * A signed request object (RFC 9101 §4, OIDC Core §6.1).
 *
 * @returns the JWS in compact form
 */
export function requestObject(
  signer: JwtSigner,
  parameters: AuthorizationParameters,
  { audience, type, now }: RequestObjectOptions,
): Promise<string> {
  const claims = { ...parameters, iss: parameters.client_id, aud: audience };
  return signJwt(claims, signer, { type, lifetime: REQUEST_LIFETIME, now });
}

/**
 * The parameters that the address has in addition to `request`. The request object also has them. OpenID Connect requires some of them in
 * the address (OIDC Core §6.1), and the documentation of WSO2 shows all of them.
 */
const BESIDE_REQUEST_OBJECT = new Set([
  ...['response_type', 'response_mode', 'client_id', 'scope', 'redirect_uri', 'state', 'nonce'],
  'prompt',
]);

/** The parameters of an address that carries a request object by value. */
export function byValue(parameters: AuthorizationParameters, signed: string) {
  const beside = Object.entries(parameters).filter(([name]) => BESIDE_REQUEST_OBJECT.has(name));
  return { ...Object.fromEntries(beside), request: signed };
}

/** Parameters as names and texts for a query or a form. */
export function textParameters(
  parameters: AuthorizationParameters,
): [name: string, value: string][] {
  return Object.entries(parameters).flatMap(([name, value]) =>
    textsOf(value).map((text): [string, string] => [name, text]),
  );
}

function textsOf(value: string | number | object): string[] {
  if (typeof value !== 'object') return [String(value)];
  const isRepeated = Array.isArray(value) && value.every((entry) => typeof entry === 'string');
  return isRepeated ? value : [JSON.stringify(value)];
}

/**
 * The address that the customer's browser opens (RFC 6749 §4.1.1).
 *
 * @param endpoint the authorization endpoint; it may have a query (RFC 6749 §3.1)
 */
export function authorizationUrl(endpoint: string, parameters: AuthorizationParameters): string {
  const query = textParameters(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
  return `${endpoint}${endpoint.includes('?') ? '&' : '?'}${query}`;
}
