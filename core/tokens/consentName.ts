import { OpenBankingError } from '../errors/OpenBankingError';

/** Characters of a consent's name at most. */
const LONGEST = 500;

/**
 * The name that tokens are kept under, without white space around it.
 *
 * @throws OpenBankingError `consent-missing`, `consent-malformed`
 */
export function consentName(given: unknown): string {
  // An expression may yield a number, or nothing.
  const name = typeof given === 'string' || typeof given === 'number' ? String(given).trim() : '';
  if (!name) throw new OpenBankingError('consent-missing', { message: '"Consent" is empty' });
  if (name.length > LONGEST || /[\p{Cc}\p{Cs}]/u.test(name)) {
    throw new OpenBankingError('consent-malformed', {
      message: '"Consent" is too long, or has characters that cannot be kept',
    });
  }
  return name;
}
