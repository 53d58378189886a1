import { decodeJwt, decodeProtectedHeader, type JWTPayload } from 'jose';
import type { RegisteredClient } from './clients';
import { single, type Form } from './form';
import type { Connection } from './listener';

/** An OAuth error answer (RFC 6749 section 5.2) in WSO2's words. */
export interface Refusal {
  status: number;
  error: string;
  error_description: string;
}

/** A request to the token, PAR, revocation or introspection endpoint, as the rules see it. */
export interface TokenRequest {
  connection: Connection;
  /** Query of the address, without the question mark. */
  query: string;
  form: Form;
  /** The header `Authorization`, with which a client may send its secret. */
  authorization?: string;
  /** Accepted values of `aud` in the assertion. */
  audiences: string[];
}

/**
 * Seconds after `iat` during which an assertion is accepted: WSO2's `RejectBeforeInMinutes`. WSO2's default is 300 minutes; this is
 * stricter.
 */
const OLDEST_ASSERTION = 300;

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Parameters that must not be in an address, because addresses are logged. */
const SENSITIVE = ['client_assertion', 'client_secret', 'code', 'refresh_token', 'token'];

/** Claims that WSO2 demands, in the order of its checks. */
const MANDATORY_CLAIMS = ['iss', 'sub', 'aud', 'exp', 'jti'];

/**
 * Applies the rules of WSO2 that a standard authorization server does not have, in WSO2's order and
 * words. Returns the refusal, or `undefined` if the authorization server may answer.
 */
export function refuse(
  request: TokenRequest,
  clients: RegisteredClient[],
  now = Date.now(),
): Refusal | undefined {
  return (
    refuseCertificate(request.connection) ??
    refuseParameters(request) ??
    refuseClient(request, clients, now)
  );
}

/** Checks the transport certificate. Every request needs one, whatever its client authentication. */
function refuseCertificate({ certificate, trusted, reason }: Connection): Refusal | undefined {
  if (!certificate) {
    return invalidRequest('Transport certificate not found in the request');
  }
  if (reason === 'CERT_HAS_EXPIRED') {
    return invalidClient('Invalid mutual TLS request. Client certificate is expired');
  }
  if (!trusted) {
    return {
      ...invalidClient(
        'Invalid transport certificate. Certificate passed through the request not valid',
      ),
      status: 400,
    };
  }
  return undefined;
}

function refuseParameters({ query, form }: TokenRequest): Refusal | undefined {
  const inAddress = new URLSearchParams(query);
  if (SENSITIVE.some((name) => inAddress.has(name))) {
    return invalidRequest('Invalid request with sensitive data in the URL.');
  }
  if (Object.values(form).some(Array.isArray)) {
    return invalidRequest('Invalid request with repeated parameters.');
  }
  return undefined;
}

/** Methods with which a client sends no assertion. The authorization server checks them. */
const WITHOUT_ASSERTION: RegisteredClient['authentication'][] = [
  'tls_client_auth',
  'self_signed_tls_client_auth',
  'client_secret_basic',
  'client_secret_post',
];

function refuseClient(
  { form, authorization, audiences }: TokenRequest,
  clients: RegisteredClient[],
  now: number,
): Refusal | undefined {
  const assertion = single(form, 'client_assertion');
  if (!assertion || single(form, 'client_assertion_type') !== ASSERTION_TYPE) {
    const clientId = single(form, 'client_id') ?? clientOf(authorization);
    const client = clients.find((registered) => registered.clientId === clientId);
    if (clientId && !client) return unknownClient(clientId);
    return client && WITHOUT_ASSERTION.includes(client.authentication)
      ? undefined
      : invalidClient('Unsupported client authentication mechanism');
  }
  return refuseAssertion(assertion, audiences, clients, now);
}

/** The client ID in a header `Authorization: Basic` (RFC 6749 section 2.3.1). */
function clientOf(authorization = ''): string | undefined {
  const [, basic] = /^basic +(\S+)$/i.exec(authorization) ?? [];
  const [id] = Buffer.from(basic ?? '', 'base64')
    .toString()
    .split(':');
  return id && new URLSearchParams(`id=${id}`).get('id')!;
}

function refuseAssertion(
  assertion: string,
  audiences: string[],
  clients: RegisteredClient[],
  now: number,
): Refusal | undefined {
  let claims: JWTPayload;
  let algorithm: string | undefined;
  try {
    claims = decodeJwt(assertion);
    algorithm = decodeProtectedHeader(assertion).alg;
  } catch {
    return invalidRequest('Error while parsing the JWT.');
  }
  const missing = MANDATORY_CLAIMS.find((name) => claims[name] === undefined);
  if (missing) {
    return invalidRequest(`Mandatory field :${missing} is missing in the JWT assertion.`);
  }
  if (!clients.some(({ clientId }) => clientId === claims.sub)) {
    return unknownClient(String(claims.sub));
  }
  if (claims.iss !== claims.sub) {
    return invalidRequest(`Invalid issuer '${claims.iss}' is found in the JWT. `);
  }
  if (algorithm !== 'PS256') {
    return invalidClient('Signature algorithm used in the request is invalid.');
  }
  if (typeof claims.aud !== 'string' || !audiences.includes(claims.aud)) {
    return invalidClient('Failed to match audience values.');
  }
  return refuseTimes(claims, now);
}

/** WSO2 adds a skew to the present time. The skew shortens the lifetime, and permits a later `nbf`. Its default is 0. */
function refuseTimes({ exp, nbf, iat }: JWTPayload, now: number): Refusal | undefined {
  if (now > Number(exp) * 1000) return invalidRequest('JWT Token is expired.');
  if (nbf !== undefined && now <= Number(nbf) * 1000) {
    return invalidRequest('The token is used before the nbf claim value.');
  }
  if (iat !== undefined && now - Number(iat) * 1000 > OLDEST_ASSERTION * 1000) {
    return invalidRequest('The jwt is too old to use.');
  }
  return undefined;
}

function unknownClient(clientId: string): Refusal {
  return invalidClient(`A valid OAuth client could not be found for client_id: ${clientId}`);
}

function invalidRequest(error_description: string): Refusal {
  return { status: 400, error: 'invalid_request', error_description };
}

function invalidClient(error_description: string): Refusal {
  return { status: 401, error: 'invalid_client', error_description };
}
