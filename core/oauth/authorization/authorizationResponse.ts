import type { ProblemOf } from '../../errors/catalogue';
import { OpenBankingError } from '../../errors/OpenBankingError';
import { isVschar } from '../../lib/vschar';
import type { Endpoints } from '../../profile/endpoints';
import type { Profile } from '../../profile/profile';
import type { Bank } from '../bank/bank';
import type { RedirectIdToken } from '../jwt/idTokenClaims';
import { verifyRedirectIdToken, type RedirectIdTokenExpectations } from '../jwt/redirectIdToken';
import { responseJwtParameters } from '../jwt/responseJwt';
import { oauthError } from '../messages/errorResponse';
import {
  assertRedirectSize,
  assertUnambiguous,
  redirectParts,
  unverifiedParameters,
} from './redirectParameters';
import { assertSignature, signatureOf, type RedirectSignature } from './redirectSignature';

/** The values that a redirect is compared with; those that are `undefined` are not compared. */
export interface RedirectExpectations extends RedirectIdTokenExpectations {
  /** `state` of the authorization request. */
  state?: string;
  /** The signature that the authorization request asked for. */
  signature?: RedirectSignature;
}

/** The verified parts of an authorization response that an exchange uses. */
export interface AuthorizationResponse {
  /** The bare, decoded code. */
  code: string;
  /** The ID token of the redirect, if it had one. */
  idToken?: RedirectIdToken;
}

/**
 * Reads the authorization code that a person or an expression gives: a bare code, a percent-encoded code, or the address of the redirect
 * with its parameters in the query, in the fragment or in a response JWT.
 *
 * The code is decoded exactly once. Everything in an address is verified before the code is returned: `state` (RFC 6749 §10.12),
 * `iss` (RFC 9207), the ID token (FAPI 1.0 Advanced §5.2.2.1) and the response JWT (JARM §2.4).
 *
 * @throws OpenBankingError `input-missing`, `code-malformed`, `redirect-too-large`, `redirect-malformed`,
 *   `state-mismatch`, `issuer-mismatch`, `redirect-incomplete`, `jwt-…`, `id-token-…`, `jwks-unusable`; if the redirect
 *   reports an error, that error, of the stage `authorization-server`
 */
export async function readAuthorizationResponse(
  input: string,
  bank: Bank,
  endpoints: Endpoints,
  expected: RedirectExpectations = {},
): Promise<AuthorizationResponse> {
  assertRedirectSize(input);
  const text = input.trim();
  if (text === '') {
    throw new OpenBankingError('input-missing', {
      problem: 'input',
      values: { input: 'Authorization Code' },
    });
  }
  const sent = addressParameters(text);
  if (!sent) {
    assertSignature(expected.signature ?? 'none', 'none');
    return { code: wellFormed(/%[\da-f]{2}/i.test(text) ? percentDecoded(text) : text) };
  }
  const response = sent.get('response');
  if (response === null) return verified(sent, bank, endpoints, expected, signatureOf(sent));
  const signed = await responseJwtParameters(response, bank, endpoints);
  return verified(signed, bank, endpoints, expected, 'response');
}

/**
 * The `state` of a redirect, not verified. It finds the authorization request that the redirect is then compared with.
 *
 * @param input as for {@link readAuthorizationResponse}
 * @returns `undefined` for a bare code; an empty text for an address without `state`
 * @throws OpenBankingError `redirect-too-large`, `redirect-malformed`
 */
export async function stateIn(
  input: string,
  { decryptionKey }: Profile,
): Promise<string | undefined> {
  assertRedirectSize(input);
  const sent = addressParameters(input.trim());
  if (!sent) return undefined;
  const { state } = await unverifiedParameters(sent, decryptionKey);
  return typeof state === 'string' ? state : '';
}

/** The parameters of query and fragment together; `undefined` for a bare code. */
function addressParameters(text: string): URLSearchParams | undefined {
  const parts = redirectParts(text);
  if (!parts) return undefined;
  const parameters = new URLSearchParams([...parts.query, ...parts.fragment]);
  assertUnambiguous(parameters, 'bank');
  return parameters;
}

async function verified(
  parameters: URLSearchParams,
  bank: Bank,
  endpoints: Endpoints,
  expected: RedirectExpectations,
  signature: RedirectSignature,
): Promise<AuthorizationResponse> {
  // The state is checked first, because the error in a forged redirect must not be believed either.
  if (expected.state && parameters.get('state') !== expected.state) {
    throw new OpenBankingError('state-mismatch', {});
  }
  assertIssuer(parameters, endpoints);
  const failure = oauthError(
    { error: parameters.get('error'), error_description: parameters.get('error_description') },
    undefined,
    secretsOf(parameters),
  );
  if (failure) throw failure;
  const given = parameters.get('code');
  if (given === null) throw malformed('noCode');
  const code = wellFormed(given);
  assertSignature(expected.signature ?? 'none', signature);
  if (!parameters.has('id_token')) return { code };
  return { code, idToken: await verifyRedirectIdToken(parameters, bank, endpoints, expected) };
}

/** Values of a redirect that no message may show. */
function secretsOf(parameters: URLSearchParams): string[] {
  return ['state', 'code', 'id_token', 'response'].flatMap((name) => parameters.getAll(name));
}

/** Asserts that the `iss` of a redirect is the bank (RFC 9207 §2.4). The `iss` of an ID token serves the same purpose. */
function assertIssuer(parameters: URLSearchParams, { issuer, namesIssuer }: Endpoints): void {
  const named = parameters.get('iss');
  if (named !== null && named !== issuer) {
    throw new OpenBankingError('issuer-mismatch', { problem: 'different' });
  }
  if (named === null && namesIssuer && !parameters.has('id_token')) {
    throw new OpenBankingError('issuer-mismatch', { problem: 'missing' });
  }
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw malformed('encoding');
  }
}

function wellFormed(code: string): string {
  if (code === '') throw new OpenBankingError('input-missing', { problem: 'code' });
  if (!isVschar(code) || code.includes(' ')) throw malformed('characters');
  return code;
}

function malformed(problem: ProblemOf<'code-malformed'>): OpenBankingError {
  return new OpenBankingError('code-malformed', { problem });
}
