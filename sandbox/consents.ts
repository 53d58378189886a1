import { randomUUID } from 'node:crypto';

/** Life of an account access consent (UK Open Banking v3.1 `OBReadConsentResponse1.Data.Status`). */
export type ConsentStatus = 'AwaitingAuthorisation' | 'Authorised' | 'Rejected' | 'Revoked';

/** What a third party may read of a customer's accounts, once the customer has approved it. */
export interface Consent {
  id: string;
  clientId: string;
  permissions: string[];
  status: ConsentStatus;
  created: Date;
  statusUpdated: Date;
  /** When access ends, where the third party asked for an end. */
  expires: Date | undefined;
  /** Earliest and latest booking date that may be read, where the third party asked for a limit. */
  transactionsFrom: Date | undefined;
  transactionsTo: Date | undefined;
  /** Accounts that the customer chose. */
  accountIds: string[];
}

/** What a third party asks for when it creates a consent. */
export type ConsentRequest = Pick<
  Consent,
  'clientId' | 'permissions' | 'expires' | 'transactionsFrom' | 'transactionsTo'
>;

/** Consents that are kept at most; the oldest go first. */
const CAPACITY = 5_000;

/** The bank's consents, in memory. */
export class Consents {
  private readonly byId = new Map<string, Consent>();
  private readonly byGrant = new Map<string, string>();

  create(request: ConsentRequest): Consent {
    const now = new Date();
    const consent: Consent = {
      ...request,
      id: `urn-sandbox-intent-${randomUUID()}`,
      status: 'AwaitingAuthorisation',
      created: now,
      statusUpdated: now,
      accountIds: [],
    };
    this.byId.set(consent.id, consent);
    for (const map of [this.byId, this.byGrant]) {
      if (map.size > CAPACITY) map.delete(map.keys().next().value!);
    }
    return consent;
  }

  find(id: string | undefined): Consent | undefined {
    return id === undefined ? undefined : this.byId.get(id);
  }

  /** The consent behind an access token, by the grant that the token belongs to. */
  findByGrant(grantId: string | undefined): Consent | undefined {
    return this.find(this.byGrant.get(grantId ?? ''));
  }

  /** The customer shares these accounts; tokens of this grant may read them from now on. */
  authorise(consent: Consent, accountIds: string[], grantId: string): void {
    consent.accountIds = accountIds;
    this.byGrant.set(grantId, consent.id);
    this.setStatus(consent, 'Authorised');
  }

  reject(consent: Consent): void {
    this.setStatus(consent, 'Rejected');
  }

  revoke(consent: Consent): void {
    this.setStatus(consent, 'Revoked');
  }

  private setStatus(consent: Consent, status: ConsentStatus): void {
    consent.status = status;
    consent.statusUpdated = new Date();
  }
}

/** Permissions of the UK Open Banking v3.1 account API, in words that a customer reads. */
export const PERMISSIONS: Record<string, string> = {
  ReadAccountsBasic: 'The names of your accounts',
  ReadAccountsDetail: 'Your account names, numbers and sort codes',
  ReadBalances: 'Your account balances',
  ReadTransactionsBasic: 'Your transactions: dates and amounts',
  ReadTransactionsDetail: 'Your transactions, with who you paid and who paid you',
  ReadTransactionsCredits: 'Money that came in',
  ReadTransactionsDebits: 'Money that went out',
};

/** Permissions that the sandbox's own third party asks for. */
export const USUAL_PERMISSIONS = [
  'ReadAccountsDetail',
  'ReadBalances',
  'ReadTransactionsDetail',
  'ReadTransactionsCredits',
  'ReadTransactionsDebits',
];
