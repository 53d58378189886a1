import type { ErrorCode } from '../../errors/catalogue';
import { OpenBankingError } from '../../errors/OpenBankingError';
import type { TokenSet } from '../../oauth/grants/tokenSet';
import type { Customer } from '../../oauth/jwt/customer';
import type { IdTokenExpectations } from '../../oauth/jwt/idToken';
import { digest } from '../../lib/digest';

/** The encrypted part of a record. */
export interface RecordContent {
  /** The tokens that passed their checks. A record that begins with a "First Refresh Token" has only `refresh_token`. */
  readonly tokens?: TokenSet;
  /**
   * Tokens that a refresh of `tokens` brought, and that did not pass. The refresh token of `tokens` is spent, unless the bank did not
   * replace it. Nothing is sent until they pass, or until the customer consents again.
   */
  readonly refreshed?: Received;
  /** Tokens that did not come by a refresh of `tokens`, mostly those of a new consent of the customer, and that did not pass. `tokens` are still used. */
  readonly renewed?: Received;
  /** The customer that the first ID token of the consent named. */
  readonly customer?: Customer;
  /** The bank's ID of the consent, if it is known. */
  readonly consentId?: string;
  /** The IDs of its accounts, as the bank last listed them: some banks close the list soon after the customer has logged in. */
  readonly accounts?: readonly string[];
  /** The last refresh, if it brought no tokens. */
  readonly setback?: Setback;
  /** A digest of the first tokens. It identifies the consent that the customer gave, and refreshes do not change it. */
  readonly grant: string;
  /**
   * `grant` of the first consent of the same customer under this name; absent if it is `grant` itself. Another one follows when the record
   * was deleted, or when another customer takes the name.
   */
  readonly lineage?: string;
  /** Digests of the "First Refresh Token"s that were used. None is used a second time. */
  readonly imported: readonly string[];
  /** Digests of the last refresh tokens before the stored one, the latest first. */
  readonly former?: readonly string[];
}

/** Tokens that came, and that were not checked yet or did not pass. They are neither handed out nor refreshed. */
export interface Received {
  /** Without `authorization`. */
  readonly tokens: TokenSet;
  /**
   * The values that their ID token is compared with. `undefined` if the tokens never pass: an earlier version of this package stored them
   * without these values, or earlier tokens failed a check and these have no ID token that could clear it.
   */
  readonly expected?: IdTokenExpectations;
  /** The check that failed; `undefined` if they were not checked yet. */
  readonly check?: FailedCheck;
  /** The customer that they belong to, if their own checks passed, and they belong to another customer than `tokens`. */
  readonly customer?: Customer;
  /** `x5t#S256` of the client certificate that they were issued to; that of the record if `undefined`. */
  readonly certificateThumbprint?: string;
  /** The bank's ID of their consent, if it is known. */
  readonly consentId?: string;
  /** Whether they may belong to another customer than `tokens`. */
  readonly acceptAnotherCustomer?: boolean;
}

/** A check that tokens failed. */
export interface FailedCheck {
  readonly code: ErrorCode;
  readonly message: string;
}

/** A refresh that brought no tokens. It is stored, so that every process does and says the same. Times are milliseconds since the epoch. */
export interface Setback {
  /** When it was sent. */
  readonly at: number;
  /**
   * - `refused`: the bank refused the refresh token;
   * - `unreadable`: the bank refused in words that cannot be read, for example with a web page;
   * - `wait`: the bank wants to be asked later, and did nothing;
   * - `unknown`: it is not known whether the bank carried the refresh out.
   */
  readonly kind: 'refused' | 'unreadable' | 'wait' | 'unknown';
  readonly code: ErrorCode;
  /** The message of the error, without secrets. */
  readonly message: string;
  /** HTTP status of the answer; `undefined` if none came. */
  readonly status?: number;
  /** Nothing is sent before, unless a person asks. */
  readonly until: number;
  /** How many in a row were of this kind. */
  readonly count: number;
  /** When the bank refused the refresh token for the first time since the last tokens. */
  readonly refusedAt?: number;
  /** When the last refresh since the last tokens was sent whose answer was lost. The answer may have held the next refresh token. */
  readonly lostAt?: number;
}

/** Maximum number of former refresh tokens in a record. */
const MAXIMUM_FORMER = 5;

/** A digest that identifies the consent whose first tokens these are, see {@link RecordContent.grant}. */
export function grantOf(tokens: TokenSet): string {
  return digest(JSON.stringify([tokens.refresh_token, tokens.access_token]));
}

/** Distinguishes a consent from another one that is stored under the same name. */
export type ConsentIdentity = Pick<RecordContent, 'consentId'> &
  Partial<Pick<RecordContent, 'grant'>>;

/** The identity of the consent in a record. */
export function identityOf({ consentId, grant }: RecordContent): ConsentIdentity {
  return { grant, ...(consentId !== undefined && { consentId }) };
}

/** The content after a refresh whose tokens passed. */
export function withRefreshedTokens(
  content: RecordContent,
  tokens: TokenSet,
  customer?: Customer,
): RecordContent {
  const spent = content.tokens?.refresh_token;
  const isReplaced = spent !== undefined && spent !== tokens.refresh_token;
  const former = [...(isReplaced ? [digest(spent)] : []), ...(content.former ?? [])];
  return {
    ...content,
    tokens,
    refreshed: undefined,
    setback: undefined,
    // The first ID token of the consent counts, whatever later ones say (OIDC Core §12.2).
    customer: content.customer ?? customer,
    former: former.slice(0, MAXIMUM_FORMER),
  };
}

/** The content as earlier versions wrote it. */
interface FormerContent extends RecordContent {
  /** The check that `tokens` failed. */
  readonly failedCheck?: FailedCheck;
}

/**
 * The content of a record in the present form. If tokens did not pass, earlier versions stored them in the place of those that passed,
 * without `authorization`. Such tokens count as received.
 */
export function presentContent({ failedCheck, ...content }: FormerContent): RecordContent {
  const { tokens, grant, imported } = content;
  if (!tokens?.access_token || tokens.authorization) return content;
  // Earlier versions stored a failed check only for a refresh. After a refresh, only the customer has to be compared.
  const isOfRefresh = failedCheck !== undefined || grant !== grantOf(tokens);
  if (isOfRefresh)
    return { grant, imported, refreshed: { tokens, expected: {}, check: failedCheck } };
  const { code, message } = new OpenBankingError('id-token-binding', { problem: 'notStored' });
  return { grant, imported, renewed: { tokens, check: { code, message } } };
}
