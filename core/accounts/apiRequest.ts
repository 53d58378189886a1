import { OpenBankingError } from '../errors/OpenBankingError';
import { plainText } from '../lib/displayText';
import type { Profile } from '../profile/profile';
import type { DataRequest } from '../transport/dataServer';
import type { ApiAnswer } from './apiAnswer';

/** Headers that are the same for all requests of an execution. */
export type CommonHeaders = Readonly<Record<string, string>>;

/** Values for {@link commonHeaders}. */
export interface CommonValues {
  /** ID of the bank in its group. */
  readonly financialId?: string;
  /** IP address of the customer, if the customer is present. The caller has checked it. */
  readonly customerIpAddress?: string;
  /** When the customer last logged in, if the customer is present. */
  readonly customerLastLoggedAt?: Date;
}

/**
 * The headers of OBIE's read-write profile that say for whom data is requested. Those without a value are not sent: a bank that sees the IP
 * address of a customer takes the customer for present.
 */
export function commonHeaders(values: CommonValues): CommonHeaders {
  const { financialId, customerIpAddress, customerLastLoggedAt } = values;
  return {
    ...(financialId && { 'x-fapi-financial-id': financialId }),
    ...(customerIpAddress && { 'x-fapi-customer-ip-address': customerIpAddress }),
    // An IMF-fixdate (RFC 9110 §5.6.7), with two digits for the day.
    ...(customerLastLoggedAt && { 'x-fapi-auth-date': customerLastLoggedAt.toUTCString() }),
  };
}

/** Minimum characters of a header's value that is looked for in data. Names of channels and IDs of banks are shorter, and data may have them. */
const SHORTEST_IN_DATA = 24;

/** The secrets of a request: its access tokens, values of "Account API Headers", and what names a customer. */
export type RequestSecrets = Pick<ApiAnswer, 'secrets' | 'secretsInData'>;

/**
 * The secrets of a request with some access tokens.
 *
 * @param personal values that name a customer: messages must not show them, and data may have them
 */
export function requestSecrets(
  tokens: readonly string[],
  { accountApiHeaders }: Pick<Profile, 'accountApiHeaders'>,
  personal: readonly string[] = [],
): Required<RequestSecrets> {
  const values = Object.values(accountApiHeaders);
  const long = values.filter(({ length }) => length >= SHORTEST_IN_DATA);
  const secrets = [...tokens, ...values, ...personal];
  return { secrets, secretsInData: [...tokens, ...long] };
}

/** The values of one request. */
export interface RequestValues {
  readonly url: string;
  readonly authorization: string;
  /** A new UUID for each request, and for each repeat of it (RFC 4122 §4.4). */
  readonly interactionId: string;
}

/** A GET request to the account API. */
export function apiRequest(
  { url, authorization, interactionId }: RequestValues,
  common: CommonHeaders,
): DataRequest {
  const headers = {
    Accept: 'application/json',
    'Cache-Control': 'no-cache',
    Authorization: authorization,
    'x-fapi-interaction-id': interactionId,
    ...common,
  };
  return { url, headers };
}

/**
 * A step up or in place in a path. The class URL takes dots for one, and a gateway may decode "%2F" before it looks at the path: what it then
 * asks the bank for could be another resource.
 */
const STEP = /(?:^|[/\\]|%2f|%5c)(?:\.|%2e){1,2}(?:$|[/\\;?#]|%2f|%5c|%3b|%3f|%23)/i;

/**
 * The path of an account below the base address. The ID is encoded once.
 *
 * @throws OpenBankingError `account-id-unusable`
 */
export function accountPath(accountId: string, part?: 'balances' | 'transactions'): string {
  if (!isPathSegment(accountId)) throw unusable(accountId);
  const path = `/accounts/${encodeURIComponent(accountId)}`;
  return part === undefined ? path : `${path}/${part}`;
}

/** The account ID in a path; `undefined` if it is the list of accounts. */
export function accountIdIn(path: string): string | undefined {
  const [, id] = /^\/accounts\/([^/?]+)/.exec(path) ?? [];
  try {
    return id === undefined ? undefined : decodeURIComponent(id);
  } catch {
    return id;
  }
}

/** Whether a query has a filter of booking dates. */
export function hasPeriod(query: string): boolean {
  return /(?:^|&)(?:from|to)BookingDateTime=/i.test(query);
}

/** Whether an ID, once encoded, is one part of a path, and leads nowhere else. */
export function isPathSegment(id: string): boolean {
  if (id === '' || STEP.test(id.replace(/[\t\r\n]/g, ''))) return false;
  try {
    return encodeURIComponent(id) !== '';
  } catch {
    // Half of a surrogate pair.
    return false;
  }
}

function unusable(accountId: string): OpenBankingError {
  const id = `"${plainText(accountId)}"`;
  return new OpenBankingError('account-id-unusable', { values: { id }, outcome: 'not-sent' });
}
