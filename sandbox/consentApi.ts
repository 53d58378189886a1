import { badRequest, invalidField, notFound } from './apiErrors';
import { PERMISSIONS, type Consent, type Consents } from './consents';
import type { Access, ApiAnswer } from './gatewayAccess';
import { consentBody } from './openBankingBodies';
import type { Version } from './versions';

/** The third party's side of account access consents: it creates, reads and ends them. */
export class ConsentApi {
  constructor(
    private readonly consents: Consents,
    private readonly version: Version,
    /** Base address of the API, without a slash at its end. */
    private readonly baseUrl: string,
  ) {}

  create({ clientId }: Access, body: string): ApiAnswer {
    const data = readConsentData(body);
    const expires = readDate('ExpirationDateTime', data.ExpirationDateTime);
    if (expires && expires <= new Date()) {
      throw invalidField('Data.ExpirationDateTime must be in the future');
    }
    const consent = this.consents.create({
      clientId,
      permissions: readPermissions(data.Permissions),
      expires,
      transactionsFrom: readDate('TransactionFromDateTime', data.TransactionFromDateTime),
      transactionsTo: readDate('TransactionToDateTime', data.TransactionToDateTime),
    });
    return this.answer(201, consent);
  }

  read(access: Access, id: string): ApiAnswer {
    return this.answer(200, this.own(access, id));
  }

  /** A consent that has ended cannot be ended again. */
  revoke(access: Access, id: string): ApiAnswer {
    const consent = this.own(access, id);
    if (consent.status === 'Revoked' || consent.status === 'Rejected') {
      throw badRequest('UK.OBIE.Resource.InvalidConsentStatus', 'The consent has ended before');
    }
    this.consents.revoke(consent);
    return { status: 204 };
  }

  /** Ends a consent as KSA Open Banking has it (Account Information API 2024.09.01, `OBPatchConsent`). */
  patch(access: Access, id: string, body: string): ApiAnswer {
    const { ConsentStatus } = readConsentData(body) as { ConsentStatus?: unknown };
    const { status } = this.own(access, id);
    const expected = status === 'AwaitingAuthorisation' ? 'Rejected' : 'Finished';
    if (ConsentStatus !== expected) {
      throw invalidField(
        `Data.ConsentStatus of a consent with the status ${status} is ${expected}`,
      );
    }
    return this.revoke(access, id);
  }

  private answer(status: number, consent: Consent): ApiAnswer {
    const self = `${this.baseUrl}/account-access-consents/${consent.id}`;
    return {
      status,
      body: {
        Data: consentBody(consent, this.version),
        Risk: {},
        Links: { Self: self },
        Meta: {},
      },
    };
  }

  private own({ clientId }: Access, id: string): Consent {
    const consent = this.consents.find(id);
    if (consent?.clientId !== clientId) throw notFound('consent');
    return consent;
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
    throw badRequest('UK.OBIE.Resource.InvalidFormat', 'The body is no JSON');
  }
  const data = parsed?.Data;
  if (typeof data !== 'object' || data === null) {
    throw badRequest('UK.OBIE.Field.Missing', 'Data is missing');
  }
  return data;
}

function readPermissions(value: unknown): string[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw badRequest('UK.OBIE.Field.Missing', 'Data.Permissions is missing');
  }
  const unknown = (value as unknown[]).find(
    (name) => typeof name !== 'string' || !Object.hasOwn(PERMISSIONS, name),
  );
  if (unknown !== undefined) {
    throw invalidField(
      `Data.Permissions has ${JSON.stringify(unknown)}, which this bank does not know`,
    );
  }
  const permissions = [...new Set(value as string[])];
  for (const { of, needed } of RULES) {
    if (!permissions.some((name) => of.test(name))) continue;
    if (needed.some((name) => permissions.includes(name))) continue;
    throw invalidField(`Data.Permissions must have ${needed.join(' or ')}`);
  }
  return permissions;
}

/** Permissions of which one must be there if another one is (UK Open Banking, Account Access Consents, Permissions). */
const RULES = [
  { of: /./, needed: ['ReadAccountsBasic', 'ReadAccountsDetail'] },
  {
    of: /^ReadTransactions(Basic|Detail)$/,
    needed: ['ReadTransactionsCredits', 'ReadTransactionsDebits'],
  },
  {
    of: /^ReadTransactions(Credits|Debits)$/,
    needed: ['ReadTransactionsBasic', 'ReadTransactionsDetail'],
  },
];

function readDate(name: string, value: unknown): Date | undefined {
  if (value === undefined || value === null) return undefined;
  const date = new Date(typeof value === 'string' ? value : Number.NaN);
  if (Number.isNaN(date.getTime())) throw invalidField(`${name} is no ISO 8601 date-time`);
  return date;
}
