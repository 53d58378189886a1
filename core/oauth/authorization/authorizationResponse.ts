import { OpenBankingError } from '../../errors/OpenBankingError';
import type { Endpoints } from '../../profile/endpoints';
import { oauthError } from '../messages/errorResponse';
import type { RedirectIdToken } from '../jwt/idTokenClaims';
import type { Profile } from '../../profile/profile';
import {
  assertNothingBesideResponse,
  assertRedirectSize,
  assertSingle,
  unverifiedAnswer,
} from './redirect';
import { verifyRedirectIdToken, type RedirectIdTokenExpectations } from '../jwt/redirectIdToken';
import { assertSignature, signatureOf, type RedirectSignature } from './redirectSignature';
import { responseJwtParameters } from '../jwt/responseJwt';
import { isVschar } from '../../lib/vschar';

/** The parameters that banks put into a redirect. */
const SENT_BY_BANKS = [
  'response',
  'state',
  'iss',
  'error',
  'error_description',
  'code',
  'id_token',
] as const;

/** What the redirect is compared with, as far as it is known. */
export interface RedirectExpectations extends RedirectIdTokenExpectations {
  /** `state` of the authorization request. */
  state?: string;
  /** What the authorization request asked the redirect to be signed with. */
  signature?: RedirectSignature;
}

/** What an exchange needs of an authorization response. */
export interface AuthorizationResponse {
  /** Bare and decoded. */
  code: string;
  /** Where the redirect carried one. */
  idToken?: RedirectIdToken;
}

/**
 * The authorization code in what a person or an expression gives: a bare code, a percent-encoded one, or the whole address
 * that the bank redirected to, with its parameters in the query, in the fragment or in a response JWT. It is decoded exactly once,
 * and of an address everything that the bank sent is verified before the code is handed out: `state` (RFC 6749 §10.12),
 * `iss` (RFC 9207), the ID token (FAPI 1.0 Advanced §5.2.2.1) and the response JWT (JARM §2.4).
 *
 * @throws OpenBankingError `code-missing`, `code-malformed`, `redirect-too-large`, `redirect-parameter-repeated`, `state-mismatch`,
 *   `issuer-mismatch`, `issuer-missing`, `redirect-incomplete`, `id-token-…`, `response-jwt-…`, `jwks-…`; for a redirect that reports a failure, that of
 *   the stage `authorization-server`
 */
export async function readAuthorizationResponse(
  input: string,
  profile: Profile,
  endpoints: Endpoints,
  expected: RedirectExpectations = {},
): Promise<AuthorizationResponse> {
  assertRedirectSize(input);
  const text = input.trim();
  if (text === '') {
    throw new OpenBankingError('code-missing', { message: '"Authorization Code" is empty' });
  }
  const sent = redirectParameters(text);
  const { signature: asked = 'none' } = expected;
  if (!sent) {
    assertSignature(asked, 'none');
    return { code: wellFormed(/%[\da-f]{2}/i.test(text) ? percentDecoded(text) : text) };
  }
  // What the redirect URI itself brings along is not the bank's.
  assertSingle(sent, SENT_BY_BANKS);
  const response = sent.get('response');
  if (response === null) return verified(sent, profile, endpoints, expected, signatureOf(sent));
  assertNothingBesideResponse(sent);
  const signed = await responseJwtParameters(response, profile, endpoints);
  return verified(signed, profile, endpoints, expected, 'response');
}

/**
 * The state that a redirect says it answers, unverified: by it an authorization request is found that the rest is compared with.
 *
 * @returns nothing for a bare code; empty text where an address has none
 * @throws OpenBankingError `redirect-too-large`, `redirect-parameter-repeated`, `redirect-malformed`
 */
export async function stateIn(
  input: string,
  { decryptionKey }: Profile,
): Promise<string | undefined> {
  assertRedirectSize(input);
  const sent = redirectParameters(input.trim());
  if (!sent) return undefined;
  assertSingle(sent, SENT_BY_BANKS);
  assertNothingBesideResponse(sent);
  const { state } = await unverifiedAnswer(sent, decryptionKey);
  return typeof state === 'string' ? state : '';
}

async function verified(
  parameters: URLSearchParams,
  profile: Profile,
  endpoints: Endpoints,
  expected: RedirectExpectations,
  signature: RedirectSignature,
): Promise<AuthorizationResponse> {
  // The state comes first: a forged redirect has nothing to tell, not even an error.
  if (expected.state && parameters.get('state') !== expected.state) {
    throw new OpenBankingError('state-mismatch', {
      message: '"state" in the redirect is not that of the authorization request',
    });
  }
  assertIssuer(parameters, endpoints);
  const failure = oauthError(
    { error: parameters.get('error'), error_description: parameters.get('error_description') },
    undefined,
    [],
  );
  if (failure) throw failure;
  const given = parameters.get('code');
  if (given === null) throw malformed('The redirect carries no "code"');
  const code = wellFormed(given);
  assertSignature(expected.signature ?? 'none', signature);
  if (!parameters.has('id_token')) return { code };
  return { code, idToken: await verifyRedirectIdToken(parameters, profile, endpoints, expected) };
}

/** RFC 9207 §2.4; where an ID token comes along, its `iss` tells as well. */
function assertIssuer(parameters: URLSearchParams, { issuer, namesIssuer }: Endpoints): void {
  const named = parameters.get('iss');
  if (named !== null && named !== issuer) {
    throw new OpenBankingError('issuer-mismatch', {
      message: '"iss" in the redirect is not the issuer of the credential',
    });
  }
  if (named === null && namesIssuer && !parameters.has('id_token')) {
    throw new OpenBankingError('issuer-missing', {
      message: 'The redirect carries no "iss", which the metadata of the bank promises',
    });
  }
}

/** Query and fragment of a URL, or of the part of one that a person copied; nothing for a bare code. */
function redirectParameters(text: string): URLSearchParams | undefined {
  const isUrl = /^[a-z][a-z\d+.-]*:\/\//i.test(text);
  if (!isUrl && !/(?:^|[?#&])(?:code|error|response)=/.test(text)) return undefined;
  const fromQueryOn = isUrl || /^[^=]*[?#]/.test(text) ? text.replace(/^[^?#]*/, '') : `?${text}`;
  const [query = '', ...fragment] = fromQueryOn.split('#');
  return new URLSearchParams([query.replace(/^\?/, ''), ...fragment].filter(Boolean).join('&'));
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw malformed('"Authorization Code" is percent-encoded in a way that cannot be decoded');
  }
}

function wellFormed(code: string): string {
  if (code === '') {
    throw new OpenBankingError('code-missing', { message: 'The redirect carries an empty "code"' });
  }
  if (!isVschar(code) || code.includes(' ')) {
    throw malformed('"Authorization Code" contains characters that no code has');
  }
  return code;
}

function malformed(message: string): OpenBankingError {
  return new OpenBankingError('code-malformed', { message });
}
