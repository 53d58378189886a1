import type { ErrorCode } from '../../errors/catalogue';
import { OpenBankingError, type Outcome } from '../../errors/OpenBankingError';
import { redirectAdvice } from '../../errors/rows/responseErrors';

/** A kind of JWT that a bank signs. */
export interface JwtKind {
  /** The first words of each message. */
  readonly name: string;
  /** The outcome of the token request at the time when the JWT is verified. */
  readonly outcome: Outcome;
}

/** The ID token of a token response (OIDC Core §3.1.3.3). */
export const idTokenKind: JwtKind = {
  name: 'The ID token',
  outcome: 'received',
};

/** The ID token of a redirect (OIDC Core §3.3.2.5). */
export const redirectIdTokenKind: JwtKind = {
  name: 'The ID token in the redirect',
  outcome: 'not-sent',
};

/** The response JWT of a redirect (JARM §2.1). */
export const responseJwtKind: JwtKind = {
  name: 'The response JWT in the redirect',
  outcome: 'not-sent',
};

/**
 * An error about a JWT of this kind.
 *
 * @param what the rest of the sentence, after the name of the kind
 */
export function jwtFailure(kind: JwtKind, code: ErrorCode, what: string): OpenBankingError {
  return new OpenBankingError(code, {
    message: `${kind.name} ${what}`,
    outcome: kind.outcome,
    // The advice about a setting is the same for every kind of JWT.
    ...(kind.outcome === 'not-sent' && !configurable.has(code) && { description: redirectAdvice }),
  });
}

/** The codes whose advice names a field of the credential or of the node. */
const configurable = new Set<ErrorCode>([
  'jwks-unusable',
  'jwt-algorithm',
  'jwt-decryption',
  'id-token-acr',
  'id-token-auth-time',
]);
