import type { OpenBankingError } from '../../errors/OpenBankingError';
import type { TokenResponse } from './tokenResponse';

/** A token response as the bank sent it (RFC 6749 §5.1), with what a workflow needs beside it. */
export interface TokenSet {
  /** `access_token`, `token_type`, `expires_in`, `refresh_token`, `scope`, `id_token`, and whatever else came. */
  [parameter: string]: unknown;
  /** Always the one to use next: after a refresh the old one where the bank sent none. */
  refresh_token?: string;
  /** `Bearer <access_token>`, ready for a header; withheld where a check failed. */
  authorization?: string;
  /** When the answer was complete, ISO 8601 in UTC. */
  obtained_at: string;
  /** `obtained_at` and `expires_in` added up, ISO 8601 in UTC; missing where the bank did not say. */
  expires_at?: string;
  /** Whether a refresh brought another refresh token than the one that was used. */
  refresh_token_rotated: boolean;
}

/** Tokens that were received, and how the checks of them went. */
export interface ReceivedTokens {
  readonly tokens: TokenSet;
  /** The first check that failed. The tokens are there all the same: losing them may cost a customer's consent. */
  readonly failedCheck?: OpenBankingError;
  /** Departures from the rules that do no harm. */
  readonly remarks: readonly string[];
}

/**
 * The token set of a response.
 *
 * @param usedRefreshToken the one that this response was obtained with
 * @param isWithheld leaves `authorization` out: a check failed, or is still to be done
 */
export function tokenSet(
  { parameters, receivedAt }: TokenResponse,
  usedRefreshToken: string | undefined,
  isWithheld: boolean,
): TokenSet {
  const { access_token: accessToken, refresh_token: sent } = parameters;
  const refreshToken = typeof sent === 'string' && sent !== '' ? sent : usedRefreshToken;
  const expiresAt = expiry(parameters.expires_in, receivedAt);
  const shown: Record<string, unknown> = { ...parameters };
  // Some banks say something else in a parameter of this name.
  delete shown.expires_at;
  return {
    ...shown,
    ...(refreshToken !== undefined && { refresh_token: refreshToken }),
    ...(!isWithheld && { authorization: `Bearer ${String(accessToken)}` }),
    obtained_at: receivedAt.toISOString(),
    ...(expiresAt && { expires_at: expiresAt }),
    refresh_token_rotated: usedRefreshToken !== undefined && refreshToken !== usedRefreshToken,
  };
}

/** @param expiresIn seconds, as a number or its digits */
function expiry(expiresIn: unknown, receivedAt: Date): string | undefined {
  if (typeof expiresIn !== 'number' && !/^\d+$/.test(String(expiresIn))) return undefined;
  const expires = new Date(receivedAt.getTime() + Number(expiresIn) * 1000);
  // "Forever" in seconds is beyond what a Date can hold.
  return Number.isNaN(expires.getTime()) ? undefined : expires.toISOString();
}
