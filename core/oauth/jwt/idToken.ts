import type { Endpoints } from '../../profile/endpoints';
import type { Bank } from '../bank/bank';
import { assertSameCustomer, customerIn, type Customer } from './customer';
import {
  assertAuthentication,
  assertAuthorizedParty,
  assertConsent,
  assertIssueTime,
  assertNonce,
  assertRedirectCustomer,
  assertSubject,
  REQUIRED_CLAIMS,
  type ExpectedAuthentication,
  type IdTokenClaims,
  type RedirectIdToken,
} from './idTokenClaims';
import { assertHash, halfHashes, type HalfHashes } from './idTokenHash';
import { idTokenKind } from './jwtKind';
import { verifyBankJwt } from './verifyBankJwt';

/** The values that an ID token is compared with. They are plain data: they are stored with tokens whose check has not passed. */
export interface IdTokenExpectations extends ExpectedAuthentication {
  /** `nonce` of the authorization request; not compared if `undefined`. */
  readonly nonce?: string;
  /** The consent that the customer was asked for (`openbanking_intent_id`); not compared if `undefined`. */
  readonly consentId?: string;
  /** The scope that names the consent. It is compared with the granted scope, if the bank says that one; not compared if `undefined`. */
  readonly consentScope?: string;
  /** Hashes of the authorization code that was exchanged; `undefined` after a refresh. */
  readonly codeHash?: HalfHashes;
  /** Hashes of the `state` of the authorization request; not compared if `undefined`. */
  readonly stateHash?: HalfHashes;
  /** The verified ID token of the redirect that brought the code. */
  readonly redirectIdToken?: RedirectIdToken;
  /** The customer of the consent, after a refresh; not compared if `undefined`. */
  readonly customer?: Customer;
  /** Maximum seconds since `iat`; `undefined` after a refresh, because some banks then send the first ID token again. */
  readonly maximumAge?: number;
}

/** The token response of an ID token. */
export interface ReceivedWith {
  /** The access token of the same response. */
  readonly accessToken: string;
  /** When the response came, in milliseconds since the epoch; now if `undefined`. The dates are judged as of this time. */
  readonly receivedAt?: number;
}

/**
 * Verifies the ID token of a token response: signature, `alg`, `iss`, `aud`, `azp`, `exp`, `nbf`, `iat`, `nonce`, `at_hash`, `c_hash`,
 * `s_hash`, `acr`, `auth_time` and the consent (OIDC Core §3.1.3.7, §3.1.3.8; after a refresh §12.2; after a redirect with an ID token
 * §3.3.3.6). An encrypted ID token is decrypted first.
 *
 * @returns the customer that it names
 * @throws OpenBankingError `jwt-…`, `id-token-…`, `jwks-unusable`
 */
export async function verifyIdToken(
  idToken: string,
  bank: Bank,
  endpoints: Endpoints,
  { accessToken, receivedAt = Date.now(), ...expected }: IdTokenExpectations & ReceivedWith,
): Promise<Customer> {
  const { profile } = bank;
  const { idTokenAlgorithm: algorithm } = profile;
  const kind = idTokenKind;
  const claims = await verifyBankJwt<IdTokenClaims>(idToken, bank, endpoints, kind, {
    requiredClaims: REQUIRED_CLAIMS,
    now: receivedAt,
  });
  const { codeHash, stateHash, redirectIdToken, customer } = expected;
  assertSubject(claims, kind);
  assertNonce(claims, expected.nonce ?? redirectIdToken?.nonce, kind);
  assertIssueTime(claims, profile, kind, { maximumAge: expected.maximumAge, now: receivedAt });
  assertAuthorizedParty(claims, profile, kind);
  // The hashes are optional here (OIDC Core §3.1.3.6, §3.3.2.11).
  if (claims.at_hash !== undefined) {
    assertHash('at_hash', claims, halfHashes(accessToken), algorithm, kind);
  }
  if (claims.c_hash !== undefined && codeHash) {
    assertHash('c_hash', claims, codeHash, algorithm, kind);
  }
  if (claims.s_hash !== undefined && stateHash) {
    assertHash('s_hash', claims, stateHash, algorithm, kind);
  }
  // The ID token of the redirect has the required claims. This one may leave them out (OIDC Core §3.3.3.6).
  const requiredClaims = redirectIdToken ? [] : expected.requiredClaims;
  assertAuthentication(claims, { ...expected, requiredClaims }, profile, kind, receivedAt);
  if (redirectIdToken) assertRedirectCustomer(claims, redirectIdToken, kind);
  if (customer) assertSameCustomer(claims, customer);
  assertConsent(claims, expected, kind);
  return customerIn(claims)!;
}
