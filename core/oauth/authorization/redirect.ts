import { decodeJwt } from 'jose/jwt/decode';
import type { KeyObject } from 'node:crypto';
import type { ErrorCode } from '../../errors/catalogue';
import { OpenBankingError } from '../../errors/OpenBankingError';
import { bankText } from '../../lib/bankText';
import { decrypted, isJwe } from '../jwt/jwe';
import { signatureOf, type RedirectSignature } from './redirectSignature';

/** What a bank's redirect says. Nothing of it is verified: `state` is what it is looked up by, the rest is for the exchange. */
export interface Redirect {
  readonly state: string;
  /** What the bank reports in place of a code (RFC 6749 §4.1.2.1), fit to be shown. */
  readonly error?: { readonly code: string; readonly description: string };
  readonly signature: RedirectSignature;
}

/** Parameters by which the answer of a bank is told from a visit. */
const ANSWERING = ['state', 'code', 'error', 'response', 'id_token', 'access_token'];

/** Those that a bank sends besides. */
const KNOWN = new Set([...ANSWERING, 'iss', 'error_description', 'error_uri', 'scope']);

/** Characters of a redirect at most: the largest honest ones carry an encrypted JWT of a few thousand. */
const MAXIMUM = 64 * 1024;

/** @throws OpenBankingError `redirect-too-large` */
export function assertRedirectSize(redirect: { readonly length: number } | undefined): void {
  if (redirect && redirect.length > MAXIMUM) {
    throw rejected('redirect-too-large', 'has more than 65,536 characters');
  }
}

/** Whether parameters are the answer of a bank, complete or not. */
export function isAnswer(parameters: URLSearchParams): boolean {
  return ANSWERING.some((name) => parameters.has(name));
}

/**
 * RFC 6749 §3.1: a parameter must not be there twice.
 *
 * @param names those that count; all if not given
 * @throws OpenBankingError `redirect-parameter-repeated`
 */
export function assertSingle(parameters: URLSearchParams, names?: readonly string[]): void {
  for (const name of names ?? new Set(parameters.keys())) {
    if (parameters.getAll(name).length < 2) continue;
    // A name that a stranger chose does not belong in a log.
    const which = KNOWN.has(name) ? `"${name}"` : 'a parameter';
    throw rejected('redirect-parameter-repeated', `carries ${which} more than once`);
  }
}

/**
 * A response JWT carries everything (JARM §2.1): what stands beside it is not signed.
 *
 * @throws OpenBankingError `redirect-malformed`
 */
export function assertNothingBesideResponse(parameters: URLSearchParams): void {
  if (!parameters.has('response')) return;
  if (['code', 'error', 'id_token'].some((name) => parameters.has(name))) {
    throw rejected('redirect-malformed', 'carries parameters beside those in its JWT ("response")');
  }
}

/**
 * Reads the parameters of a redirect (RFC 6749 §4.1.2, OAuth 2.0 Multiple Response Types, JARM).
 *
 * @param decryptionKey opens an encrypted JARM response
 * @throws OpenBankingError `redirect-parameter-repeated`, `redirect-malformed`, `redirect-state-missing`
 */
export async function readRedirect(
  parameters: URLSearchParams,
  decryptionKey?: KeyObject,
): Promise<Redirect> {
  assertSingle(parameters);
  assertNothingBesideResponse(parameters);
  const answer = await unverifiedAnswer(parameters, decryptionKey);
  const { state, code, error } = answer;
  if (typeof state !== 'string' || state === '') {
    throw rejected('redirect-state-missing', 'carries no "state"');
  }
  const signature = signatureOf(parameters);
  if (typeof error === 'string' && error !== '') {
    const description = bankText(answer['error_description'], [state]);
    return { state, error: { code: bankText(error, [state]), description }, signature };
  }
  if (typeof code !== 'string' || code === '') {
    throw rejected('redirect-malformed', 'carries neither a code nor an error');
  }
  return { state, signature };
}

/**
 * The parameters of a redirect, or the claims of its JWT (JARM): unverified, whoever knows `state` is who was asked.
 *
 * @param decryptionKey opens an encrypted JWT
 * @throws OpenBankingError `redirect-malformed`
 */
export async function unverifiedAnswer(
  parameters: URLSearchParams,
  decryptionKey: KeyObject | undefined,
): Promise<Record<string, unknown>> {
  const response = parameters.get('response');
  if (!response) return Object.fromEntries(parameters.entries());
  try {
    if (!isJwe(response) || !decryptionKey) return decodeJwt(response);
    return decodeJwt(await decrypted(response, decryptionKey));
  } catch {
    throw rejected('redirect-malformed', 'carries a "response" that cannot be read');
  }
}

/** The whole address that the bank redirected to, which the exchange verifies: "Authorization Code" takes it. */
export function redirectAddress(
  redirectUri: string,
  parameters: URLSearchParams,
  part: 'query' | 'fragment',
): string {
  const address = new URL(redirectUri);
  if (part === 'fragment') address.hash = parameters.toString();
  // The redirect URI may have a query of its own, which the bank repeats.
  else parameters.forEach((value, name) => address.searchParams.set(name, value));
  return address.href;
}

function rejected(code: ErrorCode, what: string): OpenBankingError {
  return new OpenBankingError(code, { message: `The redirect ${what}`, outcome: 'not-sent' });
}
