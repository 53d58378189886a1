import type { RegimeRules } from '../../profile/regime';
import { brazilConsents } from './brazilConsents';
import type { RequestedConsent } from './consentRequest';
import { obieConsents, saudiConsents } from './obieConsents';

/** The consents of a regime on the wire. */
export interface ConsentDialect {
  /**
   * The address of a consent; that of all consents if the ID is `undefined`.
   *
   * @param base the base address of the account API
   * @throws OpenBankingError `field-malformed`
   */
  url(base: string, consentId?: string): string;
  /** The body of a request that creates a consent. */
  creation(requested: RequestedConsent): object;
  /** The body of the PATCH request that ends a consent; `undefined` if it is ended by DELETE. */
  readonly end?: (isAwaiting: boolean) => object;
  /** Whether bodies are signed JWTs, with the content in the claim `message`. */
  readonly isSigned: boolean;
  readonly members: ConsentMembers;
}

/** The names of members of a consent, each with the names that other banks give it. */
export interface ConsentMembers {
  readonly data: string;
  readonly consentId: string;
  readonly status: readonly string[];
  readonly statusChangedAt: readonly string[];
  readonly expiresAt: string;
  readonly transactionsFrom?: string;
  readonly transactionsTo?: string;
  readonly permissions: string;
  readonly createdAt: string;
}

/** Ways to create a consent. */
export type ConsentCreation = Exclude<RegimeRules['consentCreation'], 'none'>;

/** The dialect of each way to create a consent. */
export const consentDialects: Readonly<Record<ConsentCreation, ConsentDialect>> = {
  obie: obieConsents,
  obieSigned: saudiConsents,
  brazil: brazilConsents,
};
