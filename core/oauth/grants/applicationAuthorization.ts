import { OpenBankingError } from '../../errors/OpenBankingError';
import { Expiring, type Obtained } from '../../lib/expiring';
import type { Bank } from '../bank/bank';
import { applicationToken } from './applicationToken';

/** Minimum milliseconds until a token expires: with less time left, it is not used. */
const MARGIN = 30 * 1000;

/** Maximum milliseconds for which a token is used, because the bank does not report that it revoked a token. */
const LONGEST = 5 * 60 * 1000;

/**
 * The `Authorization` header for the application itself. It stays in memory for five minutes, but not longer than until 30 seconds before
 * the token expires.
 *
 * It throws the errors of `applicationToken`, `response-invalid`, and a failed check of the token.
 *
 * @param scope if empty, the scope of the profile
 */
export function applicationAuthorization(bank: Bank, scope = ''): Expiring<string> {
  return new Expiring(() => obtain(bank, scope));
}

async function obtain(bank: Bank, scope: string): Promise<Obtained<string>> {
  const { tokens, failedCheck } = await applicationToken(bank, scope);
  if (failedCheck) throw failedCheck;
  const { authorization, expires_at: expiresAt } = tokens;
  if (!authorization) {
    throw new OpenBankingError('response-invalid', { problem: 'noToken' });
  }
  // A token without a known lifetime is used for one request.
  const life = expiresAt ? Date.parse(expiresAt) - MARGIN - Date.now() : 0;
  return { value: authorization, lifetime: Math.min(life, LONGEST) };
}
