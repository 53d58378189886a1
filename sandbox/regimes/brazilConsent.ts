import type { ConsentRequest } from '../consents';
import { BrazilError } from './brazilError';
import { BRAZIL_NEEDED, BRAZIL_PERMISSIONS } from './brazilPermissions';

/** The content of a consent request, without the client. */
type RequestedConsent = Omit<ConsentRequest, 'clientId'>;

/** Longest life of a consent in milliseconds: twelve months. */
const YEAR = 366 * 86_400_000;

/**
 * Reads the body of a consent request (`CreateConsent` of the consent API 3.2.0).
 *
 * @throws BrazilError if a member is missing or not as the standard has it
 */
export function readConsentRequest(body: string): RequestedConsent {
  const { data } = parsed(body) as { data?: Record<string, unknown> };
  if (typeof data !== 'object' || data === null) throw malformed('data is missing');
  const { loggedUser, businessEntity, permissions, expirationDateTime } = data;
  return {
    holder: {
      cpf: documentOf('loggedUser', loggedUser, 'CPF', /^\d{11}$/),
      ...(businessEntity !== undefined && {
        cnpj: documentOf('businessEntity', businessEntity, 'CNPJ', /^\d{14}$/),
      }),
    },
    permissions: readPermissions(permissions),
    expires: readExpiry(expirationDateTime),
    transactionsFrom: undefined,
    transactionsTo: undefined,
  };
}

function parsed(body: string): object {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // The refusal below is also for text that is no JSON.
  }
  throw malformed('the body is no JSON object');
}

function documentOf(member: string, value: unknown, rel: string, format: RegExp): string {
  const { document } = (value ?? {}) as { document?: { rel?: unknown; identification?: unknown } };
  const { identification } = document ?? {};
  if (document?.rel !== rel || typeof identification !== 'string' || !format.test(identification)) {
    throw malformed(
      `data.${member}.document has rel "${rel}", and identification with ${rel === 'CPF' ? 11 : 14} digits`,
    );
  }
  return identification;
}

function readPermissions(value: unknown): string[] {
  if (!Array.isArray(value) || value.length === 0) throw malformed('data.permissions is missing');
  const names = value as string[];
  const unknown = names.find((name) => !Object.hasOwn(BRAZIL_PERMISSIONS, name));
  if (unknown !== undefined) throw refused(`data.permissions has ${JSON.stringify(unknown)}`);
  if (new Set(names).size < names.length) throw malformed('data.permissions has a name twice');
  for (const { of, needed } of BRAZIL_NEEDED) {
    if (names.some((name) => of.test(name)) && !names.includes(needed)) {
      throw refused(`data.permissions has no ${needed}, which belongs to its groups`);
    }
  }
  return names;
}

function readExpiry(value: unknown): Date | undefined {
  if (value === undefined) return undefined;
  const isText = typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value);
  const date = new Date(isText ? value : Number.NaN);
  const now = Date.now();
  if (Number.isNaN(date.getTime())) {
    throw malformed('data.expirationDateTime is like 2026-05-21T08:30:00Z');
  }
  if (date.getTime() <= now || date.getTime() > now + YEAR) {
    throw new BrazilError(
      422,
      'DATA_EXPIRACAO_INVALIDA',
      'data.expirationDateTime is in the next twelve months',
    );
  }
  return date;
}

function malformed(detail: string): BrazilError {
  return new BrazilError(400, 'PARAMETRO_INVALIDO', detail);
}

function refused(detail: string): BrazilError {
  return new BrazilError(422, 'COMBINACAO_PERMISSOES_INCORRETA', detail);
}
