import type { KeyObject } from 'node:crypto';
import { displayText } from '../../lib/displayText';
import { assertUnambiguous, redirectMalformed, unverifiedParameters } from './redirectParameters';
import { signatureOf, type RedirectSignature } from './redirectSignature';

/** A redirect as the trigger reads it, not verified. `state` finds the authorization request, and the exchange verifies the redirect. */
export interface Redirect {
  readonly state: string;
  /** The error that the bank reports in place of a code (RFC 6749 §4.1.2.1), safe to show. */
  readonly error?: { readonly code: string; readonly description: string };
  readonly signature: RedirectSignature;
}

/**
 * Reads the parameters of a redirect (RFC 6749 §4.1.2, OAuth 2.0 Multiple Response Types, JARM).
 *
 * @param decryptionKey decrypts an encrypted response JWT
 * @throws OpenBankingError `redirect-malformed`
 */
export async function readRedirect(
  parameters: URLSearchParams,
  decryptionKey?: KeyObject,
): Promise<Redirect> {
  assertUnambiguous(parameters, 'all');
  const answer = await unverifiedParameters(parameters, decryptionKey);
  const { state, code, error } = answer;
  if (typeof state !== 'string' || state === '') {
    throw redirectMalformed({ problem: 'noState' });
  }
  const signature = signatureOf(parameters);
  if (typeof error === 'string' && error !== '') {
    const description = displayText(answer['error_description'], [state]);
    return { state, error: { code: displayText(error, [state]), description }, signature };
  }
  if (typeof code !== 'string' || code === '') {
    throw redirectMalformed({ problem: 'noCode' });
  }
  return { state, signature };
}

/** The address of a redirect with its parameters. The field "Authorization Code" of the exchange accepts it. */
export function redirectAddress(
  redirectUri: string,
  parameters: URLSearchParams,
  part: 'query' | 'fragment',
): string {
  const address = new URL(redirectUri);
  if (part === 'fragment') address.hash = parameters.toString();
  // The redirect URI may have a query, which the bank repeats.
  else parameters.forEach((value, name) => address.searchParams.set(name, value));
  return address.href;
}
