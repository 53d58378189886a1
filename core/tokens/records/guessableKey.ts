import { OpenBankingError } from '../../errors/OpenBankingError';

/** Minimum number of different characters. A random key has more: of 32 hexadecimal digits, less than eight differ in one of ten million keys. */
const DIFFERENT = 8;

/** Maximum length of a part that a key repeats, such as `0123456789abcdef`. */
const REPEATED = 16;

/**
 * A warning if a person made up the first key of the field "Encryption Key", which encrypts. It is not refused: the tokens that it encrypts
 * have to stay within reach.
 */
export function guessableKeyNotice(given = ''): OpenBankingError | undefined {
  const [first] = given.split(/\s+/).filter(Boolean);
  if (first === undefined || !isGuessable(first)) return undefined;
  return new OpenBankingError('field-malformed', {
    problem: 'guessableKey',
    description:
      'Make a new key with "openssl rand -base64 32", and enter it before the old one, separated by a space: consents change to it when they are refreshed. Remove the old one when "List Stored Consents" names no consent any more that is not encrypted with the first key.',
  });
}

function isGuessable(key: string): boolean {
  if (new Set(key).size < DIFFERENT) return true;
  for (let length = 1; length <= Math.min(REPEATED, key.length / 2); length++) {
    if (key === key.slice(0, length).repeat(key.length).slice(0, key.length)) return true;
  }
  return false;
}
