import { single } from '../form';
import type {
  AuthorizationRequest,
  ClientRequest,
  ConsentNaming,
  Regime,
  Rule,
  UnverifiedJwt,
} from './regime';

/** Algorithms of FAPI 1.0 Advanced, section 8.6. */
const ALGORITHMS = ['PS256', 'ES256'];

/** Longest life of a request object, and the age of the oldest `nbf`, in seconds. */
const HOUR = 3_600;

/** Whether a client authenticates itself with a secret. */
export const usesSecret: Rule<ClientRequest>['isBroken'] = ({ form, headers }) =>
  form.client_secret !== undefined || /^basic /i.test(headers.authorization ?? '');

/** Whether `aud` of a JWT is one of these texts, or has it in its list. */
export function isFor({ claims }: UnverifiedJwt, audiences: readonly string[]): boolean {
  return [claims.aud ?? []].flat().some((audience) => audiences.includes(audience));
}

/** The rules of FAPI 1.0 Advanced for clients (https://openid.net/specs/openid-financial-api-part-2-1_0.html). */
export const FAPI1_CLIENT_RULES: readonly Rule<ClientRequest>[] = [
  {
    source: 'FAPI 1.0 Advanced 5.2.2-5',
    demand: 'tokens are bound to a client certificate that this bank trusts',
    error: 'invalid_client',
    isBroken: ({ isForTokens, connection }) => isForTokens && !connection.trusted,
  },
  {
    source: 'FAPI 1.0 Advanced 5.2.2-14',
    demand: 'clients authenticate with a certificate or a signed assertion, not with a secret',
    error: 'invalid_client',
    isBroken: usesSecret,
  },
  {
    source: 'FAPI 1.0 Advanced 8.6',
    demand: 'client assertions are signed with PS256 or ES256',
    error: 'invalid_client',
    isBroken: ({ assertion }) =>
      assertion !== undefined && !ALGORITHMS.includes(assertion.algorithm ?? ''),
  },
  {
    source: 'RFC 7523 3-3 and RFC 9126 2',
    demand: 'aud of client assertions is the issuer, the token endpoint or the endpoint itself',
    error: 'invalid_client',
    isBroken: ({ assertion, bank, url }) =>
      assertion !== undefined && !isFor(assertion, [bank.issuer, bank.tokenEndpoint, url]),
  },
];

/** The rules of FAPI 1.0 Advanced for signed request objects. */
export const FAPI1_OBJECT_RULES: readonly Rule<AuthorizationRequest>[] = [
  {
    source: 'FAPI 1.0 Advanced 5.2.2-1',
    demand: 'authorization requests are in a signed request object',
    isBroken: ({ object }) => object === undefined || object.algorithm === 'none',
  },
  {
    source: 'FAPI 1.0 Advanced 8.6',
    demand: 'request objects are signed with PS256 or ES256',
    isBroken: ({ object }) => !ALGORITHMS.includes(object?.algorithm ?? ''),
  },
  {
    source: 'FAPI 1.0 Advanced 5.2.2-15',
    demand: 'aud of request objects is the issuer',
    isBroken: ({ object, bank }) => object !== undefined && !isFor(object, [bank.issuer]),
  },
  {
    source: 'FAPI 1.0 Advanced 5.2.2-17',
    demand: 'request objects have nbf, at most 60 minutes ago',
    isBroken: ({ object, now }) => !((object?.claims.nbf ?? -Infinity) >= now - HOUR),
  },
  {
    source: 'FAPI 1.0 Advanced 5.2.2-13',
    demand: 'request objects have exp, at most 60 minutes after nbf',
    isBroken: ({ object }) =>
      !((object?.claims.exp ?? Infinity) - (object?.claims.nbf ?? 0) <= HOUR),
  },
  {
    source: 'RFC 9126 3',
    demand: 'beside a pushed request object there are no parameters but those of the client',
    isBroken: ({ isPushed, outside }) =>
      isPushed && Object.keys(outside).some((name) => name !== 'client_id' && name !== 'request'),
  },
  {
    source: 'OpenID Connect Core 6.1',
    demand:
      'client_id, response_type and scope with openid are also in the address, as in the object',
    isBroken: ({ isPushed, outside, parameters }) =>
      !isPushed &&
      (single(outside, 'client_id') !== parameters.client_id ||
        single(outside, 'response_type') !== parameters.response_type ||
        !(single(outside, 'scope') ?? '').split(' ').includes('openid')),
  },
];

/** The rules of FAPI 1.0 for what an authorization request asks for, in a request object or not. */
export const FAPI1_PARAMETER_RULES: readonly Rule<AuthorizationRequest>[] = [
  {
    source: 'FAPI 1.0 Advanced 5.2.2-2',
    demand: 'response_type is "code id_token", or "code" with the response_mode "jwt"',
    error: 'unsupported_response_type',
    isBroken: ({ parameters: { response_type: type, response_mode: mode } }) =>
      type !== 'code id_token' && !(type === 'code' && /^(.*\.)?jwt$/.test(String(mode))),
  },
  {
    source: 'FAPI 1.0 Advanced 5.2.2-18',
    demand: 'pushed requests have a code_challenge with the method S256',
    isBroken: ({ isPushed, parameters }) => isPushed && !hasChallenge(parameters),
  },
  {
    source: 'FAPI 1.0 Baseline 5.2.2-9 and 5.2.2-10',
    demand: 'redirect_uri is in the request',
    isBroken: ({ parameters }) => !parameters.redirect_uri,
  },
  {
    source: 'FAPI 1.0 Baseline 5.2.2.2 and 5.2.2.3',
    demand: 'requests with the scope openid have a nonce, and all others have a state',
    isBroken: ({ parameters, scopes }) =>
      !(scopes.includes('openid') ? parameters.nonce : parameters.state),
  },
];

/** Whether a request uses PKCE with S256 (RFC 7636). */
export function hasChallenge(parameters: AuthorizationRequest['parameters']): boolean {
  return Boolean(parameters.code_challenge) && parameters.code_challenge_method === 'S256';
}

/** Consents that a request may name, or not. */
const NAMED_BY_NOTHING: ConsentNaming = { byClaim: true, mayNameNone: true };

/** FAPI 1.0 Advanced with nothing of a country. */
export const FAPI1: Regime = {
  name: 'fapi1',
  fapi: '1.0 Final',
  issuerPath: '',
  responseTypes: ['code id_token', 'code'],
  offersJarm: true,
  requiresPar: false,
  requiresSignedRequests: true,
  authenticationMethods: ['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth'],
  acr: { given: 'urn:sandbox:two-factors', known: ['urn:sandbox:one-factor'] },
  scope: 'openid accounts',
  consentScope: 'accounts',
  consentNaming: NAMED_BY_NOTHING,
  encryptsIdTokens: false,
  rotates: true,
  longest: { accessToken: HOUR, code: 300 },
  signsConsents: false,
  refreshesWithConsent: false,
  clientRules: FAPI1_CLIENT_RULES,
  addressRules: [],
  requestRules: [...FAPI1_OBJECT_RULES, ...FAPI1_PARAMETER_RULES],
};
