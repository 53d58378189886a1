import { randomUUID } from 'node:crypto';
import type { HttpRequest } from '../../transport/send';
import type { CommonHeaders } from '../apiRequest';

/** The consent that a customer is going to be asked for. */
export interface RequestedConsent {
  /** In the bank's words, such as `ReadBalances`. */
  readonly permissions: readonly string[];
  /** When access ends; the bank decides if `undefined`, and OBIE says that it does not end. */
  readonly expiresAt?: Date;
  /** Earliest and latest booking time that may be read; no limit if `undefined`. */
  readonly transactionsFrom?: Date;
  readonly transactionsTo?: Date;
  /** Brazil: the tax number of the person who will log in at the bank (11 digits). */
  readonly cpf?: string;
  /** Brazil: the tax number of the company whose accounts are meant (14 letters and digits). */
  readonly cnpj?: string;
  /** Saudi Arabia: the number of the customer's national ID or Iqama. */
  readonly nationalId?: string;
  /** Saudi Arabia: for which purposes the data is read. */
  readonly purposes?: readonly string[];
  /** Saudi Arabia: facts about the customer and the device. */
  readonly risk?: Readonly<Record<string, unknown>>;
}

/**
 * The numbers that name the customer of a consent, also as people write them: banks repeat them in refusals, and no message may show them. A
 * number with letters enough is found with any signs between them, see `secretHider`.
 */
export function customerNumbers({
  cpf,
  cnpj,
  nationalId,
}: Partial<RequestedConsent> = {}): string[] {
  const written = cpf?.replace(/^(\d{3})(\d{3})(\d{3})(\d{2})$/, '$1.$2.$3-$4');
  return [cpf, written, cnpj, nationalId].filter((number) => number !== undefined);
}

/** The methods of requests for consents. */
export type ConsentMethod = 'POST' | 'GET' | 'DELETE' | 'PATCH';

/** The body of a request for consents. */
export interface ConsentBody {
  readonly type: 'application/json' | 'application/jwt';
  readonly content: string;
}

/** The values of one request. */
export interface ConsentRequestValues {
  readonly method: ConsentMethod;
  readonly url: string;
  readonly authorization: string;
  /** Media types of the answer. */
  readonly accept: string;
  /** `undefined` if the request has none. */
  readonly body?: ConsentBody;
}

/**
 * A request for consents, and its `x-fapi-interaction-id`: a new UUID for each.
 *
 * The standards have no `x-idempotency-key` for this resource: a POST that is repeated makes another consent.
 */
export function consentRequest(
  { method, url, authorization, accept, body }: ConsentRequestValues,
  common: CommonHeaders,
): { readonly request: HttpRequest; readonly interactionId: string } {
  const interactionId = randomUUID();
  const headers = {
    Accept: accept,
    'Cache-Control': 'no-cache',
    Authorization: authorization,
    'x-fapi-interaction-id': interactionId,
    ...common,
    ...(body && { 'Content-Type': body.type }),
  };
  return { request: { method, url, headers, ...(body && { body: body.content }) }, interactionId };
}
