import type { ErrorCode } from '../../errors/catalogue';
import { OpenBankingError } from '../../errors/OpenBankingError';
import { digest } from '../../lib/digest';
import { LeastRecentlyUsed } from '../../lib/leastRecentlyUsed';
import { RecentNames } from '../../lib/recentNames';
import { HOUR } from '../../lib/time';
import type { Grant } from './tokenRequest';
import type { ReceivedTokens } from './tokenSet';

/** Milliseconds for which the bank's answer to a code or a replaced refresh token is remembered: the longest life of a code. */
const ANSWERED = 10 * 60 * 1000;

/** Milliseconds for which a used code or refresh token is not sent again. An execution with many items may take long. */
const USED = HOUR;

/** Minimum of {@link unansweredTime}. n8n's "Retry On Fail" waits less. */
const UNANSWERED = 60 * 1000;

/** Milliseconds for which a refresh that got no answer is not repeated: a minute, or the longer pause that the bank asks for. */
export function unansweredTime({ retryAfter = 0 }: Pick<OpenBankingError, 'retryAfter'>): number {
  return Math.max(UNANSWERED, retryAfter);
}

/** A grant that a bank accepts once. */
export type SingleUseGrant = Exclude<Grant, { type: 'client_credentials' }>;

/** The user of a grant: a client at a bank, with its credential. */
export interface GrantUser {
  /** The bank, see `bankOf`. */
  readonly bank: string;
  readonly clientId: string;
  /**
   * SHA-256 thumbprints of the client certificates whose private keys the credential holds: that of now first, and that before or after an
   * exchange of keys.
   */
  readonly certificates: readonly [string, ...string[]];
  /** The same object as long as the credential is the same. */
  readonly credential: object;
}

/** The guard of a grant that the user gave, and the user. */
export interface GrantGuard {
  readonly usedGrants: UsedGrants;
  readonly user: GrantUser;
}

/** How a grant is sent, and how its tokens are looked at again. */
export interface Sending {
  /** The known values of the authorization request of a code. */
  readonly request?: object;
  /** Sends the grant. */
  readonly send: () => Promise<ReceivedTokens>;
  /** Looks again at the tokens that the grant brought before. */
  readonly lookAgain: (earlier: ReceivedTokens) => Promise<ReceivedTokens>;
}

/** A code or refresh token that was sent. */
interface SentGrant {
  /** The authorization request that a code was sent for. */
  readonly purpose: string;
  /** Certificate that the tokens are bound to. */
  readonly certificate: string;
  readonly credential: object;
  readonly received: Promise<ReceivedTokens>;
  /** Whether the bank refused it without a look at the code. */
  wasRefusedUnread: boolean;
}

/**
 * The codes and refresh tokens that this process has sent, with the bank's answers. It guards the grants that a user gives to a node.
 *
 * n8n runs a node again if "Retry On Fail" is set, and an expression may give the same token to several items. If a code or a replaced
 * refresh token is sent twice, a bank ends the customer's consent, and the tokens that came first are lost.
 *
 * The answers to 2,000 grants are remembered for ten minutes, and digests of 100,000 grants for an hour. A grant whose answer is gone is
 * rejected.
 */
export class UsedGrants {
  readonly #sent = new LeastRecentlyUsed<SentGrant>(2000);

  /** Digests of the grants that must not be sent again, also while the first request is under way. */
  readonly #used = new RecentNames(100_000);

  /**
   * Sends a grant. If this process sent it a short time ago, returns the tokens that it brought or throws the same error again.
   *
   * A grant is sent again
   * - if it was never sent;
   * - if the bank answered that there were too many requests, after the pause that it asked for;
   * - if it is a refresh token that the bank refused or did not replace;
   * - if the bank refused the exchange of a code for another reason than the code, and the credential has changed since;
   * - if it is a refresh token whose refresh got no answer, after {@link unansweredTime}.
   *
   * A grant that is not sent again, and whose answer is no longer remembered, is rejected.
   *
   * A code that comes again for another authorization request is rejected, because its tokens were checked against the first one. If it
   * brought no tokens, the error says so: mostly a person has corrected a value since.
   * A grant that comes again with a certificate of another credential is rejected: somebody who knows a code but not the key must not get its tokens.
   *
   * @throws OpenBankingError `already-used`, `code-of-another-request`, and the errors of `send` and `lookAgain`
   */
  async sendOnce(
    user: GrantUser,
    grant: SingleUseGrant,
    { request = {}, send, lookAgain }: Sending,
  ): Promise<ReceivedTokens> {
    const { bank, clientId, certificates, credential } = user;
    const [certificate] = certificates;
    const name = digest({ bank, clientId, type: grant.type, value: valueOf(grant) });
    const earlier = this.#sent.get(name);
    if (earlier?.wasRefusedUnread && earlier.credential !== credential) this.#forget(name);
    const purpose = purposeOf(grant, request);
    let isRepeated = true;
    const entry = this.#sent.obtain(name, () => {
      if (this.#used.has(name)) throw answerForgotten(grant);
      isRepeated = false;
      this.#used.add(name, USED);
      return { purpose, certificate, credential, received: send(), wasRefusedUnread: false };
    });
    if (isRepeated) {
      if (!certificates.includes(entry.certificate)) throw withAnotherCertificate();
      if (entry.purpose !== purpose) throw await reasonForAnotherPurpose(entry);
      return lookAgain(repeated(await entry.received, grant));
    }
    try {
      const received = await entry.received;
      const isUsedUp = grant.type === 'authorization_code' || received.tokens.refresh_token_rotated;
      this.#remember(name, entry, isUsedUp ? ANSWERED : 0, isUsedUp ? USED : 0);
      return received;
    } catch (error) {
      entry.wasRefusedUnread = error instanceof OpenBankingError && wasRefusedUnread(error);
      const pause = pauseAfter(error, grant);
      this.#remember(name, entry, Math.min(pause, ANSWERED), pause);
      throw error;
    }
  }

  /**
   * @param answerFor milliseconds for which the answer is remembered
   * @param usedFor milliseconds for which the grant is not sent again
   */
  #remember(name: string, entry: SentGrant, answerFor: number, usedFor: number): void {
    this.#sent.deleteAfter(name, entry, answerFor);
    if (usedFor > 0) this.#used.add(name, usedFor);
    else this.#used.forget(name);
  }

  #forget(name: string): void {
    this.#sent.forget(name);
    this.#used.forget(name);
  }
}

/** Refusals of a code itself: the bank has looked at it, so it is used up. */
const endOfCode = new Set<ErrorCode>([
  'invalid-grant',
  'code-used',
  'code-unknown',
  'redirect-uri-mismatch',
  'pkce-failed',
  'consent-withdrawn',
  'customer-disabled',
]);

/** Whether a bank refused a request without a look at its code. */
function wasRefusedUnread({ code, outcome }: OpenBankingError): boolean {
  return outcome === 'refused' && !endOfCode.has(code);
}

/** Milliseconds for which a grant that brought no tokens is not sent again. */
function pauseAfter(error: unknown, { type }: SingleUseGrant): number {
  if (!(error instanceof OpenBankingError) || error.outcome === 'not-sent') return 0;
  const { code, outcome, retryAfter = 0 } = error;
  // Nothing was processed, so the grant is still good.
  if (code === 'too-many-requests') return retryAfter;
  if (type === 'authorization_code') return outcome === 'refused' ? ANSWERED : USED;
  return outcome === 'unknown' ? unansweredTime(error) : 0;
}

function repeated(received: ReceivedTokens, { type }: SingleUseGrant): ReceivedTokens {
  const kind = type === 'authorization_code' ? 'code' : 'refresh token';
  const remark = `The same ${kind} was given more than once. It was sent to the bank once, and the tokens that it brought are returned each time.`;
  return { ...received, remarks: [...received.remarks, remark], isRepeated: true };
}

function valueOf(grant: SingleUseGrant): string {
  return grant.type === 'authorization_code' ? grant.code : grant.refreshToken;
}

/** A digest of the authorization request of a code. It is empty for a refresh token, which belongs to one customer in any case. */
function purposeOf(grant: SingleUseGrant, request: object): string {
  return grant.type === 'authorization_code' ? digest({ ...grant, ...request }) : '';
}

function answerForgotten({ type }: SingleUseGrant): OpenBankingError {
  return new OpenBankingError('already-used', {
    problem: type === 'authorization_code' ? 'code' : 'refreshToken',
    outcome: 'not-sent',
  });
}

function withAnotherCertificate(): OpenBankingError {
  return new OpenBankingError('code-of-another-request', {
    problem: 'certificate',
    description:
      'Its tokens are bound to that certificate. Use the credential that sent it, or ask the customer for consent again. Nothing was sent.',
    outcome: 'not-sent',
  });
}

/** The error for a code that comes again with other values than before. */
async function reasonForAnotherPurpose({ received }: SentGrant): Promise<OpenBankingError> {
  const failure: unknown = await received.then(
    () => undefined,
    (error: unknown) => error,
  );
  return failure instanceof OpenBankingError ? failedBefore(failure) : ofAnotherRequest();
}

function failedBefore({ message: reason, outcome }: OpenBankingError): OpenBankingError {
  const fate =
    outcome === 'refused'
      ? 'A code is used up by the first attempt, even if the bank refuses that attempt'
      : 'The bank may have used up the code';
  return new OpenBankingError('already-used', {
    problem: 'failedCode',
    values: { reason },
    description: `${fate}, so it was not sent again. Your correction stays. Get a new code: create a new address with "Create Authorization URL", let the customer follow it, and exchange the code that it brings.`,
    outcome: 'not-sent',
  });
}

function ofAnotherRequest(): OpenBankingError {
  return new OpenBankingError('code-of-another-request', {
    problem: 'request',
    outcome: 'not-sent',
  });
}
