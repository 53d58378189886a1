import type { ErrorCode } from '../../errors/catalogue';
import { OpenBankingError } from '../../errors/OpenBankingError';
import type { BankClient } from '../../oauth/client';
import type { TokenSet } from '../../oauth/grants/tokenSet';
import { bankOf } from '../../profile/profile';
import { notStored, unknownConsent } from './consentErrors';
import { summaryOf, type ConsentSummary } from './consentList';
import type { EncryptionKeys } from '../records/encryptionKeys';
import { refreshUnderLease, takeLease } from './leasedRefresh';
import {
  contentOf,
  digest,
  livesOn,
  newRecord,
  recordName,
  type RecordContent,
} from '../records/record';
import type { ConsentToken, RefreshContext } from './refreshContext';
import { RefreshTokenIndex } from './refreshTokenIndex';
import type { StoredRecord, TokenStore } from '../../store/store';
import { TokenMemory } from './tokenMemory';
import { UnsavedRecords } from './unsavedRecords';
import { MINUTE } from '../../lib/time';

/** Options of {@link ConsentTokens.valid}. */
export interface ValidityOptions {
  /** Minimum milliseconds until the access token expires; a minute if not given. At most half the lifetime of the token counts. */
  readonly margin?: number;
  /** The first refresh token. It begins the record if there is none yet. */
  readonly firstRefreshToken?: string;
}

/** Milliseconds for which tokens with a failed check are not refreshed. */
const AFTER_FAILED_CHECK = 5 * MINUTE;

/** Error codes of a store that is temporarily unavailable. */
const unreachable = new Set<ErrorCode>(['store-unavailable', 'store-not-writable']);

/**
 * The tokens of the consents of one client at one bank.
 *
 * A caller gets a valid token, and every refresh token is used once. This holds across items, executions, processes and hosts.
 * The lease of each consent guards its refresh token.
 */
export class ConsentTokens {
  readonly #memory = new TokenMemory();
  readonly #refreshTokens = new RefreshTokenIndex();
  readonly #underWay = new Map<string, Promise<ConsentToken>>();

  /** @param unsaved tokens that wait for this store */
  constructor(
    private readonly client: BankClient,
    private readonly store: TokenStore,
    private readonly keys: EncryptionKeys,
    private readonly unsaved = new UnsavedRecords(),
  ) {}

  /**
   * A valid token: the stored token, refreshed before it expires. If many callers need a refresh, it is sent once.
   *
   * @throws OpenBankingError `field-malformed`, `consent-unknown`, `consent-ended`, `refresh-outcome-unknown`, `store-busy`,
   * `encryption-key-wrong`, `record-damaged`, those of the store and of a refresh, and a failed check of the tokens
   */
  async valid(consent: string, options: ValidityOptions = {}): Promise<ConsentToken> {
    const { margin = MINUTE } = options;
    if (!(margin >= 0 && margin < Infinity)) {
      throw new OpenBankingError('field-malformed', {
        problem: 'seconds',
        values: { field: 'Refresh Before Expiry' },
        description: 'Give a number of seconds from 0 on.',
      });
    }
    const name = recordName({ profile: this.client.profile, consent });
    const recent = this.#memory.recent(name, margin);
    if (recent) return { tokens: recent, remarks: [] };
    const firstRefreshToken = options.firstRefreshToken?.trim() ?? '';
    const question = digest(JSON.stringify([name, margin, firstRefreshToken]));
    const underWay = this.#underWay.get(question);
    if (underWay) return underWay;
    const obtaining = this.#obtain(consent, name, margin, firstRefreshToken);
    this.#underWay.set(question, obtaining);
    try {
      return await obtaining;
    } finally {
      this.#underWay.delete(question);
    }
  }

  /**
   * Stores the tokens of a new consent, or those of a refresh outside this class. They replace the stored tokens.
   *
   * @returns warnings. There is one if the store cannot be written, and the tokens wait in memory.
   */
  async keep(consent: string, tokens: TokenSet): Promise<string[]> {
    const name = recordName({ profile: this.client.profile, consent });
    const save = () => this.#put(consent, name, tokens);
    try {
      if (await save()) this.#memory.remember(name, tokens);
      this.unsaved.forget(name);
      if (tokens.refresh_token) {
        this.#refreshTokens.add({ refreshToken: tokens.refresh_token, consent });
      }
      return [];
    } catch (error) {
      this.unsaved.add(name, save);
      this.#memory.remember(name, tokens);
      return [notStored(consent, error)];
    }
  }

  /** Checks that the store can be written, before tokens are requested from the bank. @throws OpenBankingError those of the store */
  assertWritable(): Promise<void> {
    return this.store.assertWritable();
  }

  /** The consents of this client at this bank. */
  async list(): Promise<ConsentSummary[]> {
    const { certificateThumbprint } = this.client.profile;
    return (await this.#records()).map((record) => summaryOf(record, certificateThumbprint));
  }

  /**
   * The consent that a refresh token is stored for; `undefined` if it is stored for none. Unreadable records are skipped.
   *
   * @throws OpenBankingError those of the store
   */
  consentOf(refreshToken: string): Promise<string | undefined> {
    return this.#refreshTokens.consentOf(refreshToken, async () =>
      (await this.#records()).flatMap((record) => {
        const stored = this.#readable(record)?.tokens.refresh_token;
        return stored ? [{ refreshToken: stored, consent: record.consent }] : [];
      }),
    );
  }

  /**
   * The stored tokens of a consent, valid or not.
   *
   * @throws OpenBankingError `consent-unknown`, `encryption-key-wrong`, `record-damaged`, and those of the store
   */
  async stored(consent: string): Promise<TokenSet> {
    const record = await this.store.read(recordName({ profile: this.client.profile, consent }));
    if (!record) throw unknownConsent(consent);
    return contentOf(record, this.keys).tokens;
  }

  /**
   * Ends a consent's tokens at the bank, and deletes its record. The lease prevents a refresh in the meantime.
   *
   * @param revoke ends the given tokens at the bank; if it fails, the record is not deleted
   * @throws OpenBankingError as `valid`, and the errors of `revoke`
   */
  async end(consent: string, revoke: (tokens: TokenSet) => Promise<void>): Promise<void> {
    const name = recordName({ profile: this.client.profile, consent });
    // Discovery may take long, so it comes before the lease is taken.
    await this.client.endpoints();
    const result = await takeLease(
      { client: this.client, store: this.store },
      { name, consent },
      () => undefined,
    );
    if (!('lease' in result)) return;
    const { record, holder } = result.lease;
    try {
      await revoke(contentOf(record, this.keys).tokens);
    } catch (error) {
      const outcome = record.attemptedAt === undefined ? 'unchanged' : 'unknown';
      await this.store.release(name, holder, outcome).catch(() => undefined);
      throw error;
    }
    await this.forget(consent);
  }

  /** Deletes the record of a consent, even a damaged one. @returns whether there was one */
  async forget(consent: string): Promise<boolean> {
    const name = recordName({ profile: this.client.profile, consent });
    this.#memory.forget(name);
    this.unsaved.forget(name);
    this.#refreshTokens.clear();
    return this.store.remove(name);
  }

  async #obtain(
    consent: string,
    name: string,
    margin: number,
    firstRefreshToken: string,
  ): Promise<ConsentToken> {
    let record: StoredRecord;
    try {
      await this.unsaved.save(name);
      record = await this.#recordOf(consent, name, firstRefreshToken);
    } catch (error) {
      // If the store is temporarily unavailable, a valid token from memory is still returned.
      const isAway = error instanceof OpenBankingError && unreachable.has(error.code);
      const known = isAway ? this.#memory.any(name, margin) : undefined;
      if (!isAway || !known) throw error;
      return { tokens: known, remarks: [error.text] };
    }
    const usable = (found: StoredRecord) => this.#usable(found, margin);
    const tokens = usable(record);
    if (tokens) return { tokens, remarks: [] };
    const { client, store, keys, unsaved } = this;
    const context: RefreshContext = { client, store, keys, unsaved, usable };
    const token = await refreshUnderLease(context, record);
    this.#memory.remember(name, token.tokens);
    return token;
  }

  /**
   * The record of a consent. If there is none, or if a person replaced the first refresh token, a record is made with the first refresh
   * token.
   */
  async #recordOf(consent: string, name: string, firstRefreshToken: string): Promise<StoredRecord> {
    const record = await this.store.read(name);
    if (!firstRefreshToken) {
      if (!record) throw unknownConsent(consent);
      return record;
    }
    const grant = digest(firstRefreshToken);
    const imported = record ? contentOf(record, this.keys).imported : [];
    if (record) {
      const isNew = !imported.includes(grant);
      const isReplaced = isNew && (imported.length > 0 || record.state === 'needs-consent');
      if (!isReplaced) return record;
    }
    const tokens: TokenSet = {
      refresh_token: firstRefreshToken,
      obtained_at: new Date().toISOString(),
      // There is no access token yet. A time in the past causes a refresh at once.
      expires_at: new Date(0).toISOString(),
      refresh_token_rotated: false,
    };
    const content = { tokens, grant, imported: [...imported, grant] };
    const begun = newRecord({ profile: this.client.profile, consent }, content, this.keys);
    const stored = await this.store.replace(begun, record?.revision ?? 0);
    // If `stored` is `undefined`, another process stored a record first.
    return stored ?? (await this.store.read(name)) ?? Promise.reject(unknownConsent(consent));
  }

  /**
   * Stores tokens. Tokens that were stored before are not stored again, because they may have been refreshed since.
   *
   * @returns whether the tokens were stored
   */
  async #put(consent: string, name: string, tokens: TokenSet): Promise<boolean> {
    const grant = digest(JSON.stringify([tokens.refresh_token, tokens.access_token]));
    for (;;) {
      const before = await this.store.read(name);
      const known = before && this.#readable(before);
      if (known?.grant === grant && !isCheckedSince(tokens, known.tokens)) return false;
      const content = { tokens, grant, imported: known?.imported ?? [] };
      const record = newRecord({ profile: this.client.profile, consent }, content, this.keys);
      if (await this.store.replace(record, before?.revision ?? 0)) return true;
    }
  }

  async #records(): Promise<StoredRecord[]> {
    const bank = bankOf(this.client.profile);
    const records = await this.store.list();
    return records.filter(
      (record) => record.bank === bank && record.clientId === this.client.profile.clientId,
    );
  }

  #readable(record: StoredRecord): RecordContent | undefined {
    try {
      return contentOf(record, this.keys);
    } catch {
      return undefined;
    }
  }

  /** The tokens of a record if they can be used. @throws OpenBankingError if a check of them failed a short time ago */
  #usable(record: StoredRecord, margin: number): TokenSet | undefined {
    if (record.certificateThumbprint !== this.client.profile.certificateThumbprint)
      return undefined;
    if (!livesOn(record, margin)) return undefined;
    const { tokens, failedCheck } = contentOf(record, this.keys);
    if (failedCheck && Date.now() - record.obtainedAt < AFTER_FAILED_CHECK) {
      const { code, message } = failedCheck;
      throw new OpenBankingError(code, { message, outcome: 'received' });
    }
    if (!tokens.authorization) return undefined;
    this.#memory.remember(record.name, tokens);
    return tokens;
  }
}

/** Whether tokens that were stored unchecked have passed their check since. */
function isCheckedSince(tokens: TokenSet, stored: TokenSet): boolean {
  const isUnchecked = stored.access_token === tokens.access_token && !stored.authorization;
  return isUnchecked && Boolean(tokens.authorization);
}
