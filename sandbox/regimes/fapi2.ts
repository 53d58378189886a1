import { FAPI1, hasChallenge, isFor, usesSecret } from './fapi1';
import type {
  AuthorizationAddress,
  AuthorizationRequest,
  ClientRequest,
  Regime,
  Rule,
} from './regime';

/** Algorithms of FAPI 2.0, section 5.4.1. */
const ALGORITHMS = ['PS256', 'ES256', 'EdDSA'];

/** Longest life of a request object, and the age of the oldest `nbf`, in seconds. */
const HOUR = 3_600;

/** Seconds by which a client's clock may be ahead. */
const MOST_AHEAD = 60;

/** The rules of FAPI 2.0 for clients (https://openid.net/specs/fapi-security-profile-2_0-final.html). */
export const FAPI2_CLIENT_RULES: readonly Rule<ClientRequest>[] = [
  {
    source: 'FAPI 2.0 5.3.2.1-4',
    demand: 'tokens are bound to a client certificate that this bank trusts',
    error: 'invalid_client',
    isBroken: ({ isForTokens, connection }) => isForTokens && !connection.trusted,
  },
  {
    source: 'FAPI 2.0 5.3.2.1-6',
    demand: 'clients authenticate with a certificate or a signed assertion, not with a secret',
    error: 'invalid_client',
    isBroken: usesSecret,
  },
  {
    source: 'FAPI 2.0 5.4.1',
    demand: 'client assertions are signed with PS256, ES256 or EdDSA',
    error: 'invalid_client',
    isBroken: ({ assertion }) =>
      assertion !== undefined && !ALGORITHMS.includes(assertion.algorithm ?? ''),
  },
  {
    source: 'FAPI 2.0 5.3.2.1-8',
    demand: 'aud of client assertions is the issuer alone, as a string',
    error: 'invalid_client',
    isBroken: ({ assertion, bank }) =>
      assertion !== undefined && assertion.claims.aud !== bank.issuer,
  },
  {
    source: 'FAPI 2.0 5.3.2.1-13',
    demand: 'iat and nbf of client assertions are at most 60 seconds ahead',
    error: 'invalid_client',
    isBroken: ({ assertion, now }) =>
      [assertion?.claims.iat, assertion?.claims.nbf].some((at = 0) => at > now + MOST_AHEAD),
  },
];

/** The rules of FAPI 2.0 for the address that a customer opens. */
export const FAPI2_ADDRESS_RULES: readonly Rule<AuthorizationAddress>[] = [
  {
    source: 'FAPI 2.0 5.3.2.2-3',
    demand: 'authorization requests are pushed first',
    isBroken: ({ query }) => query.request_uri === undefined,
  },
  {
    source: 'FAPI 2.0 5.3.3.2-6',
    demand: 'client_id and request_uri are the only parameters of the address',
    isBroken: ({ query }) =>
      Object.keys(query).some((name) => name !== 'client_id' && name !== 'request_uri'),
  },
];

/** The rules of FAPI 2.0 for what an authorization request asks for. */
export const FAPI2_PARAMETER_RULES: readonly Rule<AuthorizationRequest>[] = [
  {
    source: 'FAPI 2.0 5.3.2.2-1',
    demand: 'response_type is "code"',
    error: 'unsupported_response_type',
    isBroken: ({ parameters }) => parameters.response_type !== 'code',
  },
  {
    source: 'FAPI 2.0 5.3.2.2-5',
    demand: 'requests have a code_challenge with the method S256',
    isBroken: ({ parameters }) => !hasChallenge(parameters),
  },
  {
    source: 'FAPI 2.0 5.3.2.2-6',
    demand: 'redirect_uri is in the request',
    isBroken: ({ parameters }) => !parameters.redirect_uri,
  },
  {
    source: 'FAPI 2.0 5.3.2.2-14',
    demand: 'nonce has at most 64 characters',
    isBroken: ({ parameters: { nonce } }) => typeof nonce === 'string' && nonce.length > 64,
  },
];

/** The rules for signed requests (https://openid.net/specs/fapi-message-signing-2_0.html, section 5.3.1). */
export const FAPI2_OBJECT_RULES: readonly Rule<AuthorizationRequest>[] = [
  {
    source: 'FAPI 2.0 5.4.1',
    demand: 'request objects are signed with PS256, ES256 or EdDSA',
    isBroken: ({ object }) => object !== undefined && !ALGORITHMS.includes(object.algorithm ?? ''),
  },
  {
    source: 'FAPI 2.0 Message Signing 5.3.1-2',
    demand: 'aud of request objects is the issuer',
    isBroken: ({ object, bank }) => object !== undefined && !isFor(object, [bank.issuer]),
  },
  {
    source: 'FAPI 2.0 Message Signing 5.3.1-3',
    demand: 'request objects have nbf, at most 60 minutes ago',
    isBroken: ({ object, now }) =>
      object !== undefined && !((object.claims.nbf ?? -Infinity) >= now - HOUR),
  },
  {
    source: 'FAPI 2.0 Message Signing 5.3.1-4',
    demand: 'request objects have exp, at most 60 minutes after nbf',
    isBroken: ({ object }) =>
      object !== undefined && !((object.claims.exp ?? Infinity) - (object.claims.nbf ?? 0) <= HOUR),
  },
  {
    source: 'RFC 9126 3',
    demand: 'beside a pushed request object there are no parameters but those of the client',
    isBroken: ({ object, outside }) =>
      object !== undefined &&
      Object.keys(outside).some((name) => name !== 'client_id' && name !== 'request'),
  },
];

/** FAPI 2.0 Security Profile. A request may be signed (FAPI 2.0 Message Signing); if it is, its rules count. */
export const FAPI2: Regime = {
  ...FAPI1,
  name: 'fapi2',
  fapi: '2.0',
  responseTypes: ['code'],
  requiresPar: true,
  requiresSignedRequests: false,
  rotates: false, // 5.3.2.1-9
  longest: { accessToken: HOUR, code: 60 }, // 5.3.2.1-11
  clientRules: FAPI2_CLIENT_RULES,
  addressRules: FAPI2_ADDRESS_RULES,
  requestRules: [...FAPI2_OBJECT_RULES, ...FAPI2_PARAMETER_RULES],
};
