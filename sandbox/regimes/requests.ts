import type { IncomingMessage } from 'node:http';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { single, type Form } from '../form';
import { connectionOf } from '../listener';
import type {
  AuthorizationRequest,
  ClientRequest,
  RequestedClaims,
  RuledBank,
  UnverifiedJwt,
} from './regime';

/** Parameters with which a client authenticates. They are no part of an authorization request. */
const OF_THE_CLIENT = ['client_assertion', 'client_assertion_type', 'client_secret'];

/** Reads the request of a client that has to authenticate. */
export function clientRequest(
  bank: RuledBank,
  request: IncomingMessage,
  form: Form,
  { url, isForTokens }: Pick<ClientRequest, 'url' | 'isForTokens'>,
): ClientRequest {
  return {
    bank,
    url,
    isForTokens,
    connection: connectionOf(request),
    headers: request.headers,
    form,
    assertion: unverified(single(form, 'client_assertion')),
    now: seconds(),
  };
}

/**
 * Reads an authorization request.
 *
 * @param form what was pushed, or the query of the address
 */
export function authorizationRequest(
  bank: RuledBank,
  form: Form,
  isPushed: boolean,
): AuthorizationRequest {
  const outside = Object.fromEntries(
    Object.entries(form).filter(([name]) => !OF_THE_CLIENT.includes(name)),
  );
  const object = unverified(single(form, 'request'));
  const parameters: Record<string, unknown> = object?.claims ?? outside;
  return {
    bank,
    isPushed,
    outside,
    object,
    parameters,
    claims: requestedClaims(parameters.claims),
    scopes: scopesOf(parameters),
    now: seconds(),
  };
}

/** Values of the parameter `scope`. */
export function scopesOf({ scope }: AuthorizationRequest['parameters']): string[] {
  return typeof scope === 'string' ? scope.split(' ') : [];
}

/** Reads the parameter `claims`, which is an object in a request object and text elsewhere. */
export function requestedClaims(claims: unknown): RequestedClaims {
  try {
    const read: unknown = typeof claims === 'string' ? JSON.parse(claims) : claims;
    return typeof read === 'object' && read !== null ? (read as RequestedClaims) : {};
  } catch {
    return {};
  }
}

/** Reads a JWT without a check of its signature; `undefined` if it cannot be read. */
function unverified(jwt: string | undefined): UnverifiedJwt | undefined {
  if (jwt === undefined) return undefined;
  try {
    return { algorithm: decodeProtectedHeader(jwt).alg, claims: decodeJwt(jwt) };
  } catch {
    return undefined;
  }
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}
