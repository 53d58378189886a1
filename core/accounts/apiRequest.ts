import { isIP } from 'node:net';
import { OpenBankingError } from '../errors/OpenBankingError';
import { plainText } from '../lib/displayText';
import type { DataRequest } from '../transport/dataServer';

/** Headers that are the same for all requests of an execution. */
export type CommonHeaders = Readonly<Record<string, string>>;

/** Values for {@link commonHeaders}. */
export interface CommonValues {
  /** ID of the bank in its group. */
  readonly financialId?: string;
  /** IP address of the customer, if the customer is present. */
  readonly customerIpAddress?: string;
  /** When the customer last logged in, if the customer is present. */
  readonly customerLastLoggedAt?: Date;
}

/**
 * The headers of OBIE's read-write profile that say for whom data is requested. Those without a value are not sent: a bank that sees the IP
 * address of a customer takes the customer for present.
 *
 * @throws OpenBankingError `field-malformed`
 */
export function commonHeaders(values: CommonValues): CommonHeaders {
  const { financialId, customerIpAddress = '', customerLastLoggedAt } = values;
  const address = customerIpAddress.trim();
  if (address !== '' && isIP(address) === 0) {
    throw malformed('Customer IP Address', 'a text that is no IP address');
  }
  if (customerLastLoggedAt && Number.isNaN(customerLastLoggedAt.getTime())) {
    throw malformed('Customer Last Logged In At', 'a text that is no date');
  }
  return {
    ...(financialId && { 'x-fapi-financial-id': financialId }),
    ...(address && { 'x-fapi-customer-ip-address': address }),
    // An IMF-fixdate (RFC 9110 §5.6.7), with two digits for the day.
    ...(customerLastLoggedAt && { 'x-fapi-auth-date': customerLastLoggedAt.toUTCString() }),
  };
}

function malformed(field: string, content: string): OpenBankingError {
  return new OpenBankingError('field-malformed', {
    problem: 'foreign',
    values: { field, content },
    description: 'Correct the value, or leave the field empty if the customer is not present.',
  });
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
 * The path of an account below the base address. The ID is encoded once.
 *
 * @throws OpenBankingError `account-id-unusable`
 */
export function accountPath(accountId: string, part?: 'balances' | 'transactions'): string {
  // The class URL would take dots for steps up in the path.
  if (accountId === '' || accountId === '.' || accountId === '..') throw unusable(accountId);
  const path = `/accounts/${encoded(accountId)}`;
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

function encoded(accountId: string): string {
  try {
    return encodeURIComponent(accountId);
  } catch {
    // Half of a surrogate pair.
    throw unusable(accountId);
  }
}

function unusable(accountId: string): OpenBankingError {
  const id = `"${plainText(accountId)}"`;
  return new OpenBankingError('account-id-unusable', { values: { id }, outcome: 'not-sent' });
}
