import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { invalidField, invalidHeader } from './apiErrors';

/** RFC 4122. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** Whether a header `x-fapi-interaction-id` is a UUID. */
export function isInteractionId(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}

/** The form of `x-fapi-auth-date` in the standard. */
const AUTH_DATE =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} (GMT|UTC)$/;

/** Refuses headers that the standard does not permit. */
export function checkHeaders(headers: IncomingHttpHeaders): void {
  const {
    'x-fapi-interaction-id': interactionId,
    'x-fapi-auth-date': authDate,
    'x-fapi-customer-ip-address': address,
  } = headers;
  if (interactionId !== undefined && !isInteractionId(interactionId)) {
    throw invalidHeader('x-fapi-interaction-id must be a UUID');
  }
  if (authDate !== undefined && !AUTH_DATE.test(String(authDate))) {
    throw invalidHeader('x-fapi-auth-date must be like Sun, 01 Mar 2026 09:05:00 GMT');
  }
  if (address !== undefined && isIP(String(address)) === 0) {
    throw invalidHeader('x-fapi-customer-ip-address must be an IP address');
  }
}

/** Whether a client reads JSON, by its header `Accept`. */
export function acceptsJson({ accept = '*/*' }: IncomingHttpHeaders): boolean {
  return /(^|[,\s])(application\/(json|\*)|\*\/\*)/i.test(accept);
}

/** Whether a client reads signed answers, by its header `Accept`. */
export function acceptsJwt({ accept = '' }: IncomingHttpHeaders): boolean {
  return /(^|[,\s])application\/jwt/i.test(accept);
}

/** A date-time without a zone. The standard permits no zone in a filter: the bank reads the value in its own zone. */
const LOCAL = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}:\d{2}$/;

/**
 * A date filter in milliseconds since the epoch; `undefined` if there is none. The bank's zone is UTC.
 *
 * @throws ApiError for a value with a zone, or one that is no date-time
 */
export function readFilter(name: string, query: URLSearchParams): number | undefined {
  const value = query.get(name);
  if (value === null) return undefined;
  const time = Date.parse(`${value}Z`);
  const [, date] = LOCAL.exec(value) ?? [];
  const isDay = date !== undefined && !Number.isNaN(time);
  // Date.parse takes 31 February for 3 March.
  if (!isDay || new Date(time).toISOString().slice(0, 10) !== date) {
    throw invalidField(`${name} value is invalid.`);
  }
  return time;
}
