import { randomUUID } from 'node:crypto';
import { OpenBankingError } from '../../errors/OpenBankingError';
import type { HttpRequest } from '../../transport/send';
import { isPathSegment, type CommonHeaders } from '../apiRequest';

/** The consent that a customer is going to be asked for. */
export interface RequestedConsent {
  /** In the bank's words, such as `ReadBalances`. */
  readonly permissions: readonly string[];
  /** When access ends; the bank decides if `undefined`, and OBIE says that it does not end. */
  readonly expiresAt?: Date;
  /** Earliest and latest booking time that may be read; no limit if `undefined`. */
  readonly transactionsFrom?: Date;
  readonly transactionsTo?: Date;
}

/** The methods of requests for consents. */
export type ConsentMethod = 'POST' | 'GET' | 'DELETE';

/** The resource, below the base address of the account API. */
const PATH = '/account-access-consents';

/**
 * The path of a consent below the base address; of all consents if `undefined`. The ID is encoded once.
 *
 * @throws OpenBankingError `field-malformed`
 */
export function consentPath(consentId?: string): string {
  if (consentId === undefined) return PATH;
  if (isPathSegment(consentId)) return `${PATH}/${encodeURIComponent(consentId)}`;
  throw new OpenBankingError('field-malformed', {
    problem: 'foreign',
    values: { field: 'Consent ID', content: 'characters that cannot be a part of an address' },
    description: 'Give the ID as "Consent" → "Create" puts it out. Nothing was sent.',
  });
}

/**
 * The body of a request for a consent (`OBReadConsent1`): the same in v3.1 and v4.0.
 *
 * The time of day has an offset, as the standard demands, and whole seconds, as its examples have.
 */
export function consentBody(requested: RequestedConsent): string {
  const { permissions, expiresAt, transactionsFrom, transactionsTo } = requested;
  return JSON.stringify({
    Data: {
      Permissions: [...new Set(permissions)],
      ...(expiresAt && { ExpirationDateTime: timeText(expiresAt) }),
      ...(transactionsFrom && { TransactionFromDateTime: timeText(transactionsFrom) }),
      ...(transactionsTo && { TransactionToDateTime: timeText(transactionsTo) }),
    },
    Risk: {},
  });
}

/** The values of one request. */
export interface ConsentRequestValues {
  readonly method: ConsentMethod;
  readonly url: string;
  readonly authorization: string;
  /** JSON; `undefined` if the request has no body. */
  readonly body?: string;
}

/**
 * A request for consents, and its `x-fapi-interaction-id`: a new UUID for each.
 *
 * The standard has no `x-idempotency-key` for this resource: a POST that is repeated makes another consent.
 */
export function consentRequest(
  { method, url, authorization, body }: ConsentRequestValues,
  common: CommonHeaders,
): { readonly request: HttpRequest; readonly interactionId: string } {
  const interactionId = randomUUID();
  const headers = {
    Accept: 'application/json',
    'Cache-Control': 'no-cache',
    Authorization: authorization,
    'x-fapi-interaction-id': interactionId,
    ...common,
    ...(body !== undefined && { 'Content-Type': 'application/json' }),
  };
  return { request: { method, url, headers, ...(body !== undefined && { body }) }, interactionId };
}

function timeText(time: Date): string {
  return time.toISOString().replace(/\.\d{3}Z$/, '+00:00');
}
