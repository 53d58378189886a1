import type { OpenBankingError } from '../../errors/OpenBankingError';
import { HOUR, isoTime } from '../../lib/time';
import type { ReceivedTokens, TokenSet } from '../../oauth/grants/tokenSet';
import type { IdTokenExpectations } from '../../oauth/jwt/idToken';
import type { NewRecord, StoredRecord } from '../../store/store';
import { contentOf, newRecord } from '../records/record';
import { withRefreshedTokens, type Received, type RecordContent } from '../records/recordContent';
import { refreshTokenExpiryOf } from '../records/tokenTimes';
import { checkFailure, notStored } from './consentErrors';
import type { ConsentToken, RefreshContext } from './refreshContext';
import { openAttempt, withoutAccessToken, type RefreshFailure } from './refreshFailure';

/** A record, and how it is written. */
type Write = (record: NewRecord, revision: number) => Promise<StoredRecord | undefined>;

/**
 * Stores the result of a refresh: the tokens as they are received, beside the earlier tokens; then the tokens that passed, in their place.
 * If the refresh brought no tokens, it stores the reason.
 */
export class RefreshWriter {
  hasReceived = false;
  readonly #sentAt = Date.now();
  #record: StoredRecord;

  /**
   * @param begun the record whose refresh token is sent
   * @param content its content
   * @param holder the holder of its lease
   */
  constructor(
    private readonly context: RefreshContext,
    private readonly begun: StoredRecord,
    private readonly content: RecordContent,
    private readonly holder: string,
  ) {
    this.#record = begun;
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
    const { name, consent } = this.begun;
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
    return { tokens, remarks, consentId: this.content.consentId };
  }

  /** Stores why a refresh brought no tokens, and ends the lease. */
  async settle({ content: settled, state, attempt }: RefreshFailure): Promise<void> {
    const { store, unsaved } = this.context;
    const { name } = this.begun;
    if (!settled) {
      // If the release fails, the lease expires.
      await store.release(name, this.holder, attempt).catch(() => undefined);
      return;
    }
    const save = () =>
      this.#write(
        (content) => ({ content: { ...content, setback: settled.setback }, state }),
        (record, revision) => store.settle(record, this.holder, revision, attempt),
      );
    await save().catch(() => unsaved.add(name, save));
  }

  #received(
    tokens: TokenSet,
    expected: IdTokenExpectations,
    failedCheck?: OpenBankingError,
  ): Received {
    const { certificateThumbprint } = this.context.client.profile;
    const { refreshed: earlier } = this.content;
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
      return { ...withRefreshedTokens(content, tokens), setback: withoutAccessToken(this.#sentAt) };
    }
    return { ...content, refreshed, setback: undefined };
  }

  /**
   * The check of an earlier refresh that these tokens do not clear. A person asked for this refresh although the tokens of an earlier one
   * did not pass: only an ID token that passes clears the consent.
   */
  #uncleared({ customer }: ReceivedTokens): OpenBankingError | undefined {
    const { refreshed } = this.content;
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
    const { client, store, keys } = this.context;
    const owner = { profile: client.profile, consent: this.begun.consent };
    for (;;) {
      const { revision, certificateThumbprint } = this.#record;
      const { content, ...clear } = change(contentOf(this.#record, keys));
      const record = newRecord(owner, content, keys, { certificateThumbprint, ...clear });
      const stored = await write(record, revision);
      if (stored) {
        this.#record = stored;
        return true;
      }
      const present = await store.read(this.begun.name);
      if (!present || present.revision === revision) return false;
      if (!this.#hasSentToken(present)) return false;
      this.#record = present;
    }
  }

  /** Whether a record that was changed meanwhile still has the refresh token that was sent. */
  #hasSentToken(present: StoredRecord): boolean {
    try {
      const { tokens } = contentOf(present, this.context.keys);
      return tokens?.refresh_token === this.content.tokens?.refresh_token;
    } catch {
      // It was replaced by a record that these keys cannot read.
      return false;
    }
  }

  #remarks(tokens: TokenSet): string[] {
    const { consent } = this.begun;
    const { setback } = this.content;
    const earlier = openAttempt(this.begun, this.content) ?? setback?.lostAt;
    const remarks = scheduleRemarks(this.begun, refreshTokenExpiryOf(tokens));
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
