import { decodeJwt } from 'jose/jwt/decode';
import { OpenBankingError } from '../../errors/OpenBankingError';
import type { Slots } from '../../lib/slots';
import type { Profile } from '../../profile/profile';
import { isJwe } from '../jwt/jwe';
import { responseJwtKind } from '../jwt/jwtKind';
import { decryptedJwt } from '../jwt/verifyBankJwt';
import { assertUnambiguous, redirectMalformed } from './redirectParameters';

/** A redirect whose authorization request is to be found. */
export interface LocatedRedirect {
  /** Not verified. It finds the authorization request. */
  readonly state: string;
  /** All parameters. A response JWT that was encrypted is decrypted. */
  readonly parameters: URLSearchParams;
}

/** The keys that decrypt response JWTs. */
type DecryptionKeys = Pick<Profile, 'decryptionKeys'>;

/** Decrypts response JWTs of strangers. */
export interface Decryption extends DecryptionKeys {
  /** Bounds the decryptions at the same time. */
  readonly slots: Slots;
}

/** Maximum number of encrypted redirects that wait. One takes a few milliseconds. */
const MAXIMUM_WAITING = 20;

/**
 * Reads the state of a redirect that anybody may have sent. It does no costly work but one: the state of an encrypted response JWT is inside
 * it. Such redirects are decrypted in turn, and refused if many wait.
 *
 * @throws OpenBankingError `redirect-malformed`, `redirect-busy`, `jwt-decryption`, `jwt-malformed`
 */
export async function locateRedirect(
  parameters: URLSearchParams,
  decryption: Decryption,
): Promise<LocatedRedirect> {
  assertUnambiguous(parameters, 'all');
  const readable = await withDecryptedResponse(parameters, decryption);
  const { state, code, error } = claimsOf(readable);
  if (typeof state !== 'string' || state === '') throw redirectMalformed({ problem: 'noState' });
  if (![code, error].some((value) => typeof value === 'string' && value !== '')) {
    throw redirectMalformed({ problem: 'noCode' });
  }
  return { state, parameters: readable };
}

/**
 * The parameters of a redirect, or the claims of its response JWT (JARM). They are not verified.
 *
 * @param keys decrypt an encrypted JWT
 * @throws OpenBankingError `redirect-malformed`, `jwt-decryption`, `jwt-malformed`
 */
export async function unverifiedParameters(
  parameters: URLSearchParams,
  keys: DecryptionKeys,
): Promise<Readonly<Record<string, unknown>>> {
  const response = parameters.get('response');
  if (!response || !isJwe(response)) return claimsOf(parameters);
  return claimsOf(withResponse(parameters, await readable(response, keys)));
}

async function withDecryptedResponse(
  parameters: URLSearchParams,
  { slots, ...keys }: Decryption,
): Promise<URLSearchParams> {
  const response = parameters.get('response');
  if (!response || !isJwe(response)) return parameters;
  if (slots.waiting >= MAXIMUM_WAITING) {
    throw new OpenBankingError('redirect-busy', { outcome: 'not-sent' });
  }
  return withResponse(parameters, await slots.use(() => readable(response, keys)));
}

function withResponse(parameters: URLSearchParams, response: string): URLSearchParams {
  const changed = new URLSearchParams(parameters);
  changed.set('response', response);
  return changed;
}

function readable(response: string, keys: DecryptionKeys): Promise<string> {
  return decryptedJwt(response, keys, responseJwtKind);
}

function claimsOf(parameters: URLSearchParams): Readonly<Record<string, unknown>> {
  const response = parameters.get('response');
  if (!response) return Object.fromEntries(parameters.entries());
  try {
    return decodeJwt(response);
  } catch {
    throw unreadable();
  }
}

function unreadable(): OpenBankingError {
  return redirectMalformed({ problem: 'unreadableJwt' });
}
