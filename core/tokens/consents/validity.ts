import { OpenBankingError } from '../../errors/OpenBankingError';

/** Options of `ConsentTokens.valid`. */
export interface ValidityOptions {
  /** Minimum milliseconds until the access token expires; a minute if not given. At most half the lifetime of the token counts. */
  readonly margin?: number;
  /** The first refresh token, if it is not that of the credential. It begins the record if there is none yet. */
  readonly firstRefreshToken?: string;
  /**
   * Whether a person asks to try once more if the token is not usable, whatever was stored about it. Nothing is sent while an earlier
   * request may be under way, and no refresh token is sent that the bank replaced.
   */
  readonly tryAgain?: boolean;
  /** Whether the token is refreshed although it looks valid. */
  readonly refreshNow?: boolean;
}

/** Checks the margin of {@link ValidityOptions}. @throws OpenBankingError `field-malformed` */
export function assertMargin(margin: number): void {
  if (!(margin >= 0 && margin < Infinity)) {
    throw new OpenBankingError('field-malformed', {
      problem: 'seconds',
      values: { field: 'Refresh Before Expiry' },
      description: 'Give a number of seconds from 0 on.',
    });
  }
}
