import type { MessageDetails } from '../../errors/catalogue';
import { OpenBankingError, type ErrorDetails, type Outcome } from '../../errors/OpenBankingError';
import { payloadAdvice, redirectAdvice, type jwtErrors } from '../../errors/rows/responseErrors';

/** A kind of JWT that a bank signs. */
export interface JwtKind {
  /** Its name, with which most messages begin. */
  readonly name: string;
  /** The outcome of the token request at the time when the JWT is verified. */
  readonly outcome: Outcome;
  /** The advice if it cannot be trusted, in place of the one of the catalogue. */
  readonly advice?: string;
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
  advice: redirectAdvice,
};

/** The response JWT of a redirect (JARM §2.1). */
export const responseJwtKind: JwtKind = {
  name: 'The response JWT in the redirect',
  outcome: 'not-sent',
  advice: redirectAdvice,
};

/** A payload that a bank signed, for example the body of an answer. */
export const payloadKind: JwtKind = {
  name: 'The signed payload',
  outcome: 'not-sent',
  advice: payloadAdvice,
};

/** A code for a JWT that cannot be trusted. */
export type JwtErrorCode = keyof typeof jwtErrors | 'jwks-unusable';

/** An error about a JWT of this kind. The name of the kind fills the place `<jwt>`. */
export function jwtFailure<Code extends JwtErrorCode>(
  kind: JwtKind,
  code: Code,
  details: MessageDetails<Code, 'jwt'>,
): OpenBankingError {
  const complete: unknown = {
    ...details,
    values: { ...details.values, jwt: kind.name },
    outcome: kind.outcome,
    // The advice about a setting is the same for every kind of JWT.
    ...(kind.advice && !configurable.has(code) && { description: kind.advice }),
  };
  // The compiler does not see that the name completes the values of a code that it does not know.
  return new OpenBankingError(code, complete as ErrorDetails<Code>);
}

/** The codes whose advice names a field of the credential or of the node. */
const configurable = new Set<JwtErrorCode>([
  'jwks-unusable',
  'jwt-algorithm',
  'jwt-decryption',
  'payload-claim',
  'id-token-acr',
  'id-token-auth-time',
]);
