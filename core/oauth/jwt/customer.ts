import { decodeJwt } from 'jose/jwt/decode';
import type { OpenBankingError } from '../../errors/OpenBankingError';
import { plainText } from '../../lib/displayText';
import type { Profile } from '../../profile/profile';
import type { IdTokenClaims } from './idTokenClaims';
import { idTokenKind, jwtFailure } from './jwtKind';
import { decryptedJwt } from './verifyBankJwt';

/** The claims of an ID token about the customer of a consent. The ID token of each refresh is compared with them (OIDC Core §12.2). */
export interface Customer {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string | string[];
  readonly azp?: string;
  /** When the customer logged in, in seconds since 1970. */
  readonly auth_time?: number;
  /** `nonce` of the authorization request. A refreshed ID token may leave it out. */
  readonly nonce?: string;
}

/** A customer and the bank's ID of the consent that the customer gave, as far as they are known. */
export interface ConsentedCustomer {
  readonly customer?: Customer;
  readonly consentId?: string;
}

/** The claims of an ID token about its customer, without the others. */
export function customerIn(claims: Partial<IdTokenClaims>): Customer | undefined {
  const { iss, sub, aud = [], azp, auth_time: time, nonce } = claims;
  if (typeof iss !== 'string' || typeof sub !== 'string') return undefined;
  return {
    iss,
    sub,
    aud,
    ...(typeof azp === 'string' && { azp }),
    ...(typeof time === 'number' && { auth_time: time }),
    ...(typeof nonce === 'string' && { nonce }),
  };
}

/**
 * The customer that an ID token names. The ID token is decrypted if it is encrypted, and not verified: call this for an ID token that
 * passed its check before.
 *
 * @returns `undefined` if the ID token cannot be read
 */
export async function customerOf(idToken: string, profile: Profile): Promise<Customer | undefined> {
  try {
    return customerIn(decodeJwt(await decryptedJwt(idToken, profile, idTokenKind)));
  } catch {
    return undefined;
  }
}

/**
 * Whether a renewed consent belongs to the same customer: the same `iss`, and the same `sub`. At some banks `sub` is the consent ID: it is
 * then the new consent ID. If one of the customers is not known, the result is `true`.
 *
 * @param before what is known of the stored consent
 * @param now what is known of the new tokens
 */
export function isSameCustomerOnRenewal(
  before: ConsentedCustomer,
  now: ConsentedCustomer,
): boolean {
  const { customer: former, consentId: formerConsent } = before;
  const { customer, consentId } = now;
  if (!former || !customer) return true;
  if (former.iss !== customer.iss) return false;
  if (former.sub === customer.sub) return true;
  const wasConsent = formerConsent !== undefined && former.sub === formerConsent;
  return wasConsent && consentId !== undefined && customer.sub === consentId;
}

/**
 * Asserts that a refreshed ID token names the customer of the first one (OIDC Core §12.2): the same `iss` and `sub`, an `aud` that
 * contains the former one, the same `azp`, and the same `auth_time` and `nonce` if both have them.
 *
 * @throws OpenBankingError `id-token-subject`, `jwt-audience`, `id-token-auth-time`, `id-token-binding`
 */
export function assertSameCustomer(claims: IdTokenClaims, former: Customer): void {
  const changed = (claim: string) =>
    jwtFailure(idTokenKind, 'id-token-subject', {
      problem: 'original',
      values: { claim },
    });
  if (claims.iss !== former.iss) throw changed('iss');
  if (claims.sub !== former.sub) throw changed('sub');
  const audiences = listOf(claims.aud);
  if (!listOf(former.aud).every((audience) => audiences.includes(audience))) {
    throw changedAudience('aud', former.aud, claims.aud);
  }
  if (claims.azp !== former.azp) throw changedAudience('azp', former.azp, claims.azp);
  const { auth_time: time, nonce } = claims;
  if (time !== undefined && former.auth_time !== undefined && time !== former.auth_time) {
    const values = { before: former.auth_time, now: plainText(time) };
    throw jwtFailure(idTokenKind, 'id-token-auth-time', { problem: 'changed', values });
  }
  if (nonce !== undefined && former.nonce !== undefined && nonce !== former.nonce) {
    throw jwtFailure(idTokenKind, 'id-token-binding', {
      problem: 'changed',
      values: { claim: 'nonce' },
    });
  }
}

function listOf(audience: string | readonly string[] = []): readonly string[] {
  return typeof audience === 'string' ? [audience] : audience;
}

function changedAudience(claim: 'aud' | 'azp', before: unknown, now: unknown): OpenBankingError {
  const values = { claim, before: shown(before), now: shown(now) };
  return jwtFailure(idTokenKind, 'jwt-audience', { problem: 'changed', values });
}

/** A client ID, or a list of client IDs, as a message shows it. */
function shown(value: unknown): string {
  const text = plainText([value].flat().join(', '));
  return value === undefined ? 'none' : `"${text}"`;
}
