import { ACCOUNTS, amountOf } from '../accounts';
import { publicAccountId, type Consent, type Consents } from '../consents';
import type { FurtherApi, FurtherRequest } from '../gateway';
import type { ApiAnswer, Bearer } from '../gatewayAccess';

/** Where the paths of the Consumer Data Standards begin. */
export const CDR_PATH = '/cds-au/v1';

/** Versions of the operations: header `x-v`. */
const VERSION = '2';

/** A refusal in the words of the Consumer Data Standards (Error Codes). */
interface CdrRefusal {
  status: number;
  /** Such as `Header/Missing`. */
  code: string;
  detail: string;
}

/** Consumer Data Standards, banking: the accounts that the customer shares, and their balances. */
export class CdrApi implements FurtherApi {
  readonly path = CDR_PATH;

  constructor(
    private readonly consents: Consents,
    private readonly gatewayUrl: string,
  ) {}

  answer({ method, url, headers, bearer }: FurtherRequest): ApiAnswer {
    const refusal = refuseVersion(headers['x-v']) ?? refuseBearer(bearer);
    if (refusal) return refused(refusal);
    const consent = this.consents.findByGrant(bearer?.grantId);
    if (consent?.status !== 'Authorised') {
      return refused({
        status: 403,
        code: 'Authorisation/RevokedConsent',
        detail: 'The arrangement has ended',
      });
    }
    const call = `${method} ${url.pathname.slice(CDR_PATH.length)}`;
    if (call === 'GET /banking/accounts') {
      return this.list(url, {
        accounts: shared(consent).map((account) => accountOf(consent, account)),
      });
    }
    if (call === 'GET /banking/accounts/balances') {
      return this.list(url, {
        balances: shared(consent).map((account) => balanceOf(consent, account)),
      });
    }
    return refused({ status: 404, code: 'Resource/NotFound', detail: 'There is no such resource' });
  }

  private list({ pathname }: URL, data: Record<string, unknown[]>): ApiAnswer {
    const [entries = []] = Object.values(data);
    const self = this.gatewayUrl + pathname;
    return {
      status: 200,
      headers: { 'x-v': VERSION },
      body: {
        data,
        links: { self },
        meta: { totalRecords: entries.length, totalPages: 1 },
      },
    };
  }
}

type Account = (typeof ACCOUNTS)[number];

function shared({ accountIds }: Consent): readonly Account[] {
  return ACCOUNTS.filter(({ id }) => accountIds.includes(id));
}

function accountOf(consent: Consent, account: Account): object {
  const isCard = account.subType === 'CreditCard';
  return {
    accountId: publicAccountId(consent, account.id),
    creationDate: account.opened.slice(0, 10),
    displayName: account.nickname,
    openStatus: 'OPEN',
    isOwned: true,
    maskedNumber: `xxxx${account.id.slice(-4)}`,
    productCategory: isCard ? 'CRED_AND_CHRG_CARDS' : 'TRANS_AND_SAVINGS_ACCOUNTS',
    productName: account.nickname,
  };
}

function balanceOf(consent: Consent, account: Account): object {
  return {
    accountId: publicAccountId(consent, account.id),
    currentBalance: amountOf(account.balance),
    availableBalance: amountOf(account.balance + (account.creditLine ?? 0)),
    currency: 'AUD',
  };
}

function refuseVersion(version: string | string[] | undefined): CdrRefusal | undefined {
  if (version === undefined) {
    return { status: 400, code: 'Header/Missing', detail: 'CDS HTTP Headers: x-v is mandatory' };
  }
  if (!/^[1-9]\d*$/.test(String(version))) {
    return { status: 400, code: 'Header/InvalidVersion', detail: 'x-v is a positive number' };
  }
  if (version !== VERSION) {
    const detail = `This bank has the version ${VERSION}`;
    return { status: 406, code: 'Header/UnsupportedVersion', detail };
  }
  return undefined;
}

function refuseBearer(bearer: Bearer | undefined): CdrRefusal | undefined {
  if (!bearer) {
    return {
      status: 401,
      code: 'Authorisation/Unauthorized',
      detail: 'The request has no token that is good',
    };
  }
  if (!bearer.scopes.includes('bank:accounts.basic:read')) {
    return {
      status: 403,
      code: 'Authorisation/InvalidScope',
      detail: 'The token does not have the scope bank:accounts.basic:read',
    };
  }
  return undefined;
}

function refused({ status, code, detail }: CdrRefusal): ApiAnswer {
  return {
    status,
    body: { errors: [{ code: `urn:au-cds:error:cds-all:${code}`, title: code, detail }] },
  };
}
