import { OpenBankingError } from '../../errors/OpenBankingError';
import { customerOf, isSameCustomerOnRenewal, type Customer } from '../../oauth/jwt/customer';
import type { ReceivedTokens, TokenSet } from '../../oauth/grants/tokenSet';
import type { IdTokenExpectations } from '../../oauth/jwt/idToken';
import type { Profile } from '../../profile/profile';
import type { StoredRecord } from '../../store/store';
import { newRecord, readableContent, rewritten } from '../records/record';
import { grantOf, type Received, type RecordContent } from '../records/recordContent';
import { expiryOf, timesOf } from '../records/tokenTimes';
import { accountsAfterRenewal } from './accountsOfConsent';
import { locate, locateByMetadata, type Located } from './location';
import type { RefreshContext } from './refreshContext';
import { moveHome } from './soleRecord';

/** Options for storing new tokens. */
export interface RenewalOptions {
  /** The bank's ID of their consent. */
  readonly consentId?: string;
  /** Whether they may belong to another customer than the stored tokens. */
  readonly acceptAnotherCustomer?: boolean;
}

/** The result of storing tokens. */
export interface KeepResult {
  /** The check that the tokens did not pass. Then they are stored beside those that passed. */
  readonly failedCheck?: OpenBankingError;
  readonly remarks: string[];
  /** Whether the tokens are not stored: they wait in memory, or the record under their name is damaged. */
  readonly isWaiting?: boolean;
  /** Whether the name belonged to another customer before. */
  readonly isOfAnotherCustomer?: boolean;
}

/** The content of a record with new tokens. */
interface RenewedContent extends Pick<KeepResult, 'isOfAnotherCustomer'> {
  readonly content: RecordContent;
  readonly remarks: string[];
}

/** New tokens that passed their check. */
interface PassedTokens extends RenewalOptions {
  readonly tokens: TokenSet;
  readonly customer?: Customer;
}

/** The customer of stored tokens. Earlier versions stored the ID token alone. */
export async function storedCustomer(
  { customer, tokens }: RecordContent,
  profile: Profile,
): Promise<Customer | undefined> {
  if (customer) return customer;
  const idToken = tokens?.authorization && tokens.id_token;
  return typeof idToken === 'string' ? customerOf(idToken, profile) : undefined;
}

/**
 * The content of a record after new tokens passed their check. If the stored tokens belong to another customer, it is a failed check.
 *
 * @param before the present content; `undefined` if there is none
 */
export async function renewedContent(
  profile: Profile,
  before: RecordContent | undefined,
  { tokens, customer, consentId, acceptAnotherCustomer }: PassedTokens,
): Promise<RenewedContent | { failedCheck: OpenBankingError }> {
  const former = before && {
    customer: await storedCustomer(before, profile),
    consentId: before.consentId,
  };
  const isSame = !former || isSameCustomerOnRenewal(former, { customer, consentId });
  if (!isSame && !acceptAnotherCustomer) return { failedCheck: anotherCustomer() };
  // A renewal without an ID token does not say who the customer is.
  const known = customer ?? (acceptAnotherCustomer ? undefined : former?.customer);
  const grant = grantOf(tokens);
  const isKnownAsSame = former?.customer && customer ? isSame : !acceptAnotherCustomer;
  const lineage = isKnownAsSame ? (before?.lineage ?? before?.grant) : undefined;
  const content = {
    tokens: asPassed(tokens),
    grant,
    imported: before?.imported ?? [],
    ...(lineage !== undefined && lineage !== grant && { lineage }),
    ...(known && { customer: known }),
    ...(consentId && { consentId }),
    ...(isSame && accountsAfterRenewal(before, consentId)),
  };
  const isOther = before?.tokens && before.grant !== grant;
  const isKnown = former?.customer !== undefined && customer !== undefined;
  const remarks = isOther
    ? replacementRemarks({ isSame, isKnown }, before.consentId, consentId)
    : [];
  return { content, remarks, ...(!isSame && { isOfAnotherCustomer: true }) };
}

/** Tokens that passed, with `authorization`. It was left out if the access token expired before the same grant was given again. */
function asPassed(tokens: TokenSet): TokenSet {
  const { access_token: accessToken } = tokens;
  return typeof accessToken === 'string' && accessToken !== ''
    ? { ...tokens, authorization: `Bearer ${accessToken}` }
    : tokens;
}

function anotherCustomer(): OpenBankingError {
  return new OpenBankingError('id-token-subject', {
    problem: 'stored',
    description:
      'The stored tokens stay as they were. If another customer consented, store the tokens under another name. If the name is to belong to the new customer from now on, set "Accept Another Customer".',
    outcome: 'received',
  });
}

/**
 * Warnings if a consent takes the place of another one under the same name.
 *
 * @param customers whether they are the same, and whether ID tokens say so
 */
function replacementRemarks(
  { isSame, isKnown }: { readonly isSame: boolean; readonly isKnown: boolean },
  before?: string,
  now?: string,
): string[] {
  if (!isSame)
    return [
      'The tokens that were stored under this name belonged to another customer, and were replaced.',
    ];
  if (before === undefined || now === undefined) return isKnown ? [] : [UNKNOWN_CUSTOMER];
  if (before === now) return [];
  return [`The tokens of the bank's consent "${before}" were replaced by those of "${now}".`];
}

const UNKNOWN_CUSTOMER =
  'The tokens that were stored under this name were replaced, and no ID token says whether they belong to the same customer. Each customer needs a name of its own. If the scope contains "openid", the bank says who the customer is, and tokens of another one are refused.';

/** Stores tokens that did not come by a refresh under the lease: mostly those of a new consent. */
export class NewConsentWriter {
  /** Whether the tokens belong to the customer of the stored ones, or may belong to another one. */
  isRightCustomer = false;

  constructor(
    private readonly context: RefreshContext,
    private readonly consent: string,
  ) {}

  /** Stores tokens before their check, beside those that passed. Tokens that are stored already are not stored again. */
  async receive(
    tokens: TokenSet,
    expected: IdTokenExpectations,
    options: RenewalOptions,
  ): Promise<void> {
    await this.#storeBeside(this.#received(tokens, expected, options));
  }

  /**
   * Stores tokens after their check. Tokens that passed replace the stored tokens; others are stored as received. Tokens that were stored before
   * are not stored again, because they may have been refreshed since, unless the record is not usable or expires earlier.
   */
  async keep(
    received: ReceivedTokens,
    options: RenewalOptions,
  ): Promise<KeepResult & { readonly isStored: boolean }> {
    const { tokens, customer } = received;
    if (received.failedCheck) return this.#keepBeside(received, options);
    const { client, store, keys } = this.context;
    const { certificateThumbprint } = client.profile;
    for (;;) {
      const located = await this.#locate();
      const before = located?.record;
      const content = before && readableContent(before, keys);
      if (before && content && !isToStore(tokens, before, content)) {
        return { remarks: [], isStored: false };
      }
      if (received.isRepeated && before && content?.tokens && isNewer(before, tokens)) {
        return { remarks: [newerStored(this.consent)], isStored: false };
      }
      const next = await renewedContent(client.profile, content, { tokens, customer, ...options });
      if ('failedCheck' in next) {
        return this.#keepBeside({ ...received, failedCheck: next.failedCheck }, options);
      }
      this.isRightCustomer = true;
      const record = before
        ? rewritten(before, next.content, keys, { state: 'usable', certificateThumbprint })
        : newRecord(this.#owner, next.content, keys);
      const stored = await store.replace(record, before?.revision ?? 0);
      if (stored) {
        if (located) await moveHome(this.context, { ...located, record: stored });
        const { remarks, isOfAnotherCustomer } = next;
        return { remarks, isStored: true, ...(isOfAnotherCustomer && { isOfAnotherCustomer }) };
      }
    }
  }

  async #keepBeside(
    { tokens, expected, customer, failedCheck }: ReceivedTokens,
    options: RenewalOptions,
  ): Promise<KeepResult & { readonly isStored: boolean }> {
    const { code, message } = failedCheck!;
    const check = { code, message };
    const received = this.#received(tokens, expected, options);
    const isStored = await this.#storeBeside({ ...received, ...(customer && { customer }), check });
    return isStored === undefined
      ? { failedCheck, remarks: [unreadable(this.consent)], isStored: false, isWaiting: true }
      : { failedCheck, remarks: [], isStored };
  }

  #received(tokens: TokenSet, expected: IdTokenExpectations, options: RenewalOptions): Received {
    const { certificateThumbprint } = this.context.client.profile;
    const withheld = { ...tokens, authorization: undefined };
    return { tokens: withheld, expected, certificateThumbprint, ...options };
  }

  /**
   * @returns whether they were stored; tokens that passed once are not stored beside themselves. `undefined` if the record is damaged
   */
  async #storeBeside(renewed: Received): Promise<boolean | undefined> {
    const { store, keys } = this.context;
    const grant = grantOf(renewed.tokens);
    for (;;) {
      const before = (await this.#locate())?.record;
      const content = before && readableContent(before, keys);
      // A damaged record may be restored.
      if (before && !content) return undefined;
      if (content?.tokens && content.grant === grant) return false;
      if (!before || !content) {
        const begun = newRecord(this.#owner, { grant, imported: [], renewed }, keys);
        if (await store.replace(begun, 0)) return true;
        continue;
      }
      const record = rewritten(before, { ...content, renewed }, keys, before);
      if (await store.amend(record, before.revision)) return true;
    }
  }

  get #owner() {
    return { profile: this.context.client.profile, consent: this.consent };
  }

  /** The present records of the consent. If the metadata of the bank cannot be fetched, the tokens are stored all the same. */
  async #locate(): Promise<Located | undefined> {
    const located = await locate(this.context, this.consent);
    if (located) return located;
    const isKnown = await this.context.client.endpoints().then(
      () => true,
      () => false,
    );
    return isKnown ? locateByMetadata(this.context, this.consent) : undefined;
  }
}

/** Whether stored tokens were received after the given ones. */
function isNewer({ obtainedAt }: StoredRecord, tokens: TokenSet): boolean {
  return obtainedAt > Date.parse(tokens.obtained_at);
}

function newerStored(consent: string): string {
  return `Newer tokens are stored for the consent "${consent}", and stay: these tokens came from a code or refresh token that was given again.`;
}

function unreadable(consent: string): string {
  return `The tokens are not stored: the record under the name "${consent}" was changed by something other than this package.`;
}

/** Whether tokens that passed have to be stored: they are new, or the record with them is not usable or expires earlier. */
function isToStore(
  tokens: TokenSet,
  { state }: StoredRecord,
  { tokens: stored, grant, setback }: RecordContent,
): boolean {
  if (!stored || grant !== grantOf(tokens)) return true;
  // They were refreshed since: the refresh token is spent.
  if (stored.refresh_token !== tokens.refresh_token) return false;
  if (state === 'needs-consent' || setback?.kind === 'refused') return true;
  const isSame = stored.access_token === tokens.access_token;
  return isSame && expiryOf(timesOf(stored)) < expiryOf(timesOf(tokens));
}
