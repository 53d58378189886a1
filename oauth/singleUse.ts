import { createHash } from 'node:crypto';
import { OpenBankingError } from '../errors/OpenBankingError';
import { LeastRecentlyUsed } from '../transport/leastRecentlyUsed';
import type { Profile } from './profile';
import type { Grant } from './tokenRequest';
import type { ReceivedTokens } from './tokenSet';

/** Milliseconds that a used-up code or refresh token is remembered for, with what it brought: as long as codes live. */
const ANSWERED = 10 * 60 * 1000;

/** Milliseconds in which a refresh that got no answer is not repeated: longer than n8n's "Retry On Fail" waits. */
const UNANSWERED = 60 * 1000;

/** A grant that a bank lets be used once. */
export type SingleUseGrant = Exclude<Grant, { type: 'client_credentials' }>;

/** By profile and digest: of a code or refresh token itself nothing is kept. */
const sent = new WeakMap<Profile, LeastRecentlyUsed<Promise<ReceivedTokens>>>();

/**
 * Sends a code or refresh token, unless this process did so a short while ago: then what became of it is told again.
 *
 * n8n runs a node anew where "Retry On Fail" is set, and an expression may yield the same token for several items.
 * Sent twice, a code or a rotated refresh token makes a bank end the customer's consent, and the tokens that came are lost.
 *
 * Sent again is what never left, a refresh token that the bank did not replace or refused, and anything once the credential changed.
 */
export async function onlyOnce(
  profile: Profile,
  grant: SingleUseGrant,
  send: () => Promise<ReceivedTokens>,
): Promise<ReceivedTokens> {
  const known = sent.get(profile) ?? new LeastRecentlyUsed<Promise<ReceivedTokens>>(2000);
  sent.set(profile, known);
  const name = digest(grant);
  let isRepeated = true;
  const result = known.obtain(name, () => {
    isRepeated = false;
    return send();
  });
  if (isRepeated) return repeated(await result, grant);
  const forgetAfter = (lifetime: number) => {
    if (lifetime === 0) known.delete(name, result);
    else setTimeout(() => known.delete(name, result), lifetime).unref();
  };
  try {
    const received = await result;
    const isUsedUp = grant.type === 'authorization_code' || received.tokens.refresh_token_rotated;
    forgetAfter(isUsedUp ? ANSWERED : 0);
    return received;
  } catch (error) {
    forgetAfter(lifetimeOf(error, grant));
    throw error;
  }
}

function lifetimeOf(error: unknown, { type }: SingleUseGrant): number {
  const outcome = error instanceof OpenBankingError ? error.outcome : 'not-sent';
  if (outcome === 'not-sent') return 0;
  if (type === 'authorization_code') return ANSWERED;
  return outcome === 'unknown' ? UNANSWERED : 0;
}

function repeated(received: ReceivedTokens, { type }: SingleUseGrant): ReceivedTokens {
  const what = type === 'authorization_code' ? 'code' : 'refresh token';
  const remark = `The same ${what} was given more than once. It was sent to the bank once, and the tokens that it brought are put out each time.`;
  return { ...received, remarks: [...received.remarks, remark] };
}

function digest(grant: SingleUseGrant): string {
  const value = grant.type === 'authorization_code' ? grant.code : grant.refreshToken;
  return createHash('sha256').update(`${grant.type} ${value}`).digest('base64url');
}
