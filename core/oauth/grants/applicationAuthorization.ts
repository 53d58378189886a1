import { OpenBankingError } from '../../errors/OpenBankingError';
import { applicationToken } from './grants';
import type { Profile } from '../../profile/profile';

/** Milliseconds before its end at which a token is no longer handed out. */
const MARGIN = 30 * 1000;

/** Milliseconds that a token is used for at most: where the bank revokes it, nobody tells. */
const LONGEST = 5 * 60 * 1000;

interface HeldToken {
  authorization: string;
  /** Milliseconds since the epoch. */
  until: number;
}

const held = new WeakMap<Profile, Promise<HeldToken>>();

/**
 * The `Authorization` header for the application itself: a token is kept in memory until shortly before it expires,
 * and asked for once however many callers wait.
 *
 * @throws OpenBankingError as `applicationToken`, and where a check of the token failed
 */
export async function applicationAuthorization(profile: Profile): Promise<string> {
  const current = held.get(profile);
  if (current) {
    const { authorization, until } = await current;
    if (until > Date.now()) return authorization;
  }
  // Another caller may have begun while this one waited.
  if (held.get(profile) === current) {
    const next = obtain(profile);
    held.set(profile, next);
    next.catch(() => held.delete(profile));
  }
  return (await held.get(profile)!).authorization;
}

async function obtain(profile: Profile): Promise<HeldToken> {
  const { tokens, failedCheck } = await applicationToken(profile);
  if (failedCheck) throw failedCheck;
  const { authorization, expires_at: expiresAt } = tokens;
  if (!authorization) {
    throw new OpenBankingError('token-response-invalid', {
      message: 'The bank answered without an access token',
    });
  }
  // A token of unknown life is used for the one request it was asked for.
  const end = expiresAt ? Date.parse(expiresAt) - MARGIN : 0;
  return { authorization, until: Math.min(end, Date.now() + LONGEST) };
}
