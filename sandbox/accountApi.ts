import { randomUUID } from 'node:crypto';
import { ACCOUNTS, type Account } from './accounts';
import { PERMISSIONS, type Consent, type Consents } from './consents';
import type { Access, ApiAnswer, TokenKind } from './gatewayAccess';
import { accountBody, balanceBody, consentBody, transactionBody } from './openBankingBodies';
import { countPages, pageOf } from './paging';
import { transactionsOf } from './transactions';

/** The input of an operation of the API. */
export interface ApiRequest {
  access: Access;
  body: string;
  query: URLSearchParams;
}

/** One operation of the account API. */
export interface Operation {
  token: TokenKind;
  run(request: ApiRequest): ApiAnswer;
}

/** A refusal by the API, in the format of UK Open Banking v3.1 (`OBErrorResponse1`). */
export class ApiError extends Error {
  constructor(
    private readonly status: number,
    private readonly reason: string,
    private readonly errorCode: string,
    message: string,
  ) {
    super(message);
  }

  get answer(): ApiAnswer {
    return {
      status: this.status,
      body: {
        Code: `${this.status} ${this.reason}`,
        Id: randomUUID(),
        Message: this.reason,
        Errors: [{ ErrorCode: this.errorCode, Message: this.message }],
      },
    };
  }
}

/** The part of the UK Open Banking v3.1 account information API that the sandbox has. */
export class AccountApi {
  constructor(
    private readonly consents: Consents,
    /** Base address of the API, without a slash at its end. */
    private readonly baseUrl: string,
    /** Accounts or transactions on a page. */
    private readonly pageSize: number,
  ) {}

  /** The operation of a method and a path below the base address; `undefined` if there is none. */
  operationFor(method: string, path: string): Operation | undefined {
    const [, resource, id, part, rest] = path.split('/');
    if (rest !== undefined) return undefined;
    const call = `${method} ${resource}${id ? '/{id}' : ''}${part ? `/${part}` : ''}`;
    switch (call) {
      case 'POST account-access-consents':
        return { token: 'application', run: (request) => this.createConsent(request) };
      case 'GET account-access-consents/{id}':
        return {
          token: 'application',
          run: ({ access }) => this.consentAnswer(200, this.ownConsent(access, id!)),
        };
      case 'DELETE account-access-consents/{id}':
        return {
          token: 'application',
          run: ({ access }) => {
            this.consents.revoke(this.ownConsent(access, id!));
            return { status: 204 };
          },
        };
      case 'GET accounts':
        return { token: 'user', run: ({ access, query }) => this.listAccounts(access, query) };
      case 'GET accounts/{id}':
        return { token: 'user', run: ({ access }) => this.getAccount(access, id!) };
      case 'GET accounts/{id}/balances':
        return { token: 'user', run: ({ access }) => this.listBalances(access, id!) };
      case 'GET accounts/{id}/transactions':
        return {
          token: 'user',
          run: ({ access, query }) => this.listTransactions(access, id!, query),
        };
      default:
        return undefined;
    }
  }

  private createConsent({ access, body }: ApiRequest): ApiAnswer {
    const data = readConsentData(body);
    const expires = readDate('ExpirationDateTime', data.ExpirationDateTime);
    if (expires && expires <= new Date()) {
      throw invalidField('Data.ExpirationDateTime must be in the future');
    }
    const consent = this.consents.create({
      clientId: access.clientId,
      permissions: readPermissions(data.Permissions),
      expires,
      transactionsFrom: readDate('TransactionFromDateTime', data.TransactionFromDateTime),
      transactionsTo: readDate('TransactionToDateTime', data.TransactionToDateTime),
    });
    return this.consentAnswer(201, consent);
  }

  private consentAnswer(status: number, consent: Consent): ApiAnswer {
    const self = `${this.baseUrl}/account-access-consents/${consent.id}`;
    return {
      status,
      body: { Data: consentBody(consent), Risk: {}, Links: { Self: self }, Meta: {} },
    };
  }

  private ownConsent({ clientId }: Access, id: string): Consent {
    const consent = this.consents.find(id);
    if (consent?.clientId !== clientId) throw notFound('consent');
    return consent;
  }

  private listAccounts(access: Access, query: URLSearchParams): ApiAnswer {
    const { consent, detailed } = this.readable(access);
    const accounts = this.sharedAccounts(consent);
    return this.pageAnswer('/accounts', query, accounts, (shown) => ({
      Account: shown.map((account) => accountBody(account, detailed)),
    }));
  }

  private getAccount(access: Access, id: string): ApiAnswer {
    const { consent, detailed } = this.readable(access);
    return this.listAnswer(`/accounts/${id}`, {
      Account: [accountBody(this.sharedAccount(consent, id), detailed)],
    });
  }

  /** The consent, and `detailed`: whether it permits more than the basics of accounts. */
  private readable(access: Access): { consent: Consent; detailed: boolean } {
    const consent = this.authorisedConsent(access);
    const detailed = consent.permissions.includes('ReadAccountsDetail');
    if (!detailed) requirePermission(consent, 'ReadAccountsBasic');
    return { consent, detailed };
  }

  private listBalances(access: Access, id: string): ApiAnswer {
    const consent = this.authorisedConsent(access);
    requirePermission(consent, 'ReadBalances');
    const account = this.sharedAccount(consent, id);
    return this.listAnswer(`/accounts/${id}/balances`, { Balance: balanceBody(account) });
  }

  private listTransactions(access: Access, id: string, query: URLSearchParams): ApiAnswer {
    const consent = this.authorisedConsent(access);
    const { permissions } = consent;
    const detailed = permissions.includes('ReadTransactionsDetail');
    if (!detailed) requirePermission(consent, 'ReadTransactionsBasic');
    const account = this.sharedAccount(consent, id);
    const from = latest(
      consent.transactionsFrom,
      readDate('fromBookingDateTime', query.get('fromBookingDateTime')),
    );
    const to = earliest(
      consent.transactionsTo,
      readDate('toBookingDateTime', query.get('toBookingDateTime')),
    );
    const visible = transactionsOf(account).filter(
      ({ amount, booked }) =>
        permissions.includes(amount < 0 ? 'ReadTransactionsDebits' : 'ReadTransactionsCredits') &&
        (!from || booked >= from) &&
        (!to || booked <= to),
    );
    return this.pageAnswer(`/accounts/${id}/transactions`, query, visible, (shown) => ({
      Transaction: shown.map((transaction) => transactionBody(account, transaction, detailed)),
    }));
  }

  private pageAnswer<T>(
    path: string,
    query: URLSearchParams,
    items: T[],
    data: (shown: T[]) => object,
  ): ApiAnswer {
    const page = pageOf(items, this.pageSize, this.baseUrl + path, query);
    if (!page) {
      const totalPages = countPages(items.length, this.pageSize);
      throw invalidField(`page must be a whole number from 1 to ${totalPages}`);
    }
    const { shown, links, totalPages } = page;
    return {
      status: 200,
      body: { Data: data(shown), Links: links, Meta: { TotalPages: totalPages } },
    };
  }

  private listAnswer(path: string, data: unknown): ApiAnswer {
    return {
      status: 200,
      body: { Data: data, Links: { Self: this.baseUrl + path }, Meta: { TotalPages: 1 } },
    };
  }

  private authorisedConsent({ grantId }: Access): Consent {
    const consent = this.consents.findByGrant(grantId);
    const over = consent?.expires && consent.expires <= new Date();
    if (consent?.status !== 'Authorised' || over) {
      throw new ApiError(
        403,
        'Forbidden',
        'UK.OBIE.Resource.InvalidConsentStatus',
        'The consent is not authorised, or it has ended',
      );
    }
    return consent;
  }

  private sharedAccounts(consent: Consent): Account[] {
    return ACCOUNTS.filter(({ id }) => consent.accountIds.includes(id));
  }

  private sharedAccount(consent: Consent, id: string): Account {
    const account = this.sharedAccounts(consent).find((shared) => shared.id === id);
    if (!account) throw notFound('account');
    return account;
  }
}

interface ConsentData {
  Permissions?: unknown;
  ExpirationDateTime?: unknown;
  TransactionFromDateTime?: unknown;
  TransactionToDateTime?: unknown;
}

function readConsentData(body: string): ConsentData {
  let parsed: { Data?: unknown } | null;
  try {
    parsed = JSON.parse(body) as typeof parsed;
  } catch {
    throw new ApiError(400, 'BadRequest', 'UK.OBIE.Resource.InvalidFormat', 'The body is no JSON');
  }
  const data = parsed?.Data;
  if (typeof data !== 'object' || data === null) {
    throw new ApiError(400, 'BadRequest', 'UK.OBIE.Field.Missing', 'Data is missing');
  }
  return data;
}

function readPermissions(value: unknown): string[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw new ApiError(400, 'BadRequest', 'UK.OBIE.Field.Missing', 'Data.Permissions is missing');
  }
  const unknown = (value as unknown[]).find(
    (name) => typeof name !== 'string' || !Object.hasOwn(PERMISSIONS, name),
  );
  if (unknown !== undefined) {
    throw invalidField(
      `Data.Permissions has ${JSON.stringify(unknown)}, which this bank does not know`,
    );
  }
  return [...new Set(value as string[])];
}

function readDate(name: string, value: unknown): Date | undefined {
  if (value === undefined || value === null) return undefined;
  const date = new Date(typeof value === 'string' ? value : Number.NaN);
  if (Number.isNaN(date.getTime())) throw invalidField(`${name} is no ISO 8601 date-time`);
  return date;
}

function latest(...dates: (Date | undefined)[]): Date | undefined {
  return dates.filter((date) => date !== undefined).sort((a, b) => b.getTime() - a.getTime())[0];
}

function earliest(...dates: (Date | undefined)[]): Date | undefined {
  return dates.filter((date) => date !== undefined).sort((a, b) => a.getTime() - b.getTime())[0];
}

function requirePermission({ permissions }: Consent, permission: string): void {
  if (permissions.includes(permission)) return;
  throw new ApiError(
    403,
    'Forbidden',
    'UK.OBIE.Resource.ConsentMismatch',
    `The consent does not include ${permission}`,
  );
}

function invalidField(message: string): ApiError {
  return new ApiError(400, 'BadRequest', 'UK.OBIE.Field.Invalid', message);
}

function notFound(what: string): ApiError {
  return new ApiError(400, 'BadRequest', 'UK.OBIE.Resource.NotFound', `There is no such ${what}`);
}
