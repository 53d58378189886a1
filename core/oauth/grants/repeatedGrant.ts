import type { Bank } from '../bank/bank';
import type { IdTokenExpectations } from '../jwt/idToken';
import { checkTokensAgain } from './tokenCheck';
import type { ReceivedTokens } from './tokenSet';

/**
 * Looks again at tokens that a grant brought a short time ago, because the same grant was given again. A check that failed is repeated:
 * the bank's keys or the credential may have changed since.
 *
 * @param expected other values to compare them with than before
 */
export async function lookedAtAgain(
  bank: Bank,
  earlier: ReceivedTokens,
  expected?: IdTokenExpectations,
): Promise<ReceivedTokens> {
  if (!earlier.failedCheck && !expected) return earlier;
  const checked = await checkTokensAgain(bank, earlier.tokens, expected ?? earlier.expected);
  return { ...checked, remarks: earlier.remarks, isRepeated: earlier.isRepeated };
}

/** Whether the access token has expired, as far as the bank said when it does. */
export function isExpired({ tokens: { expires_at: expiresAt } }: ReceivedTokens): boolean {
  return expiresAt !== undefined && Date.parse(expiresAt) <= Date.now();
}

/** Tokens whose access token has expired: without `authorization`, and with a warning. */
export function withoutExpiredToken(received: ReceivedTokens): ReceivedTokens {
  const tokens = { ...received.tokens };
  delete tokens.authorization;
  const way =
    tokens.refresh_token === undefined
      ? 'The bank sent no refresh token: ask the customer for consent again.'
      : 'Refresh it with the refresh token that came with it.';
  const remark = `The access token that it brought expired on ${tokens.expires_at}. ${way}`;
  return { ...received, tokens, remarks: [...received.remarks, remark] };
}
