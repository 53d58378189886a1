import { ACCOUNTS, type Account } from './accounts';
import { forbidden, invalidField, notFound } from './apiErrors';
import { ConsentApi } from './consentApi';
import { publicAccountId, type Consent, type Consents } from './consents';
import type { Access, ApiAnswer, TokenKind } from './gatewayAccess';
import { joined, type Ledgers, type Rows, type View } from './ledgers';
import type { Misbehaviours } from './misbehaviours';
import { accountBody, balanceBody, transactionBody } from './openBankingBodies';
import { pageOf, type PageSizes } from './paging';
import { readFilter } from './requestRules';
import type { Version } from './versions';

/** The input of an operation of the API. */
export interface ApiRequest {
  access: Access;
  body: string;
  query: URLSearchParams;
}

/** One operation of the account API. */
export interface Operation {
  token: TokenKind;
  /** Whether it is about a consent, and not about accounts. */
  isOfConsents?: true;
  run(request: ApiRequest): ApiAnswer;
}

/** The data and settings of the API. All its versions share them. */
export interface AccountApiOptions {
  consents: Consents;
  ledgers: Ledgers;
  misbehaviours: Misbehaviours;
  /** Entries on a page. */
  pageSizes: PageSizes;
  /** Whether PATCH ends consents (Saudi Arabia). */
  endsConsentsByPatch?: boolean;
}

/** One version of the part of UK Open Banking's account information API that the sandbox has. */
export class AccountApi {
  private readonly consentApi: ConsentApi;

  constructor(
    readonly version: Version,
    /** Base address of the API, without a slash at its end. */
    private readonly baseUrl: string,
    private readonly options: AccountApiOptions,
  ) {
    this.consentApi = new ConsentApi(options.consents, version, baseUrl);
  }

  /** The operation of a method and a path below the base address; `undefined` if there is none. */
  operationFor(method: string, path: string): Operation | undefined {
    const [, resource, id, part, rest] = path.split('/');
    if (rest !== undefined) return undefined;
    const call = `${method} ${resource}${id ? '/{id}' : ''}${part ? `/${part}` : ''}`;
    switch (call) {
      case 'POST account-access-consents':
        return forThirdParty(({ access, body }) => this.consentApi.create(access, body));
      case 'GET account-access-consents/{id}':
        return forThirdParty(({ access }) => this.consentApi.read(access, id!));
      case 'DELETE account-access-consents/{id}':
        return forThirdParty(({ access }) => this.consentApi.revoke(access, id!));
      case 'PATCH account-access-consents/{id}':
        return this.options.endsConsentsByPatch
          ? forThirdParty(({ access, body }) => this.consentApi.patch(access, id!, body))
          : undefined;
      case 'GET accounts':
        return forCustomer((request) => this.accounts(path, request));
      case 'GET accounts/{id}':
        return forCustomer((request) => this.accounts(path, request, id));
      case 'GET balances':
        return forCustomer((request) => this.balances(path, request));
      case 'GET accounts/{id}/balances':
        return forCustomer((request) => this.balances(path, request, id));
      case 'GET transactions':
        return forCustomer((request) => this.transactions(path, request));
      case 'GET accounts/{id}/transactions':
        return forCustomer((request) => this.transactions(path, request, id));
      default:
        return undefined;
    }
  }

  private accounts(path: string, { access, query }: ApiRequest, id?: string): ApiAnswer {
    const consent = this.authorisedConsent(access);
    const detailed = isDetailed(consent, 'ReadAccounts');
    const body = (account: Account): object => accountBody(account, detailed, this.version);
    return this.pageAnswer(path, query, this.sharedAccounts(consent, id), 'Account', body);
  }

  /** All balances are on one page. */
  private balances(path: string, { access }: ApiRequest, id?: string): ApiAnswer {
    const consent = this.authorisedConsent(access);
    requirePermission(consent, 'ReadBalances');
    const Balance = this.sharedAccounts(consent, id).flatMap((account) =>
      balanceBody(account, this.options.ledgers.reserved(account), this.version),
    );
    const Links = { Self: this.baseUrl + path };
    return { status: 200, body: { Data: { Balance }, Links, Meta: { TotalPages: 1 } } };
  }

  private transactions(path: string, { access, query }: ApiRequest, id?: string): ApiAnswer {
    const consent = this.authorisedConsent(access);
    const detailed = isDetailed(consent, 'ReadTransactions');
    const view = viewOf(consent, query);
    const { ledgers } = this.options;
    const accounts = this.sharedAccounts(consent, id);
    const isFirst = (query.get('page') ?? '1') === '1';
    if (isFirst) for (const account of accounts) ledgers.beginRead(account);
    const lists = accounts.map((account) => {
      const rows = ledgers.of(account, view);
      const slice = (from: number, to: number): object[] =>
        rows.slice(from, to).map((row) => transactionBody(account, row, detailed, this.version));
      return { length: rows.length, slice };
    });
    const answer = this.pageAnswer(path, query, joined(lists), 'Transaction', (row) => row);
    const { Meta } = answer.body as { Meta: { TotalPages: number } };
    if (isFirst && Meta.TotalPages > 1) {
      for (const account of accounts) ledgers.afterFirstPage(account);
    }
    return answer;
  }

  private pageAnswer<T>(
    path: string,
    query: URLSearchParams,
    items: Rows<T>,
    member: string,
    body: (item: T) => object,
  ): ApiAnswer {
    const { pageSizes } = this.options;
    const page = pageOf(items, pageSizes, this.baseUrl + path, query);
    if (!page) {
      const totalPages = pageSizes.count(items.length);
      throw invalidField(`page must be a whole number from 1 to ${totalPages}`);
    }
    const { shown, links, totalPages } = page;
    return {
      status: 200,
      body: {
        Data: { [member]: shown.map(body) },
        Links: links,
        Meta: { TotalPages: totalPages },
      },
    };
  }

  /** The accounts that the customer has chosen, or one of them. */
  private sharedAccounts(consent: Consent, id?: string): Account[] {
    const accounts = ACCOUNTS.filter(
      (account) =>
        consent.accountIds.includes(account.id) && !this.options.misbehaviours.hides(account),
    ).map((account) => ({ ...account, publicId: publicAccountId(consent, account.id) }));
    if (id === undefined) return accounts;
    const account = accounts.find(({ publicId }) => publicId === id);
    if (!account) throw notFound('account');
    return [account];
  }

  private authorisedConsent({ grantId }: Access): Consent {
    const consent = this.options.consents.findByGrant(grantId);
    const over = consent?.expires && consent.expires <= new Date();
    if (consent?.status !== 'Authorised' || over) {
      throw forbidden(
        'UK.OBIE.Resource.InvalidConsentStatus',
        'The consent is not authorised, or it has ended',
      );
    }
    return consent;
  }
}

function forThirdParty(run: Operation['run']): Operation {
  return { token: 'application', isOfConsents: true, run };
}

function forCustomer(run: Operation['run']): Operation {
  return { token: 'user', run };
}

/** The transactions that pass the consent and the query. */
function viewOf(
  { permissions, transactionsFrom, transactionsTo }: Consent,
  query: URLSearchParams,
): View {
  const from = readFilter('fromBookingDateTime', query);
  const to = readFilter('toBookingDateTime', query);
  return {
    from: extreme(Math.max, from, transactionsFrom),
    to: extreme(Math.min, to, transactionsTo),
    credits: permissions.includes('ReadTransactionsCredits'),
    debits: permissions.includes('ReadTransactionsDebits'),
  };
}

function extreme(
  choose: (...times: number[]) => number,
  time: number | undefined,
  limit: Date | undefined,
): number | undefined {
  const times = [time, limit?.getTime()].filter((value) => value !== undefined);
  return times.length > 0 ? choose(...times) : undefined;
}

/** Whether the consent permits the details of a resource. @throws ApiError if it does not permit the basics either */
function isDetailed({ permissions }: Consent, resource: string): boolean {
  if (permissions.includes(`${resource}Detail`)) return true;
  requirePermission({ permissions }, `${resource}Basic`);
  return false;
}

function requirePermission(
  { permissions }: Pick<Consent, 'permissions'>,
  permission: string,
): void {
  if (permissions.includes(permission)) return;
  throw forbidden('UK.OBIE.Resource.ConsentMismatch', `The consent does not include ${permission}`);
}
