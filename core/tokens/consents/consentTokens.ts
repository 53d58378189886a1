import type { ErrorCode } from '../../errors/catalogue';
import { OpenBankingError } from '../../errors/OpenBankingError';
import { endpointsOf } from '../../oauth/bank/discovery';
import type { Profile } from '../../profile/profile';
import type { TokenSet } from '../../oauth/grants/tokenSet';
import { notStored, unknownConsent } from './consentErrors';
import { summaryOf, type ConsentSummary } from './consentList';
import type { EncryptionKeys } from '../records/encryptionKeys';
import {
  refreshUnderLease,
  takeLease,
  type ConsentToken,
  type RefreshContext,
} from './leasedRefresh';
import {
  bankOf,
  contentOf,
  digest,
  livesOn,
  newRecord,
  recordName,
  type RecordContent,
} from '../records/record';
import { RefreshTokenIndex } from './refreshTokenIndex';
import type { StoredRecord, TokenStore } from '../../store/store';
import { TokenMemory } from './tokenMemory';
import { UnsavedRecords } from './unsavedRecords';
import { MINUTE } from '../../lib/time';

/** How a valid token is asked for. */
export interface ValidityOptions {
  /** Milliseconds that the access token has to live on; a minute if not given, and never more than half its life. */
  readonly margin?: number;
  /** Begins the record where there is none yet. */
  readonly firstRefreshToken?: string;
}

/** Milliseconds for which tokens whose check failed are not asked for anew. */
const AFTER_FAILED_CHECK = 5 * MINUTE;

/** What a store says that is away for a while. */
const unreachable = new Set<ErrorCode>(['store-unavailable', 'store-not-writable']);

/**
 * The tokens of the consents of one client at one bank. It gives one promise: ask for a consent's token and get one that is valid, while
 * every refresh token is used once, across items, executions, processes and hosts.
 */
export class ConsentTokens {
  readonly #memory = new TokenMemory();
  readonly #unsaved = new UnsavedRecords();
  readonly #refreshTokens = new RefreshTokenIndex();
  readonly #underWay = new Map<string, Promise<ConsentToken>>();

  constructor(
    private readonly profile: Profile,
    private readonly store: TokenStore,
    private readonly keys: EncryptionKeys,
  ) {}

  /**
   * A token that is valid: the stored one, refreshed before it expires. However many ask at once, one refresh is sent.
   *
   * @throws OpenBankingError `setting-malformed`, `consent-unknown`, `consent-ended`, `refresh-outcome-unknown`, `store-busy`,
   * `encryption-key-wrong`, `record-damaged`, those of the store and of a refresh, and a check that the tokens failed
   */
  async valid(consent: string, options: ValidityOptions = {}): Promise<ConsentToken> {
    const { margin = MINUTE } = options;
    if (!(margin >= 0 && margin < Infinity)) {
      throw new OpenBankingError('setting-malformed', {
        message: '"Refresh Before Expiry" is not a number of seconds',
        description: 'Give a number of seconds from 0 on.',
      });
    }
    const name = recordName({ profile: this.profile, consent });
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
   * Stores the tokens of a new consent, or of a refresh that was made elsewhere, in place of what was there.
   *
   * @returns what is worth a word: where the store cannot be written, the tokens wait in memory
   */
  async keep(consent: string, tokens: TokenSet): Promise<string[]> {
    const name = recordName({ profile: this.profile, consent });
    const save = () => this.#put(consent, name, tokens);
    try {
      if (await save()) this.#memory.remember(name, tokens);
      this.#unsaved.forget(name);
      if (tokens.refresh_token) {
        this.#refreshTokens.add({ refreshToken: tokens.refresh_token, consent });
      }
      return [];
    } catch (error) {
      this.#unsaved.add(name, save);
      this.#memory.remember(name, tokens);
      return [notStored(consent, error)];
    }
  }

  /** Fails where the store cannot be written: before a bank is asked for what is to be kept. @throws OpenBankingError those of the store */
  assertWritable(): Promise<void> {
    return this.store.assertWritable();
  }

  /** The consents of this client at this bank. */
  async list(): Promise<ConsentSummary[]> {
    const { certificateThumbprint } = this.profile;
    return (await this.#records()).map((record) => summaryOf(record, certificateThumbprint));
  }

  /**
   * The consent that a refresh token is stored for; `undefined` if it is stored for none. A record that cannot be read holds none.
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

  /** The tokens of a consent as they are, valid or not. @throws OpenBankingError `consent-unknown` and those of `valid` about records */
  async stored(consent: string): Promise<TokenSet> {
    const record = await this.store.read(recordName({ profile: this.profile, consent }));
    if (!record) throw unknownConsent(consent);
    return contentOf(record, this.keys).tokens;
  }

  /**
   * Ends a consent's tokens at the bank, and forgets them. No refresh is under way meanwhile.
   *
   * @param revoke is given the tokens; where it fails, nothing is forgotten
   * @throws OpenBankingError as `valid`, and what `revoke` throws
   */
  async end(consent: string, revoke: (tokens: TokenSet) => Promise<void>): Promise<void> {
    const name = recordName({ profile: this.profile, consent });
    const context = { profile: this.profile, store: this.store };
    // Before the lease, because it takes its time.
    await endpointsOf(this.profile);
    const result = await takeLease(context, { name, consent }, () => undefined);
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

  /** Forgets a consent, whatever its record is like. @returns whether it was known */
  async forget(consent: string): Promise<boolean> {
    const name = recordName({ profile: this.profile, consent });
    this.#memory.forget(name);
    this.#unsaved.forget(name);
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
      await this.#unsaved.save(name);
      record = await this.#recordOf(consent, name, firstRefreshToken);
    } catch (error) {
      // A store that is away for a while does not stop what needs nothing of it.
      const isAway = error instanceof OpenBankingError && unreachable.has(error.code);
      const known = isAway ? this.#memory.any(name, margin) : undefined;
      if (!isAway || !known) throw error;
      return { tokens: known, remarks: [`${error.message}. ${error.description}`] };
    }
    const usable = (found: StoredRecord) => this.#usable(found, margin);
    const tokens = usable(record);
    if (tokens) return { tokens, remarks: [] };
    const { profile, store, keys } = this;
    const context: RefreshContext = { profile, store, keys, unsaved: this.#unsaved, usable };
    const token = await refreshUnderLease(context, record);
    this.#memory.remember(name, token.tokens);
    return token;
  }

  /** The record, begun with the first refresh token where there is none, or where a person replaced that token. */
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
      // Nothing to use yet: it is refreshed at once.
      expires_at: new Date(0).toISOString(),
      refresh_token_rotated: false,
    };
    const content = { tokens, grant, imported: [...imported, grant] };
    const begun = newRecord({ profile: this.profile, consent }, content, this.keys);
    const stored = await this.store.replace(begun, record?.revision ?? 0);
    // Another process was quicker.
    return stored ?? (await this.store.read(name)) ?? Promise.reject(unknownConsent(consent));
  }

  /** @returns whether they were stored; they are not where they were already, complete, and may have been refreshed since */
  async #put(consent: string, name: string, tokens: TokenSet): Promise<boolean> {
    const grant = digest(JSON.stringify([tokens.refresh_token, tokens.access_token]));
    for (;;) {
      const before = await this.store.read(name);
      const known = before && this.#readable(before);
      if (known?.grant === grant && !completes(tokens, known.tokens)) return false;
      const content = { tokens, grant, imported: known?.imported ?? [] };
      const record = newRecord({ profile: this.profile, consent }, content, this.keys);
      if (await this.store.replace(record, before?.revision ?? 0)) return true;
    }
  }

  async #records(): Promise<StoredRecord[]> {
    const bank = bankOf(this.profile);
    const records = await this.store.list();
    return records.filter(
      (record) => record.bank === bank && record.clientId === this.profile.clientId,
    );
  }

  #readable(record: StoredRecord): RecordContent | undefined {
    try {
      return contentOf(record, this.keys);
    } catch {
      return undefined;
    }
  }

  /** The tokens of a record, where they can be handed out. @throws OpenBankingError where a check of them failed a short while ago */
  #usable(record: StoredRecord, margin: number): TokenSet | undefined {
    if (record.certificateThumbprint !== this.profile.certificateThumbprint) return undefined;
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

/** Whether these are the tokens that were kept before they were checked, and are now. */
function completes(tokens: TokenSet, kept: TokenSet): boolean {
  const isUnchecked = kept.access_token === tokens.access_token && !kept.authorization;
  return isUnchecked && Boolean(tokens.authorization);
}
