import type { OpenBankingError } from '../../errors/OpenBankingError';
import { HOUR, isoTime } from '../../lib/time';
import type { ReceivedTokens, TokenSet } from '../../oauth/grants/tokenSet';
import type { IdTokenExpectations } from '../../oauth/jwt/idToken';
import { storeNow, type AttemptMark, type NewRecord, type StoredRecord } from '../../store/store';
import { contentOf, rewritten } from '../records/record';
import {
  identityOf,
  withRefreshedTokens,
  type Received,
  type RecordContent,
} from '../records/recordContent';
import { refreshTokenExpiryOf } from '../records/tokenTimes';
import { openAttempt } from './attempt';
import { checkFailure, notStored } from './consentErrors';
import { endLease } from './lease';
import { locateAnywhere } from './location';
import type { ConsentToken, RefreshContext } from './refreshContext';
import { withoutAccessToken, type RefreshFailure } from './refreshFailure';

/** A refresh that is sent. */
export interface SentRefresh {
  /** The record whose refresh token is sent. */
  readonly record: StoredRecord;
  readonly content: RecordContent;
  /** The holder of its lease. */
  readonly holder: string;
  /** The mark of the attempt. */
  readonly attempt: AttemptMark;
}

/** A record, and how it is written. */
type Write = (record: NewRecord, revision: number) => Promise<StoredRecord | undefined>;

/**
 * Stores the result of a refresh: the tokens as they are received, beside the earlier tokens; then the tokens that passed, in their place.
 * If the refresh brought no tokens, it stores the reason.
 */
export class RefreshWriter {
  hasReceived = false;
  #record: StoredRecord;

  constructor(
    private readonly context: RefreshContext,
    private readonly sent: SentRefresh,
  ) {
    this.#record = sent.record;
  }

  /** Stores the tokens before their check. The lease continues, because the check may take long or fail. */
  async receive(tokens: TokenSet, expected: IdTokenExpectations): Promise<void> {
    this.hasReceived = true;
    const { store } = this.context;
    const received = this.#received(tokens, expected);
    await this.#write(
      (content) => ({ content: this.#beside(content, received), state: 'usable' }),
      (record, revision) => store.receive(record, revision),
    )
      // A failure is ignored, because `finish` stores the tokens again.
      .catch(() => undefined);
  }

  /**
   * Stores the checked tokens, and ends the lease. If the store cannot be written, the tokens wait in memory.
   *
   * @returns `undefined` if the tokens of a newer consent were stored in the meantime. The newer tokens win.
   * @throws OpenBankingError the failed check
   */
  async finish(answer: ReceivedTokens): Promise<ConsentToken | undefined> {
    this.hasReceived = true;
    const { store, unsaved, client } = this.context;
    const { name, consent } = this.sent.record;
    const { tokens, expected, customer } = answer;
    const failedCheck = answer.failedCheck ?? this.#uncleared(answer);
    const received = this.#received(tokens, expected, failedCheck);
    const next = (content: RecordContent): RecordContent =>
      failedCheck
        ? this.#beside(content, received)
        : withRefreshedTokens(content, tokens, expected.customer ?? customer);
    const { certificateThumbprint } = client.profile;
    const save = () =>
      this.#write(
        (content) => ({
          content: next(content),
          state: 'usable',
          ...(!failedCheck && { certificateThumbprint }),
        }),
        (record, revision) => store.replace(record, revision),
      );
    const remarks = [...answer.remarks, ...this.#remarks(tokens)];
    try {
      if (!(await save())) return undefined;
    } catch (error) {
      unsaved.add(name, save);
      remarks.push(notStored(consent, error));
    }
    if (failedCheck) throw failedCheck;
    return { tokens, remarks, ...identityOf(this.sent.content) };
  }

  /** Stores why a refresh brought no tokens, and ends the lease. */
  async settle({ content: settled, state, attempt }: RefreshFailure): Promise<void> {
    const { store, unsaved } = this.context;
    const { holder } = this.sent;
    if (!settled) return endLease(this.context, this.sent);
    const { name } = this.sent.record;
    const save = () =>
      this.#write(
        (content) => ({ content: { ...content, setback: settled.setback }, state }),
        (record, revision) => store.settle(record, holder, revision, attempt),
      );
    await save().catch(() => unsaved.add(name, save));
  }

  #received(
    tokens: TokenSet,
    expected: IdTokenExpectations,
    failedCheck?: OpenBankingError,
  ): Received {
    const { certificateThumbprint } = this.context.client.profile;
    const { refreshed: earlier } = this.sent.content;
    // Without an ID token they would pass, although the tokens of the earlier refresh did not.
    if (earlier && !tokens.id_token) return { tokens, certificateThumbprint, check: earlier.check };
    const { code, message } = failedCheck ?? {};
    const check = code && { code, message: message! };
    return { tokens, expected, certificateThumbprint, ...(check && { check }) };
  }

  /** The content with tokens that did not pass beside those that did. */
  #beside(content: RecordContent, refreshed: Received): RecordContent {
    const { tokens: before } = content;
    const { access_token: accessToken, refresh_token: next, id_token: idToken } = refreshed.tokens;
    // The bank sent only the next refresh token: there is no token to check, and the old refresh token is spent.
    if (before && next && !accessToken && !idToken && !content.refreshed) {
      const tokens = { ...before, refresh_token: next };
      const { attempt, record } = this.sent;
      const setback = withoutAccessToken(attempt, storeNow(record.readAt));
      return { ...withRefreshedTokens(content, tokens), setback };
    }
    return { ...content, refreshed, setback: undefined };
  }

  /**
   * The check of an earlier refresh that these tokens do not clear. A person asked for this refresh although the tokens of an earlier one
   * did not pass: only an ID token that passes clears the consent.
   */
  #uncleared({ customer }: ReceivedTokens): OpenBankingError | undefined {
    const { refreshed } = this.sent.content;
    return refreshed && !customer ? checkFailure(refreshed) : undefined;
  }

  /**
   * Writes the record with other content. If the record was changed meanwhile and still has the refresh token that was sent, the change is
   * made to the present content.
   *
   * @returns whether it was written; if not, the record has the tokens of a newer consent, or the lease is over
   */
  async #write(
    change: (content: RecordContent) => {
      content: RecordContent;
      state: StoredRecord['state'];
      certificateThumbprint?: string;
    },
    write: Write,
  ): Promise<boolean> {
    const { keys } = this.context;
    for (;;) {
      const { revision, certificateThumbprint } = this.#record;
      const { content, ...clear } = change(contentOf(this.#record, keys));
      const record = rewritten(this.#record, content, keys, { certificateThumbprint, ...clear });
      const stored = await write(record, revision);
      if (stored) {
        this.#record = stored;
        return true;
      }
      // Another process may have renamed it.
      const present = (await locateAnywhere(this.context, this.sent.record.consent))?.record;
      if (!present || present.revision === revision) return false;
      if (!this.#hasSentToken(present)) return false;
      this.#record = present;
    }
  }

  /** Whether a record that was changed meanwhile still has the refresh token that was sent. */
  #hasSentToken(present: StoredRecord): boolean {
    try {
      const { tokens } = contentOf(present, this.context.keys);
      return tokens?.refresh_token === this.sent.content.tokens?.refresh_token;
    } catch {
      // It was replaced by a record that these keys cannot read.
      return false;
    }
  }

  #remarks(tokens: TokenSet): string[] {
    const { consent } = this.sent.record;
    const { setback } = this.sent.content;
    const earlier = openAttempt(this.sent.record, this.sent.content)?.at ?? setback?.lostAt;
    const remarks = scheduleRemarks(this.sent.record, refreshTokenExpiryOf(tokens));
    if (earlier === undefined) return remarks;
    return [
      ...remarks,
      `A refresh of consent "${consent}" on ${isoTime(earlier)} did not end; the bank accepted its refresh token once more.`,
    ];
  }
}

/** A warning if the time between two refreshes is nearly as long as the life of the refresh token. */
function scheduleRemarks(
  { consent, obtainedAt }: StoredRecord,
  refreshTokenExpiresAt: number | undefined,
): string[] {
  if (refreshTokenExpiresAt === undefined) return [];
  const since = Date.now() - obtainedAt;
  const life = refreshTokenExpiresAt - Date.now();
  if (since < 0.8 * life) return [];
  const hours = (milliseconds: number) => (milliseconds / HOUR).toFixed(1);
  return [
    `Consent "${consent}" was refreshed after ${hours(since)} hours, and its refresh token lives ${hours(life)} hours: run the schedule more often, or it will expire in between.`,
  ];
}
