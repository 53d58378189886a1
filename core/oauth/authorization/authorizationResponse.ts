import { OpenBankingError } from '../../errors/OpenBankingError';
import type { Endpoints } from '../../profile/endpoints';
import type { Profile } from '../../profile/profile';
import type { Bank } from '../bank/bank';
import type { RedirectIdToken } from '../jwt/idTokenClaims';
import {
  assertRedirectSize,
  assertUnambiguous,
  plusRemarks,
  redirectParts,
} from './redirectParameters';
import { assertSignature } from './redirectSignature';
import { unverifiedParameters } from './unverifiedRedirect';
import {
  assertCode,
  codeMalformed,
  verifyRedirect,
  type RedirectExpectations,
} from './verifiedRedirect';

/** The verified parts of an authorization response that an exchange uses. */
export interface AuthorizationResponse {
  /** The bare, decoded code. */
  readonly code: string;
  /** The ID token of the redirect, if it had one. */
  readonly idToken?: RedirectIdToken;
  /** Warnings. */
  readonly remarks: readonly string[];
}

/**
 * Reads the authorization code that a person or an expression gives: a bare code, a percent-encoded code, or the address of the redirect
 * with its parameters in the query, in the fragment or in a response JWT.
 *
 * The code is decoded exactly once. Everything in an address is verified before the code is returned, see {@link verifyRedirect}.
 *
 * @throws OpenBankingError `input-missing`, `redirect-too-large`, `redirect-malformed`, and those of {@link verifyRedirect}; if the redirect
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
    const code = /%[\da-f]{2}/i.test(text) ? percentDecoded(text) : text;
    assertCode(code);
    return { code, remarks: [] };
  }
  const answer = await verifyRedirect(sent, bank, endpoints, expected);
  if (answer.kind === 'error') throw answer.failure;
  const { code, idToken } = answer;
  return { code, ...(idToken && { idToken }), remarks: plusRemarks(text) };
}

/**
 * The `state` of a redirect, not verified. It finds the authorization request that the redirect is then compared with.
 *
 * @param input as for {@link readAuthorizationResponse}
 * @returns `undefined` for a bare code; an empty text for an address without `state`
 * @throws OpenBankingError `redirect-too-large`, `redirect-malformed`, `jwt-decryption`, `jwt-malformed`
 */
export async function stateIn(
  input: string,
  profile: Pick<Profile, 'decryptionKeys'>,
): Promise<string | undefined> {
  assertRedirectSize(input);
  const sent = addressParameters(input.trim());
  if (!sent) return undefined;
  const { state } = await unverifiedParameters(sent, profile);
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

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw codeMalformed('encoding');
  }
}
