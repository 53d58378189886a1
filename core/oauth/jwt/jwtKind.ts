import type { ErrorCode } from '../../errors/catalogue';
import { OpenBankingError, type Outcome } from '../../errors/OpenBankingError';
import { redirectAdvice } from '../../errors/rows/responseErrors';

/** The faults that every JWT of a bank may have. */
export type JwtFault =
  | 'malformed'
  | 'extension'
  | 'decryption'
  | 'algorithm'
  | 'key'
  | 'signature'
  | 'issuer'
  | 'audience'
  | 'time';

/** A kind of JWT that a bank signs, and the errors of this kind. */
export interface JwtKind {
  /** The first words of each message. */
  readonly name: string;
  readonly codes: Readonly<Record<JwtFault, ErrorCode>>;
  /** The outcome of the token request at the time when the JWT is verified. */
  readonly outcome: Outcome;
}

const idTokenCodes: JwtKind['codes'] = {
  malformed: 'id-token-malformed',
  extension: 'id-token-malformed',
  decryption: 'id-token-decryption',
  algorithm: 'id-token-algorithm',
  key: 'id-token-signature',
  signature: 'id-token-signature',
  issuer: 'id-token-issuer',
  audience: 'id-token-audience',
  time: 'id-token-time',
};

/** The ID token of a token response (OIDC Core §3.1.3.3). */
export const idTokenKind: JwtKind = {
  name: 'The ID token',
  codes: idTokenCodes,
  outcome: 'received',
};

/** The ID token of a redirect (OIDC Core §3.3.2.5). */
export const redirectIdTokenKind: JwtKind = {
  name: 'The ID token in the redirect',
  codes: idTokenCodes,
  outcome: 'not-sent',
};

/** The response JWT of a redirect (JARM §2.1). */
export const responseJwtKind: JwtKind = {
  name: 'The response JWT in the redirect',
  codes: {
    malformed: 'response-jwt-malformed',
    extension: 'response-jwt-extension',
    decryption: 'response-jwt-decryption',
    algorithm: 'response-jwt-algorithm',
    key: 'response-jwt-key',
    signature: 'response-jwt-signature',
    issuer: 'response-jwt-issuer',
    audience: 'response-jwt-audience',
    time: 'response-jwt-time',
  },
  outcome: 'not-sent',
};

/**
 * An error about a JWT of this kind.
 *
 * @param what continues the sentence that the name of the kind begins
 */
export function jwtFailure(kind: JwtKind, code: ErrorCode, what: string): OpenBankingError {
  return new OpenBankingError(code, {
    message: `${kind.name} ${what}`,
    outcome: kind.outcome,
    // A setting is corrected in the same way wherever the JWT came from.
    ...(kind.outcome === 'not-sent' && !configurable.has(code) && { description: redirectAdvice }),
  });
}

/** The codes whose advice names a field of the credential or of the node. */
const configurable = new Set<ErrorCode>([
  'jwks-missing',
  'jwks-unreachable',
  'jwks-too-large',
  'id-token-algorithm',
  'id-token-decryption',
  'id-token-acr',
  'id-token-auth-time',
  'response-jwt-algorithm',
  'response-jwt-decryption',
]);
