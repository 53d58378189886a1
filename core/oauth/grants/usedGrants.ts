import { hash } from 'node:crypto';
import { OpenBankingError } from '../../errors/OpenBankingError';
import { LeastRecentlyUsed } from '../../lib/leastRecentlyUsed';
import type { Profile } from '../../profile/profile';
import type { Grant } from './tokenRequest';
import type { ReceivedTokens } from './tokenSet';

/** Milliseconds that a used-up code or refresh token is remembered for, with what it brought: as long as codes live. */
const ANSWERED = 10 * 60 * 1000;

/** Milliseconds in which a refresh that got no answer is not repeated: longer than n8n's "Retry On Fail" waits. */
const UNANSWERED = 60 * 1000;

/** A grant that a bank lets be used once. */
export type SingleUseGrant = Exclude<Grant, { type: 'client_credentials' }>;

/** A code or refresh token that was sent. */
interface Sent {
  /** What it was sent for. */
  readonly purpose: string;
  readonly received: Promise<ReceivedTokens>;
  /** Forgets it. */
  timer?: NodeJS.Timeout;
}

/** By profile and digest: of a code or refresh token itself nothing is kept. */
const sent = new WeakMap<Profile, LeastRecentlyUsed<Sent>>();

/** 2,000 at most; the timer of one that makes room would hold its tokens in memory for minutes. */
function sentOf(profile: Profile): LeastRecentlyUsed<Sent> {
  const known =
    sent.get(profile) ?? new LeastRecentlyUsed<Sent>(2000, ({ timer }) => clearTimeout(timer));
  sent.set(profile, known);
  return known;
}

/**
 * Sends a code or refresh token, unless this process did so a short while ago: then what became of it is told again.
 *
 * n8n runs a node anew where "Retry On Fail" is set, and an expression may yield the same token for several items.
 * Sent twice, a code or a rotated refresh token makes a bank end the customer's consent, and the tokens that came are lost.
 *
 * Whoever brings a code for another authorization request is given nothing: its tokens were checked against the first one.
 *
 * Sent again is what never left, a refresh token that the bank did not replace or refused, and anything once the credential changed.
 *
 * @param request what is known of the authorization request
 * @throws OpenBankingError `code-of-another-request`, and what `send` throws
 */
export async function onlyOnce(
  profile: Profile,
  grant: SingleUseGrant,
  request: object,
  send: () => Promise<ReceivedTokens>,
): Promise<ReceivedTokens> {
  const known = sentOf(profile);
  const name = nameOf(grant);
  const purpose = purposeOf(grant, request);
  let isRepeated = true;
  const entry = known.obtain(name, () => {
    isRepeated = false;
    return { purpose, received: send() };
  });
  if (isRepeated) {
    if (entry.purpose !== purpose) throw ofAnotherRequest();
    return repeated(await entry.received, grant);
  }
  const forgetAfter = (lifetime: number) => {
    if (lifetime === 0) known.delete(name, entry);
    else if (known.peek(name) === entry) {
      entry.timer = setTimeout(() => known.delete(name, entry), lifetime).unref();
    }
  };
  try {
    const received = await entry.received;
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

function nameOf(grant: SingleUseGrant): string {
  return digest(grant.type, grant.type === 'authorization_code' ? grant.code : grant.refreshToken);
}

/** A refresh token is one of a customer, whoever brings it. */
function purposeOf(grant: SingleUseGrant, request: object): string {
  return grant.type === 'authorization_code' ? digest({ ...grant, ...request }) : '';
}

function digest(...values: unknown[]): string {
  return hash('sha256', JSON.stringify(values), 'base64url');
}

function ofAnotherRequest(): OpenBankingError {
  return new OpenBankingError('code-of-another-request', {
    message: 'The authorization code was exchanged before, for another authorization request',
    outcome: 'not-sent',
  });
}
