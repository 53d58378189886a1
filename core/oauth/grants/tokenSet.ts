import type { OpenBankingError } from '../../errors/OpenBankingError';
import type { Customer } from '../jwt/customer';
import type { IdTokenExpectations } from '../jwt/idToken';
import type { TokenResponse } from './tokenResponse';

/** A token response as the bank sent it (RFC 6749 §5.1), and the values that a workflow needs in addition. */
export interface TokenSet {
  /** `access_token`, `token_type`, `expires_in`, `refresh_token`, `scope`, `id_token`, and every other parameter of the bank. */
  [parameter: string]: unknown;
  /** The refresh token to use next. If a refresh brought no new one, it is the old one. */
  refresh_token?: string;
  /** `Bearer <access_token>`, ready for a header; missing if a check failed. */
  authorization?: string;
  /** When the answer was complete, in ISO 8601 and UTC. */
  obtained_at: string;
  /** `obtained_at` plus `expires_in`, in ISO 8601 and UTC; missing if the bank sent no `expires_in`. */
  expires_at?: string;
  /** Whether a refresh brought a new refresh token. */
  refresh_token_rotated: boolean;
}

/** Received tokens, and the result of their checks. */
export interface ReceivedTokens {
  readonly tokens: TokenSet;
  /** The first check that failed. The tokens are returned anyway, without `authorization`: the bank may not send them again. */
  readonly failedCheck?: OpenBankingError;
  /** Warnings about broken rules that do no harm. */
  readonly remarks: readonly string[];
  /** The values that the tokens were compared with. With them the tokens can be checked again. */
  readonly expected: IdTokenExpectations;
  /** The customer that a verified ID token names; `undefined` if none came or it did not pass. */
  readonly customer?: Customer;
  /** Whether the grant was given again, and the tokens are those that it brought before. */
  readonly isRepeated?: boolean;
}

/**
 * Makes the token set of a response.
 *
 * @param usedRefreshToken the refresh token of the request
 * @param isWithheld leaves `authorization` out, because a check failed or was not done yet
 */
export function tokenSet(
  { parameters, receivedAt }: TokenResponse,
  usedRefreshToken: string | undefined,
  isWithheld: boolean,
): TokenSet {
  const { access_token: accessToken, refresh_token: sent } = parameters;
  const refreshToken = typeof sent === 'string' ? sent : usedRefreshToken;
  const expiresAt = expiry(parameters.expires_in, receivedAt);
  return {
    ...parameters,
    ...(refreshToken !== undefined && { refresh_token: refreshToken }),
    ...(!isWithheld && { authorization: `Bearer ${String(accessToken)}` }),
    obtained_at: receivedAt.toISOString(),
    ...(expiresAt && { expires_at: expiresAt }),
    refresh_token_rotated: usedRefreshToken !== undefined && refreshToken !== usedRefreshToken,
  };
}

/** @param expiresIn seconds, as a number or as digits */
function expiry(expiresIn: unknown, receivedAt: Date): string | undefined {
  if (expiresIn === undefined) return undefined;
  const expires = new Date(receivedAt.getTime() + Number(expiresIn) * 1000);
  // A bank that means "forever" may send more seconds than a Date can hold.
  return Number.isNaN(expires.getTime()) ? undefined : expires.toISOString();
}
