import { createHash, randomUUID } from 'node:crypto';

/** Status of an account access consent (UK Open Banking v3.1 `OBReadConsentResponse1.Data.Status`). */
export type ConsentStatus = 'AwaitingAuthorisation' | 'Authorised' | 'Rejected' | 'Revoked';

/** An account access consent: the data that a third party may read after the customer has approved it. */
export interface Consent {
  id: string;
  clientId: string;
  permissions: string[];
  status: ConsentStatus;
  created: Date;
  statusUpdated: Date;
  /** When access ends; `undefined` if the third party set no end. */
  expires: Date | undefined;
  /** Earliest and latest booking date that may be read; `undefined` if the third party set no limit. */
  transactionsFrom: Date | undefined;
  transactionsTo: Date | undefined;
  /** The person and company that may give it (Brazil); `undefined` for anybody. */
  holder?: { cpf: string; cnpj?: string };
  /** Accounts that the customer has chosen. */
  accountIds: string[];
  /** Whether its accounts have other IDs than in other consents. */
  hasOwnAccountIds: boolean;
}

/** The request of a third party for a consent. */
export type ConsentRequest = Pick<
  Consent,
  'clientId' | 'permissions' | 'expires' | 'transactionsFrom' | 'transactionsTo' | 'holder'
>;

/** Maximum number of stored consents. The oldest are removed first. */
const CAPACITY = 5_000;

/** The bank's consents, in memory. */
export class Consents {
  private readonly byId = new Map<string, Consent>();
  private readonly byGrant = new Map<string, string>();
  private readonly hanging = new Set<string>();

  /** @param givesOwnAccountIds whether a consent that is approved now has account IDs of its own */
  constructor(private readonly givesOwnAccountIds: () => boolean = () => false) {}

  /** @param prefix begins the ID of the consent */
  create(request: ConsentRequest, prefix?: string): Consent {
    const consent = this.draft(request, prefix);
    this.store(consent);
    return consent;
  }

  /** A consent that is stored only if the customer approves it. */
  draft(request: ConsentRequest, prefix = 'urn-sandbox-intent-'): Consent {
    const now = new Date();
    return {
      ...request,
      id: prefix + randomUUID(),
      status: 'AwaitingAuthorisation',
      created: now,
      statusUpdated: now,
      accountIds: [],
      hasOwnAccountIds: false,
    };
  }

  find(id: string | undefined): Consent | undefined {
    return id === undefined ? undefined : this.byId.get(id);
  }

  /** The consent of an access token, by the grant of the token. */
  findByGrant(grantId: string | undefined): Consent | undefined {
    return this.find(this.byGrant.get(grantId ?? ''));
  }

  /** The grants of the earlier approvals of a consent that is renewed, oldest first. */
  earlierGrants(grantId: string): string[] {
    const id = this.byGrant.get(grantId);
    const grants = [...this.byGrant].filter(([, consentId]) => consentId === id);
    return grants.map(([grant]) => grant).slice(0, -1);
  }

  /** Stores the customer's approval: tokens of this grant may read these accounts. */
  authorise(consent: Consent, accountIds: string[], grantId: string): void {
    consent.accountIds = accountIds;
    consent.hasOwnAccountIds = this.givesOwnAccountIds();
    this.store(consent);
    this.byGrant.set(grantId, consent.id);
    this.setStatus(consent, 'Authorised');
  }

  /** Leaves all further requests for the data of a consent without an answer. */
  hang(id: string): void {
    this.hanging.add(id);
  }

  /** Whether requests with the tokens of a grant get no answer. */
  isHanging(grantId: string | undefined): boolean {
    return this.hanging.has(this.findByGrant(grantId)?.id ?? '');
  }

  reject(consent: Consent): void {
    this.setStatus(consent, 'Rejected');
  }

  revoke(consent: Consent): void {
    this.setStatus(consent, 'Revoked');
  }

  private store(consent: Consent): void {
    this.byId.set(consent.id, consent);
    for (const map of [this.byId, this.byGrant]) {
      if (map.size > CAPACITY) map.delete(map.keys().next().value!);
    }
  }

  private setStatus(consent: Consent, status: ConsentStatus): void {
    consent.status = status;
    consent.statusUpdated = new Date();
  }
}

/** The ID of an account in the answers for a consent. */
export function publicAccountId({ id, hasOwnAccountIds }: Consent, accountId: string): string {
  if (!hasOwnAccountIds) return accountId;
  const digest = createHash('sha256').update(`${id}/${accountId}`).digest();
  return `4${String(digest.readUIntBE(0, 6) % 10 ** 13).padStart(13, '0')}`;
}

/** Permissions of the UK Open Banking v3.1 account API, in words for the customer. */
export const PERMISSIONS: Record<string, string> = {
  ReadAccountsBasic: 'The names of your accounts',
  ReadAccountsDetail: 'Your account names, numbers and sort codes',
  ReadBalances: 'Your account balances',
  ReadTransactionsBasic: 'Your transactions: dates and amounts',
  ReadTransactionsDetail: 'Your transactions, with who you paid and who paid you',
  ReadTransactionsCredits: 'Money that came in',
  ReadTransactionsDebits: 'Money that went out',
};

/** Permissions that the sandbox's own third party requests. */
export const USUAL_PERMISSIONS = [
  'ReadAccountsDetail',
  'ReadBalances',
  'ReadTransactionsDetail',
  'ReadTransactionsCredits',
  'ReadTransactionsDebits',
];
