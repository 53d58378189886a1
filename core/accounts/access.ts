import { OpenBankingError } from '../errors/OpenBankingError';
import { MINUTE } from '../lib/time';
import type { TokenSet } from '../oauth/grants/tokenSet';
import type { ConsentTokens } from '../tokens/consents/consentTokens';
import type { ConsentToken } from '../tokens/consents/refreshContext';
import type { ConsentIdentity } from '../tokens/records/recordContent';
import { isAlive, timesOf } from '../tokens/records/tokenTimes';

/** The authorization of requests to the account API. One object serves all accounts of one consent in one execution. */
export interface Access {
  readonly kind: 'consent' | 'token';
  /** The value for the `Authorization` header. */
  authorization(): Promise<string>;
  /**
   * After status 401: another value; `undefined` if there is none. At most one refresh for all callers.
   *
   * @param refused the value that the bank refused
   */
  renewed(refused: string): Promise<string | undefined>;
  /** Tells that the bank accepted a value. */
  accepted?(authorization: string): void;
  /** Whether a refresh brought a value after a refusal. */
  isRenewed?(authorization: string): boolean;
  /** Warnings of the stored tokens so far. */
  readonly remarks: readonly string[];
}

/** A token that a refresh brought after a refusal. */
interface Renewal {
  readonly authorization: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Whether the bank has accepted it. */
  isProven: boolean;
}

/**
 * Access with the stored tokens of a consent. They are refreshed before they expire.
 *
 * If the bank refuses a token that should be valid, the consent is refreshed once, however many requests were refused. If the bank refuses
 * the new token, too, another refresh would not help. Only a token that it accepted, and that has a minute of age, is refreshed once more:
 * some banks end tokens earlier than they say.
 */
export class ConsentAccess implements Access {
  readonly kind = 'consent';

  readonly #remarks = new Set<string>();

  /** Values that the bank refused. */
  readonly #refused = new Set<string>();

  /** The newest value. */
  #present?: string;

  #renewal?: Renewal;

  #renewing?: Promise<string | undefined>;

  #identity?: ConsentIdentity;

  /**
   * @param consent the name under which the tokens are stored
   * @param now returns the present time in milliseconds since the epoch
   */
  constructor(
    private readonly tokens: ConsentTokens,
    private readonly consent: string,
    private readonly now = Date.now,
  ) {}

  get remarks(): readonly string[] {
    return [...this.#remarks];
  }

  /** @throws OpenBankingError as `ConsentTokens.valid` */
  async authorization(): Promise<string> {
    const value = this.#take(await this.tokens.valid(this.consent));
    // For some seconds the memory of this process may have a token that another one replaced.
    if (this.#refused.has(value)) return this.#present ?? value;
    this.#present = value;
    return value;
  }

  /** The bank's ID of the consent, if it is known. @throws OpenBankingError as `ConsentTokens.valid` */
  async consentId(): Promise<string | undefined> {
    return (await this.#known()).consentId;
  }

  /** Identifies what the customer allowed, see `RecordContent.grant`. @throws OpenBankingError as `ConsentTokens.valid` */
  async grant(): Promise<string | undefined> {
    return (await this.#known()).grant;
  }

  async #known(): Promise<ConsentIdentity> {
    if (this.#identity === undefined) await this.authorization();
    return this.#identity ?? {};
  }

  /** @throws OpenBankingError as `ConsentTokens.valid` */
  async renewed(refused: string): Promise<string | undefined> {
    if (this.#renewing) return this.#renewing;
    if (this.#present !== undefined && this.#present !== refused) return this.#present;
    if (this.#refused.has(refused) || this.#isNew(refused)) return undefined;
    this.#renewing = this.#renew(refused);
    try {
      return await this.#renewing;
    } finally {
      this.#renewing = undefined;
    }
  }

  accepted(authorization: string): void {
    if (this.#renewal?.authorization === authorization) this.#renewal.isProven = true;
  }

  isRenewed(authorization: string): boolean {
    return this.#renewal?.authorization === authorization;
  }

  /** Whether a refresh brought the value, and another one would bring nothing better. */
  #isNew(authorization: string): boolean {
    const renewal = this.#renewal;
    if (!renewal || renewal.authorization !== authorization) return false;
    return !renewal.isProven || this.now() - renewal.at < MINUTE;
  }

  async #renew(refused: string): Promise<string | undefined> {
    // Another process may have refreshed the consent, and the bank may have ended the token that this process remembers.
    const stored = await this.tokens.stored(this.consent);
    const authorization = isOther(stored, refused)
      ? stored.authorization
      : this.#take(await this.tokens.valid(this.consent, { refreshNow: true }));
    this.#refused.add(refused);
    // If the refresh failed, the present token comes, with a warning.
    if (authorization === refused) return undefined;
    this.#renewal = { authorization, at: this.now(), isProven: false };
    this.#present = authorization;
    return authorization;
  }

  /** The value of a token. Its warnings are collected. */
  #take({ tokens, remarks, consentId, grant }: ConsentToken): string {
    remarks.forEach((remark) => this.#remarks.add(remark));
    this.#identity = { consentId, grant };
    return tokens.authorization!;
  }
}

/** Access with a token that the user gave. It is never refreshed: a refresh token of somebody else would be used up. */
export class GivenAccess implements Access {
  readonly kind = 'token';

  readonly remarks = [];

  readonly #authorization: string;

  /**
   * @param accessToken with or without `Bearer` before it
   * @throws OpenBankingError `input-missing`, `field-malformed`
   */
  constructor(accessToken: string) {
    const token = accessToken.trim().replace(/^Bearer(?:\s+|$)/i, '');
    const input = 'Access Token';
    if (token === '') {
      throw new OpenBankingError('input-missing', {
        problem: 'input',
        values: { input },
        description:
          'Give the access token that another node put out, for example {{ $json.authorization }} of "Get Stored Token", or set "Authorize With" to "Stored Consent". Nothing was sent.',
      });
    }
    // RFC 6750 §2.1 has fewer characters, and some banks have others. A blank ends a token in any case.
    if (!/^[\x21-\x7e]+$/.test(token)) {
      throw new OpenBankingError('field-malformed', {
        problem: 'foreign',
        values: { field: input, content: 'characters that no access token has' },
        description:
          'Give "access_token" or "authorization" of the item that the Open Banking Token node put out.',
      });
    }
    this.#authorization = `Bearer ${token}`;
  }

  authorization(): Promise<string> {
    return Promise.resolve(this.#authorization);
  }

  renewed(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}

/** Whether a stored token may be used in place of one that the bank refused. */
function isOther(
  stored: TokenSet,
  refused: string,
): stored is TokenSet & { authorization: string } {
  const { authorization } = stored;
  return authorization !== undefined && authorization !== refused && isAlive(timesOf(stored));
}
