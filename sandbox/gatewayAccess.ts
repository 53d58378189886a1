import type { IncomingMessage } from 'node:http';
import type { AccessToken, ClientCredentials, default as Provider } from 'oidc-provider';
import { thumbprintOf } from './certificates';
import type { Connection } from './listener';
import type { Version } from './versions';

/** An answer of the gateway or of the API. */
export interface ApiAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
  /** A signed answer, in place of `body`. */
  jwt?: string;
}

/** Access of a request that the gateway has accepted. */
export interface Access {
  clientId: string;
  /** The customer's grant; `undefined` for an application token. */
  grantId: string | undefined;
}

/** Whether an operation needs an application token or a customer's token. */
export type TokenKind = 'application' | 'user';

function failureAt({ path, name }: Version): string {
  return `Access failure for API: ${path}, version: ${name} status:`;
}

/** A refusal of WSO2's API gateway, in the format and words of WSO2 Open Banking. */
export class GatewayError extends Error {
  private constructor(
    readonly status: number,
    readonly code: string,
    override readonly message: string,
    readonly description: string,
  ) {
    super(message);
  }

  get answer(): ApiAnswer {
    const { status, code, message, description } = this;
    return {
      status,
      headers: status === 401 ? { 'www-authenticate': 'Bearer realm="WSO2 API Manager"' } : {},
      body: { errors: [{ code, message, description }] },
    };
  }

  /** The token is unknown, expired, revoked, or bound to another certificate. */
  static invalidCredentials(version: Version): GatewayError {
    return new GatewayError(
      401,
      '900901',
      'Invalid Credentials',
      `${failureAt(version)} (900901) - Invalid Credentials. Make sure you have provided the correct security credentials`,
    );
  }

  /** The request has no bearer token. */
  static missingCredentials(): GatewayError {
    return new GatewayError(
      401,
      '900902',
      'Missing Credentials',
      "Invalid Credentials. Make sure your API invocation call has a header: 'Authorization : Bearer ACCESS_TOKEN' or 'Authorization : Basic ACCESS_TOKEN' or 'ApiKey : API_KEY'",
    );
  }

  /** The operation needs a customer's token and the request has an application token, or the reverse. */
  static claimMismatch(version: Version): GatewayError {
    return new GatewayError(
      403,
      '900912',
      'Claim Mismatch',
      `${failureAt(version)} (900912) - Claim Mismatch. The claim configured in the system and the claim provided in the token do not align. Please ensure the claims match.`,
    );
  }

  /** The token does not have the scope. */
  static scope(path: string): GatewayError {
    return new GatewayError(
      403,
      '900910',
      'The access token does not allow you to access the requested resource',
      `User is NOT authorized to access the Resource: ${path}. Scope validation failed.`,
    );
  }

  static noSuchApi(): GatewayError {
    return new GatewayError(
      404,
      '404',
      'Not Found',
      'The requested resource (API) is not available.',
    );
  }

  static noSuchResource(): GatewayError {
    return new GatewayError(
      404,
      '404',
      'No matching resource found for given API Request',
      'No matching resource found for given API Request',
    );
  }
}

/** A version of the account API, and the path of a request below it. */
export interface ApiAddress {
  version: Version;
  path: string;
}

/** Scope that all operations of the account API need. */
const ACCOUNTS_SCOPE = 'accounts';

/** A bearer token that is good for a request: known, not expired, and bound to the certificate of the request. */
export interface Bearer {
  kind: TokenKind;
  scopes: readonly string[];
  clientId: string;
  /** The customer's grant; `undefined` for an application token. */
  grantId: string | undefined;
}

/** The bearer token of a request; `undefined` if it has none that is good. */
export async function bearerOf(
  provider: Provider,
  request: IncomingMessage,
  { certificate }: Connection,
): Promise<Bearer | undefined> {
  const value = tokenIn(request) ?? '';
  const user = await provider.AccessToken.find(value);
  const token: AccessToken | ClientCredentials | undefined =
    user ?? (await provider.ClientCredentials.find(value));
  if (!token || token.isExpired) return undefined;
  // Access tokens end with their grant.
  if (user && !(await provider.Grant.find(user.grantId ?? ''))) return undefined;
  if (!certificate || token['x5t#S256'] !== thumbprintOf(certificate)) return undefined;
  return {
    kind: user ? 'user' : 'application',
    scopes: token.scope?.split(' ') ?? [],
    clientId: token.clientId!,
    grantId: user?.grantId,
  };
}

function tokenIn({ headers }: IncomingMessage): string | undefined {
  return /^Bearer +([^ ]+)$/i.exec(headers.authorization ?? '')?.[1];
}

/** Checks the access of a request. @throws the gateway's refusal */
export async function authorise(
  provider: Provider,
  request: IncomingMessage,
  connection: Connection,
  kind: TokenKind,
  { version, path }: ApiAddress,
): Promise<Access> {
  if (tokenIn(request) === undefined) throw GatewayError.missingCredentials();
  const bearer = await bearerOf(provider, request, connection);
  if (!bearer) throw GatewayError.invalidCredentials(version);
  if (kind !== bearer.kind) throw GatewayError.claimMismatch(version);
  const isForConsent = bearer.grantId !== undefined && bearer.scopes.some(isConsentScope);
  if (!bearer.scopes.includes(ACCOUNTS_SCOPE) && !isForConsent) throw GatewayError.scope(path);
  return { clientId: bearer.clientId, grantId: bearer.grantId };
}

/** Whether a scope is the accounts of one consent (Saudi Arabia): `accounts:` with its ID. */
function isConsentScope(scope: string): boolean {
  return scope.startsWith(`${ACCOUNTS_SCOPE}:`);
}
