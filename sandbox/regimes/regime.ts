import type { IncomingHttpHeaders } from 'node:http';
import type { JWTPayload } from 'jose';
import type { Form } from '../form';
import type { Connection } from '../listener';

/** The regimes that the bank can play. WSO2 is the bank as it was before there were others. */
export const REGIME_NAMES = [
  'wso2',
  'fapi1',
  'fapi2',
  'uk',
  'brazil',
  'australia',
  'saudiArabia',
  'saudiArabiaFapi2',
] as const;

export type RegimeName = (typeof REGIME_NAMES)[number];

/**
 * One thing that a security profile tells a bank to refuse. The bank's answer begins with `source`, so that a test or a person can see
 * which rule it was.
 */
export interface Rule<Subject> {
  /** The profile and its clause, such as `FAPI 2.0 5.3.2.2-5`. */
  source: string;
  /** The demand of the rule, in words of this bank. */
  demand: string;
  /** The OAuth error; `invalid_request` if not given. */
  error?: string;
  isBroken(subject: Subject): boolean;
}

/** The bank, as far as rules compare a request with it. */
export interface RuledBank {
  issuer: string;
  tokenEndpoint: string;
}

/** A request of a client that has to authenticate: to the token, PAR, revocation or introspection endpoint. */
export interface ClientRequest {
  bank: RuledBank;
  /** The address of the request. */
  url: string;
  /** Whether it is a request for tokens. */
  isForTokens: boolean;
  connection: Connection;
  headers: IncomingHttpHeaders;
  form: Form;
  /** The client assertion, not verified yet; `undefined` if there is none that can be read. */
  assertion: UnverifiedJwt | undefined;
  /** Seconds since the epoch. */
  now: number;
}

/** A JWT whose signature nobody has checked yet. The authorization server does that after the rules. */
export interface UnverifiedJwt {
  algorithm: string | undefined;
  claims: JWTPayload;
}

/** The address to which a third party sends its customer. */
export interface AuthorizationAddress {
  query: Form;
}

/** An authorization request, pushed or in an address. */
export interface AuthorizationRequest {
  bank: RuledBank;
  isPushed: boolean;
  /** The parameters beside the request object, without those of client authentication. */
  outside: Form;
  /** The request object, not verified yet; `undefined` if there is none. */
  object: UnverifiedJwt | undefined;
  /** The parameters that count: those of the request object, or those outside if there is none. */
  parameters: Readonly<Record<string, unknown>>;
  /** The parameter `claims` (OpenID Connect Core section 5.5); empty if there is none. */
  claims: RequestedClaims;
  /** Values of the parameter `scope`. */
  scopes: readonly string[];
  /** Seconds since the epoch. */
  now: number;
}

/** The parameter `claims`. */
export interface RequestedClaims {
  id_token?: Record<string, RequestedClaim | null>;
  userinfo?: Record<string, RequestedClaim | null>;
  [member: string]: unknown;
}

/** How a claim is requested. */
export interface RequestedClaim {
  essential?: boolean;
  value?: unknown;
  values?: unknown[];
}

/** How an authorization request names the consent that the customer is asked for. */
export interface ConsentNaming {
  /** Whether the claim `openbanking_intent_id` may name it. */
  byClaim: boolean;
  /** The scope that may name it begins with this text, such as `consent:`. */
  scopePrefix?: string;
  /** The member of `claims` that names the consent that this one renews. */
  renewedBy?: 'cdr_arrangement_id';
  /** Whether a request may name none: the bank then makes a consent of what the request asks for. */
  mayNameNone: boolean;
}

/** A bank under one regime: how it is set up, and what it refuses. */
export interface Regime {
  name: RegimeName;
  /** oidc-provider's name of the security profile. */
  fapi: '1.0 Final' | '2.0';
  /** Path of the issuer at the identity server: that of the token endpoint at WSO2. */
  issuerPath: string;
  responseTypes: readonly ('code' | 'code id_token')[];
  /** Whether the bank signs its authorization responses on demand (JARM). */
  offersJarm: boolean;
  /** Whether requests are accepted at the PAR endpoint alone. */
  requiresPar: boolean;
  requiresSignedRequests: boolean;
  authenticationMethods: readonly AuthenticationMethod[];
  /** The value of `acr` for the log-in of its customers, and further ones that clients may ask for. */
  acr: { given: string; known: readonly string[] };
  /** Scopes that clients have registered, separated by spaces. */
  scope: string;
  /** Scope of the application token for consents. */
  consentScope: string;
  consentNaming: ConsentNaming;
  /** Whether ID tokens are encrypted for a key of their own, with RSA-OAEP and A256GCM. */
  encryptsIdTokens: boolean;
  /** Whether a refresh returns a new refresh token, unless the command line says otherwise. */
  rotates: boolean;
  /** Longest lifetimes in seconds. */
  longest: { accessToken: number; code: number };
  /**
   * Seconds for which tokens may be refreshed, by what the request asked for: 0 for no refresh token. If the regime has none, each
   * customer's tokens may be refreshed for a day after the last refresh.
   */
  sharingDuration?: (claims: RequestedClaims) => number;
  /** The member of token answers with the ID of the consent. */
  consentMember?: 'cdr_arrangement_id';
  /** Whether a consent is created by a signed request, and answered with a signed answer. */
  signsConsents: boolean;
  /** Whether a refresh is refused after the customer has ended the consent. */
  refreshesWithConsent: boolean;
  clientRules: readonly Rule<ClientRequest>[];
  addressRules: readonly Rule<AuthorizationAddress>[];
  requestRules: readonly Rule<AuthorizationRequest>[];
}

/** Methods of client authentication. */
export type AuthenticationMethod =
  | 'private_key_jwt'
  | 'tls_client_auth'
  | 'self_signed_tls_client_auth'
  | 'client_secret_basic'
  | 'client_secret_post';
