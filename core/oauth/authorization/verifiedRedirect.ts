import type { ProblemOf } from '../../errors/catalogue';
import { OpenBankingError } from '../../errors/OpenBankingError';
import { displayText } from '../../lib/displayText';
import { unseenCharacterIn } from '../../lib/visible';
import type { Endpoints } from '../../profile/endpoints';
import type { Bank } from '../bank/bank';
import type { RedirectIdToken } from '../jwt/idTokenClaims';
import { verifyRedirectIdToken, type RedirectIdTokenExpectations } from '../jwt/redirectIdToken';
import { responseJwtParameters } from '../jwt/responseJwt';
import { oauthError } from '../messages/errorResponse';
import { assertSignature, signatureOf, type RedirectSignature } from './redirectSignature';

/** The values that a redirect is compared with; those that are `undefined` are not compared. */
export interface RedirectExpectations extends RedirectIdTokenExpectations {
  /** `state` of the authorization request. */
  state?: string;
  /** The signature that the authorization request asked for. */
  signature?: RedirectSignature;
  /** The scope that named the consent. A redirect is not compared with it, the tokens are. */
  consentScope?: string;
  /** Whether the redirect must name the bank (`iss`, RFC 9207), whatever the metadata says. */
  namesIssuer?: boolean;
}

/** The answer of a bank in a redirect: a code that was verified as far as the bank signs it, or an error. */
export type VerifiedRedirect = RedirectCode | RedirectError;

/** The parts of a verified redirect that an exchange uses. */
export interface RedirectCode {
  readonly kind: 'code';
  /** The decoded code. */
  readonly code: string;
  /** The ID token of the redirect, if it had one. */
  readonly idToken?: RedirectIdToken;
}

/** An error that the bank reports in place of a code (RFC 6749 §4.1.2.1). */
export interface RedirectError {
  readonly kind: 'error';
  /** `error`, safe to show. */
  readonly error: string;
  /** `error_description`, safe to show; may be empty. */
  readonly description: string;
  /** The failure of an exchange. */
  readonly failure: OpenBankingError;
  /** Whether the bank signed it. Only a response JWT (JARM) signs an error; anybody may have sent another one. */
  readonly isSigned: boolean;
}

/**
 * Verifies the parameters of a redirect: `state` (RFC 6749 §10.12), `iss` (RFC 9207), the ID token (FAPI 1.0 Advanced §5.2.2.1) and the
 * response JWT (JARM §2.4). The trigger and the exchange verify with this function.
 *
 * @param parameters each once, see `assertUnambiguous`
 * @throws OpenBankingError `code-malformed`, `input-missing`, `state-mismatch`, `issuer-mismatch`, `redirect-incomplete`, `jwt-…`,
 *   `id-token-…`, `jwks-unusable`, and those of the stage `tls`
 */
export async function verifyRedirect(
  parameters: URLSearchParams,
  bank: Bank,
  endpoints: Endpoints,
  expected: RedirectExpectations,
): Promise<VerifiedRedirect> {
  const response = parameters.get('response');
  if (response === null) {
    return verified(parameters, bank, endpoints, expected, signatureOf(parameters));
  }
  const signed = await responseJwtParameters(response, bank, endpoints);
  return verified(signed, bank, endpoints, expected, 'response');
}

async function verified(
  given: URLSearchParams,
  bank: Bank,
  endpoints: Endpoints,
  expected: RedirectExpectations,
  signature: RedirectSignature,
): Promise<VerifiedRedirect> {
  // The state is checked first, because the error in a forged redirect must not be believed either.
  const parameters = withExpectedState(given, expected.state);
  assertIssuer(parameters, endpoints, expected);
  const failure = errorIn(parameters, signature);
  if (failure) {
    // No other signature covers an error.
    if (expected.signature === 'response') assertSignature('response', signature);
    return failure;
  }
  const code = parameters.get('code');
  if (code === null) throw codeMalformed('noCode');
  assertCode(code);
  assertSignature(expected.signature ?? 'none', signature);
  if (!parameters.has('id_token')) return { kind: 'code', code };
  const idToken = await verifyRedirectIdToken(parameters, bank, endpoints, expected);
  return { kind: 'code', code, idToken };
}

/** @throws OpenBankingError `state-mismatch` */
function withExpectedState(given: URLSearchParams, expected: string | undefined): URLSearchParams {
  const state = given.get('state');
  if (!expected || state === expected) return given;
  // Some banks do not encode "+", which then is read as a space.
  if (state?.replaceAll(' ', '+') !== expected) throw new OpenBankingError('state-mismatch', {});
  const parameters = new URLSearchParams(given);
  parameters.set('state', expected);
  return parameters;
}

/** Asserts that the `iss` of a redirect is the bank (RFC 9207 §2.4). The `iss` of an ID token serves the same purpose. */
function assertIssuer(
  parameters: URLSearchParams,
  { issuer, namesIssuer: isPromised }: Endpoints,
  { namesIssuer: isExpected }: RedirectExpectations,
): void {
  const named = parameters.get('iss');
  if (named !== null && named !== issuer) {
    throw new OpenBankingError('issuer-mismatch', { problem: 'different' });
  }
  if (named === null && (isPromised || isExpected) && !parameters.has('id_token')) {
    throw new OpenBankingError('issuer-mismatch', { problem: 'missing' });
  }
}

function errorIn(
  parameters: URLSearchParams,
  signature: RedirectSignature,
): RedirectError | undefined {
  const [error, description] = ['error', 'error_description'].map((name) => parameters.get(name));
  const secrets = ['state', 'code', 'id_token'].flatMap((name) => parameters.getAll(name));
  const failure = oauthError({ error, error_description: description }, undefined, secrets);
  return (
    failure && {
      kind: 'error',
      error: displayText(error, secrets),
      description: displayText(description, secrets),
      failure,
      isSigned: signature === 'response',
    }
  );
}

/** @throws OpenBankingError `code-malformed`, `input-missing` */
export function assertCode(code: string): void {
  if (code === '') throw new OpenBankingError('input-missing', { problem: 'code' });
  const [character] = /[^\x21-\x7e]/u.exec(code) ?? [];
  if (character !== undefined) {
    throw new OpenBankingError('code-malformed', {
      problem: 'characters',
      values: { character: namedCharacter(character) },
    });
  }
}

function namedCharacter(character: string): string {
  return character === ' ' ? 'a space' : (unseenCharacterIn(character) ?? `"${character}"`);
}

/** The error `code-malformed`. */
export function codeMalformed(
  problem: Exclude<ProblemOf<'code-malformed'>, 'characters'>,
): OpenBankingError {
  return new OpenBankingError('code-malformed', { problem });
}
