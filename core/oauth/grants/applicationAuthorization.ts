import { OpenBankingError } from '../../errors/OpenBankingError';
import { Expiring, type Obtained } from '../../lib/expiring';
import type { Bank } from '../bank/bank';
import { applicationToken } from './grants';

/** Milliseconds before its expiry from which a token is no longer used. */
const MARGIN = 30 * 1000;

/** Maximum milliseconds for which a token is used: if the bank revokes it, nobody says so. */
const LONGEST = 5 * 60 * 1000;

/**
 * The `Authorization` header for the application itself, held in memory for five minutes, and at most until shortly before it expires.
 *
 * It throws what `applicationToken` throws, and a failed check of the token.
 */
export function applicationAuthorization(bank: Bank): Expiring<string> {
  return new Expiring(() => obtain(bank));
}

async function obtain(bank: Bank): Promise<Obtained<string>> {
  const { tokens, failedCheck } = await applicationToken(bank);
  if (failedCheck) throw failedCheck;
  const { authorization, expires_at: expiresAt } = tokens;
  if (!authorization) {
    throw new OpenBankingError('response-invalid', {
      message: 'The bank answered without an access token',
    });
  }
  // A token without a known life is used for one request.
  const life = expiresAt ? Date.parse(expiresAt) - MARGIN - Date.now() : 0;
  return { value: authorization, lifetime: Math.min(life, LONGEST) };
}
