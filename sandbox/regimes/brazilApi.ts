import { ACCOUNTS, amountOf } from '../accounts';
import { publicAccountId, type Consent, type Consents, type ConsentStatus } from '../consents';
import type { FurtherApi, FurtherRequest } from '../gateway';
import type { ApiAnswer, Bearer, TokenKind } from '../gatewayAccess';
import { isInteractionId } from '../requestRules';
import { readConsentRequest } from './brazilConsent';
import { BrazilError, meta, utc } from './brazilError';

/** Where the paths of Open Finance Brasil begin. Each API has a version of its own below it. */
export const BRAZIL_PATH = '/open-banking';

const CONSENTS = '/open-banking/consents/v3/consents';
const ACCOUNT_LIST = '/open-banking/accounts/v2/accounts';

/** Status of a consent in the words of Open Finance Brasil. */
const STATUS: Readonly<Record<ConsentStatus, string>> = {
  AwaitingAuthorisation: 'AWAITING_AUTHORISATION',
  Authorised: 'AUTHORISED',
  Rejected: 'REJECTED',
  Revoked: 'REJECTED',
};

/**
 * Open Finance Brasil's consent API 3.2.0, and the list of accounts and the balances of its account API 2.4.0
 * (https://github.com/OpenBanking-Brasil/openapi).
 */
export class BrazilApi implements FurtherApi {
  readonly path = BRAZIL_PATH;

  constructor(
    private readonly consents: Consents,
    private readonly gatewayUrl: string,
  ) {}

  answer(request: FurtherRequest): ApiAnswer {
    try {
      if (!isInteractionId(request.headers['x-fapi-interaction-id'])) {
        throw new BrazilError(
          400,
          'BAD_REQUEST',
          'Open Finance Brasil 5.2.2-23: each request has a header x-fapi-interaction-id with a UUID',
        );
      }
      return this.answerOf(request);
    } catch (error) {
      if (error instanceof BrazilError) return error.answer;
      throw error;
    }
  }

  private answerOf({ method, url, body, bearer }: FurtherRequest): ApiAnswer {
    const { pathname } = url;
    const id = decodeURIComponent(pathname.slice(CONSENTS.length + 1));
    if (pathname === CONSENTS && method === 'POST') {
      const { clientId } = permitted(bearer, 'application', 'consents');
      const consent = this.consents.create(
        { clientId, ...readConsentRequest(body) },
        'urn:sandboxbank:',
      );
      return this.consentAnswer(201, consent);
    }
    if (pathname.startsWith(`${CONSENTS}/`) && (method === 'GET' || method === 'DELETE')) {
      const consent = this.consents.find(id);
      if (consent?.clientId !== permitted(bearer, 'application', 'consents').clientId) {
        throw new BrazilError(404, 'NOT_FOUND', 'There is no such consent');
      }
      if (method === 'GET') return this.consentAnswer(200, consent);
      this.consents.revoke(consent);
      return { status: 204 };
    }
    if (pathname === ACCOUNT_LIST && method === 'GET') return this.accounts(bearer);
    const [, accountId] =
      /^\/open-banking\/accounts\/v2\/accounts\/([^/]+)\/balances$/.exec(pathname) ?? [];
    if (accountId && method === 'GET') return this.balances(bearer, accountId);
    throw new BrazilError(404, 'NOT_FOUND', 'There is no such resource');
  }

  private accounts(bearer: Bearer | undefined): ApiAnswer {
    const consent = this.authorised(bearer, 'ACCOUNTS_READ');
    const data = ACCOUNTS.filter(({ id }) => consent.accountIds.includes(id)).map((account) => ({
      brandName: 'Sandbox Bank',
      companyCnpj: '11444777000161',
      type: account.subType === 'Savings' ? 'CONTA_POUPANCA' : 'CONTA_DEPOSITO_A_VISTA',
      compeCode: '999',
      branchCode: '0001',
      number: account.id.slice(-8),
      checkDigit: '7',
      accountId: publicAccountId(consent, account.id),
    }));
    return this.dataAnswer(ACCOUNT_LIST, data, data.length);
  }

  private balances(bearer: Bearer | undefined, accountId: string): ApiAnswer {
    const consent = this.authorised(bearer, 'ACCOUNTS_BALANCES_READ');
    const account = ACCOUNTS.find(
      ({ id }) => consent.accountIds.includes(id) && publicAccountId(consent, id) === accountId,
    );
    if (!account) throw new BrazilError(404, 'NOT_FOUND', 'There is no such account');
    const amount = { amount: `${amountOf(account.balance)}00`, currency: 'BRL' };
    return this.dataAnswer(`${ACCOUNT_LIST}/${accountId}/balances`, {
      availableAmount: amount,
      availableAmountCurrency: 'BRL',
      blockedAmount: { amount: '0.0000', currency: 'BRL' },
      automaticallyInvestedAmount: { amount: '0.0000', currency: 'BRL' },
      updateDateTime: meta().requestDateTime,
    });
  }

  private authorised(bearer: Bearer | undefined, permission: string): Consent {
    const { grantId } = permitted(bearer, 'user', 'accounts');
    const consent = this.consents.findByGrant(grantId);
    if (consent?.status !== 'Authorised') {
      throw new BrazilError(
        401,
        'UNAUTHORIZED',
        'Open Finance Brasil 7.2.2-3: the consent is not active',
      );
    }
    if (!consent.permissions.includes(permission)) {
      throw new BrazilError(403, 'FORBIDDEN', `The consent has no permission ${permission}`);
    }
    return consent;
  }

  private consentAnswer(status: number, consent: Consent): ApiAnswer {
    const { id, created, statusUpdated, expires, permissions } = consent;
    return {
      status,
      body: {
        data: {
          consentId: id,
          creationDateTime: utc(created),
          status: STATUS[consent.status],
          statusUpdateDateTime: utc(statusUpdated),
          permissions,
          ...(expires && { expirationDateTime: utc(expires) }),
        },
        links: { self: `${this.gatewayUrl}${CONSENTS}/${id}` },
        meta: meta(),
      },
    };
  }

  private dataAnswer(path: string, data: unknown, totalRecords?: number): ApiAnswer {
    const counts = totalRecords === undefined ? {} : { totalRecords, totalPages: 1 };
    return {
      status: 200,
      body: { data, links: { self: this.gatewayUrl + path }, meta: { ...counts, ...meta() } },
    };
  }
}

/** Checks that a request has a token of a kind and a scope. @throws BrazilError otherwise */
function permitted(bearer: Bearer | undefined, kind: TokenKind, scope: string): Bearer {
  if (!bearer) throw new BrazilError(401, 'UNAUTHORIZED', 'The request has no token that is good');
  if (bearer.kind !== kind) {
    throw new BrazilError(403, 'FORBIDDEN', `The request needs ${TOKENS[kind]}`);
  }
  if (!bearer.scopes.includes(scope)) {
    throw new BrazilError(403, 'FORBIDDEN', `The token does not have the scope ${scope}`);
  }
  return bearer;
}

const TOKENS: Readonly<Record<TokenKind, string>> = {
  application: 'a token of the grant client_credentials',
  user: 'a token of the grant authorization_code',
};
