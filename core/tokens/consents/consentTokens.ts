import { digest } from '../../lib/digest';
import { MINUTE } from '../../lib/time';
import type { BankClient } from '../../oauth/client';
import type { ReceivedTokens, TokenSet } from '../../oauth/grants/tokenSet';
import type { IdTokenExpectations } from '../../oauth/jwt/idToken';
import type { StoredRecord, TokenStore } from '../../store/store';
import type { EncryptionKeys } from '../records/encryptionKeys';
import { contentOf } from '../records/record';
import { grantOf, type Received } from '../records/recordContent';
import { knownAccounts, rememberAccounts } from './accountsOfConsent';
import {
  listConsents,
  overviewOfConsents,
  storedRefreshTokens,
  type ConsentOverview,
} from './allConsents';
import { BankLimits } from './bankLimits';
import { checkFailure, notStored, unknownConsent } from './consentErrors';
import type { ConsentSummary } from './consentList';
import { customerOfConsent, type CustomerOfConsent } from './customerOfConsent';
import { endConsent, setsOf, type Revoke } from './endConsent';
import { firstRefreshTokenOf, type FirstRefreshTokenSettings } from './firstRefreshToken';
import { Heart } from './heart';
import { consentIdsOf, keptConsents, type KeptConsent } from './keptConsents';
import { homeName, locate, locateAnywhere, ownNames } from './location';
import { NewConsentWriter, type KeepResult, type RenewalOptions } from './newConsentWriter';
import type { RefreshOptions } from './nextStep';
import { checkReceived } from './receivedCheck';
import type { ConsentToken, RefreshContext, SharedObjects } from './refreshContext';
import { RefreshTokenIndex } from './refreshTokenIndex';
import { TokenMemory } from './tokenMemory';
import { TokenSource } from './tokenSource';
import { UnsavedRecords } from './unsavedRecords';
import { assertMargin, type ValidityOptions } from './validity';

/**
 * The tokens of the consents of one client at one bank.
 *
 * A caller gets a valid token, and every refresh token is used once. This holds across items, executions, processes and hosts.
 * The lease of each consent guards its refresh token. Only tokens that passed their checks are handed out or refreshed.
 */
export class ConsentTokens {
  readonly #memory = new TokenMemory();
  readonly #refreshTokens = new RefreshTokenIndex();
  readonly #underWay = new Map<string, Promise<ConsentToken>>();
  readonly #context: RefreshContext;
  readonly #source: TokenSource;
  readonly #first: FirstRefreshTokenSettings;

  /** @param shared objects that other clients of the store use, too, new ones if not given; and the first refresh token of the credential */
  constructor(
    client: BankClient,
    private readonly store: TokenStore,
    private readonly keys: EncryptionKeys,
    shared: Partial<SharedObjects> & { readonly first?: FirstRefreshTokenSettings } = {},
  ) {
    const {
      unsaved = new UnsavedRecords(),
      limits = new BankLimits(),
      heart = new Heart(store),
      first = {},
    } = shared;
    this.#first = first;
    this.#context = { client, store, keys, unsaved, limits, heart };
    this.#source = new TokenSource(this.#context, this.#memory, this.#refreshTokens);
  }

  /**
   * A valid token: the stored token, refreshed before it expires. If many callers need a refresh, it is sent once.
   *
   * If a refresh fails while the access token lives, the access token is returned with a remark, unless the bank refused the refresh token.
   *
   * @throws OpenBankingError `field-malformed`, `refresh-token-malformed`, `consent-unknown`, `consent-ended`, `refresh-outcome-unknown`, `store-busy`,
   * `record-damaged`, `input-missing`, `consent-malformed`, those of the store, of discovery and of a refresh, and a failed check of the
   * tokens
   */
  valid(consent: string, options: ValidityOptions = {}): Promise<ConsentToken> {
    return this.#valid(consent, options);
  }

  async #valid(
    consent: string,
    options: ValidityOptions & Pick<RefreshOptions, 'stopsAtCheck'>,
  ): Promise<ConsentToken> {
    const { margin = MINUTE, tryAgain = false, refreshNow = false, stopsAtCheck } = options;
    assertMargin(margin);
    const name = this.#nameOf(consent);
    const firstRefreshToken =
      options.firstRefreshToken ?? firstRefreshTokenOf(this.#first, consent);
    const recent = tryAgain || refreshNow ? undefined : this.#memory.recent(name, margin);
    if (recent) return recent;
    const refreshOptions = { margin, tryAgain, refreshNow, stopsAtCheck };
    const question = digest(JSON.stringify([name, firstRefreshToken, refreshOptions]));
    const underWay = this.#underWay.get(question);
    if (underWay) return underWay;
    const obtaining = this.#source.obtain({ consent, name, firstRefreshToken }, refreshOptions);
    this.#underWay.set(question, obtaining);
    try {
      return await obtaining;
    } finally {
      this.#underWay.delete(question);
    }
  }

  /**
   * Refreshes a consent with a refresh token that a person or a workflow gave, and that is or was stored for the consent, see
   * {@link consentOf}. The lease guards it, and the record has the new tokens. If the token was replaced since, it is not sent: the stored
   * tokens are returned with a remark. A failed check of the tokens is thrown, although the earlier access token may live.
   *
   * @throws OpenBankingError as {@link valid}
   */
  async refreshGiven(consent: string, refreshToken: string): Promise<ConsentToken> {
    const record = await this.#recordOf(consent);
    const content = contentOf(record, this.keys);
    const { tokens, refreshed, renewed } = content;
    const given = refreshToken.trim();
    const isGiven = (received?: Received) => received?.tokens.refresh_token === given;
    if (given === tokens?.refresh_token) {
      return this.#valid(consent, { refreshNow: true, stopsAtCheck: true });
    }
    const received = [refreshed, renewed].find(isGiven);
    if (received) {
      const checked = await checkReceived(this.#context, { record, content });
      if (checked && !checked.hasPassed) {
        const { refreshed: one, renewed: other } = checked.content;
        throw checkFailure([one, other].find(isGiven) ?? received);
      }
      this.#memory.forget(this.#nameOf(consent));
      return this.refreshGiven(consent, given);
    }
    const token = await this.valid(consent);
    const remark = `The refresh token was replaced since: it was not sent, and the tokens that are stored for the consent "${consent}" are returned.`;
    return { ...token, remarks: [...token.remarks, remark] };
  }

  /**
   * Stores tokens that were received and not checked yet, beside those that passed. {@link keep} has to follow.
   *
   * @param expected what their ID token is compared with
   */
  async receive(
    consent: string,
    tokens: TokenSet,
    expected: IdTokenExpectations,
    options: RenewalOptions = {},
  ): Promise<void> {
    const writer = new NewConsentWriter(this.#context, consent);
    const save = () => writer.receive(tokens, expected, options);
    // A name of its own: refreshed tokens of the consent may be waiting, too.
    await save().catch(() => this.#context.unsaved.add(`${this.#nameOf(consent)} received`, save));
  }

  /**
   * Stores tokens after their check: those of a new consent, or those of a refresh outside this class. Tokens that passed, and that belong
   * to the same customer (see `isSameCustomerOnRenewal`), replace the stored tokens. All others are stored as received, and the stored
   * tokens stay.
   *
   * @returns the check that they failed, and warnings. If the store cannot be written, the tokens wait in memory, and a warning says so.
   */
  async keep(
    consent: string,
    received: ReceivedTokens,
    options: RenewalOptions = {},
  ): Promise<KeepResult> {
    const name = this.#nameOf(consent);
    const writer = new NewConsentWriter(this.#context, consent);
    const { tokens } = received;
    const { consentId } = options;
    const identity = { consentId, grant: grantOf(tokens) };
    this.#context.unsaved.forget(`${name} received`);
    try {
      const { isStored, ...result } = await writer.keep(received, options);
      const { failedCheck } = result;
      if (isStored && !failedCheck) {
        this.#memory.remember(name, { tokens, ...identity });
        this.#context.unsaved.forget(name);
      }
      if (tokens.refresh_token) this.#refreshTokens.add(digest(tokens.refresh_token), consent);
      return result;
    } catch (error) {
      const { failedCheck } = received;
      this.#context.unsaved.add(failedCheck ? `${name} received` : name, () =>
        writer.keep(received, options),
      );
      // If the record could not be read, they may belong to another customer.
      if (!failedCheck && writer.isRightCustomer) {
        this.#memory.remember(name, { tokens, ...identity });
      }
      if (tokens.refresh_token) this.#refreshTokens.add(digest(tokens.refresh_token), consent);
      const remarks = [notStored(consent, error)];
      return { remarks, isWaiting: true, ...(failedCheck && { failedCheck }) };
    }
  }

  /** Checks that the store can be written, before tokens are requested from the bank. @throws OpenBankingError those of the store */
  assertWritable(): Promise<void> {
    return this.store.assertWritable();
  }

  /** The consents of this client at this bank that belong to the keys of the credential. @throws OpenBankingError those of the store */
  list(): Promise<ConsentSummary[]> {
    return listConsents(this.#context);
  }

  /** The consents of {@link list}, and warnings for operators. @throws OpenBankingError those of the store */
  overview(): Promise<ConsentOverview> {
    return overviewOfConsents(this.#context);
  }

  /**
   * The consent that a refresh token is or was stored for; `undefined` if there is none. Damaged records are skipped.
   *
   * @throws OpenBankingError those of the store
   */
  consentOf(refreshToken: string): Promise<string | undefined> {
    return this.#refreshTokens.consentOf(refreshToken.trim(), () =>
      storedRefreshTokens(this.#context),
    );
  }

  /**
   * The stored tokens of a consent, valid or not: those that passed their check; if there are none, those that were received.
   *
   * @throws OpenBankingError `consent-unknown`, `record-damaged`, and those of the store
   */
  async stored(consent: string): Promise<TokenSet> {
    return setsOf(contentOf(await this.#recordOf(consent), this.keys))[0]!;
  }

  /** The consents of {@link list}, with their IDs at the bank and their accounts. @throws OpenBankingError those of the store */
  kept(): Promise<KeptConsent[]> {
    return keptConsents(this.#context);
  }

  /** The bank's IDs of a stored consent, see {@link consentIdsOf}. @throws OpenBankingError as {@link consentIdsOf} */
  consentIds(consent: string): Promise<readonly string[]> {
    return consentIdsOf(this.#context, consent);
  }

  /** Stores the IDs of a consent's accounts with its tokens, see `rememberAccounts`. @throws OpenBankingError those of the store */
  rememberAccounts(consent: string, accountIds: readonly string[], grant?: string): Promise<void> {
    return rememberAccounts(this.#context, consent, accountIds, grant);
  }

  /** The IDs of a consent's accounts that are stored. @throws OpenBankingError those of the store */
  knownAccounts(consent: string): Promise<readonly string[]> {
    return knownAccounts(this.#context, consent);
  }

  /** The customer of a stored consent, see {@link customerOfConsent}. @throws OpenBankingError those of the store */
  customer(consent: string): Promise<CustomerOfConsent | undefined> {
    return customerOfConsent(this.#context, consent);
  }

  /** Ends a consent's tokens at the bank, and deletes its record, see {@link endConsent}. @throws OpenBankingError as {@link endConsent} */
  async end(consent: string, revoke: Revoke): Promise<void> {
    if (await endConsent(this.#context, consent, revoke)) this.#forget(consent);
    else this.#memory.forget(this.#nameOf(consent));
  }

  /** Deletes the records of a consent, even damaged ones. @returns whether there was one */
  async forget(consent: string): Promise<boolean> {
    this.#forget(consent);
    let isDeleted = false;
    let located = await locateAnywhere(this.#context, consent);
    while (located) {
      for (const { name, revision } of [located.record, ...located.others]) {
        this.#context.unsaved.forget(name);
        isDeleted = (await this.store.remove(name, revision)) || isDeleted;
      }
      located = await locate(this.#context, consent);
    }
    return isDeleted;
  }

  #forget(consent: string): void {
    this.#memory.forget(this.#nameOf(consent));
    for (const name of ownNames(this.#context, consent)) {
      this.#context.unsaved.forget(name);
      this.#context.unsaved.forget(`${name} received`);
    }
    this.#refreshTokens.clear();
  }

  async #recordOf(consent: string): Promise<StoredRecord> {
    const located = await locateAnywhere(this.#context, consent);
    if (!located) throw unknownConsent(consent);
    return located.record;
  }

  /** The name of a consent in the memory of this process. */
  #nameOf(consent: string): string {
    return homeName(this.#context, consent);
  }
}
