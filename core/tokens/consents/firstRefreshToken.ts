import { OpenBankingError } from '../../errors/OpenBankingError';

/** The refresh token that a person pasted into the credential, to begin the stored tokens of a consent. The names are those of the fields. */
export interface FirstRefreshTokenSettings {
  /** The credential's own consent. HTTP requests use it if they name none. */
  consent?: string;
  /** Its first refresh token. It is used if no tokens are stored for the consent. */
  firstRefreshToken?: string;
}

/**
 * The first refresh token of a consent; empty if there is none.
 *
 * It belongs to the credential's own consent. For another consent it would give access to another customer's data.
 *
 * @throws OpenBankingError `refresh-token-malformed` if it is the text of an expression
 */
export function firstRefreshTokenOf(settings: FirstRefreshTokenSettings, consent: string): string {
  const token = settings.firstRefreshToken?.trim() ?? '';
  if (token === '' || ownConsent(settings) !== consent) return '';
  if (token.includes('{{')) {
    throw new OpenBankingError('refresh-token-malformed', { problem: 'expression' });
  }
  return token;
}

/** Warns if the credential still has a first refresh token although tokens are stored for its consent. @param stored stored consents */
export function firstRefreshTokenRemarks(
  settings: FirstRefreshTokenSettings,
  stored: readonly string[],
): string[] {
  const own = ownConsent(settings);
  const isLeft = settings.firstRefreshToken?.trim() && stored.includes(own);
  return isLeft ? [firstRefreshTokenLeft(own)] : [];
}

/** The warning that a first refresh token is still in the credential. A restored database without the store would send it again, too. */
export function firstRefreshTokenLeft(consent: string): string {
  return `The credential still has a "First Refresh Token", although the tokens of the consent "${consent}" are stored: empty the field. A copy of the credential would send a used token, and the bank may then end the consent.`;
}

function ownConsent({ consent }: FirstRefreshTokenSettings): string {
  return String(consent ?? '').trim();
}
