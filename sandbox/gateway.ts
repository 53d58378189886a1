import { randomUUID } from 'node:crypto';
import type {
  IncomingHttpHeaders,
  IncomingMessage,
  RequestListener,
  ServerResponse,
} from 'node:http';
import type Provider from 'oidc-provider';
import type { AccountApi } from './accountApi';
import { ApiError } from './apiErrors';
import type { Consents } from './consents';
import { readBody } from './form';
import { authorise, bearerOf, GatewayError, type ApiAnswer, type Bearer } from './gatewayAccess';
import type { Journal } from './journal';
import { connectionOf } from './listener';
import { PATHS } from './provider';
import type { Refusals } from './refusals';
import { replyFailure } from './replies';
import type { SignedConsents } from './regimes/signedConsents';
import { acceptsJson, acceptsJwt, checkHeaders, isInteractionId } from './requestRules';
import type { TokenEndpoints } from './tokenEndpoints';

/** A request to an API of another kind than UK Open Banking's. */
export interface FurtherRequest {
  method: string;
  /** Path and query. */
  url: URL;
  headers: IncomingHttpHeaders;
  body: string;
  /** The good token of the request; `undefined` if it has none. */
  bearer: Bearer | undefined;
}

/** An API of another kind than UK Open Banking's. */
export interface FurtherApi {
  /** Its paths at the gateway begin with this one. */
  path: string;
  answer(request: FurtherRequest): ApiAnswer;
}

export interface GatewayOptions {
  provider: Provider;
  journal: Journal;
  tokenEndpoints: TokenEndpoints;
  /** All versions of the account API. */
  apis: readonly AccountApi[];
  /** The API of a regime that has one of another kind. */
  furtherApi: FurtherApi | undefined;
  /** Signed consents, in regimes that have them. */
  signedConsents: SignedConsents | undefined;
  consents: Consents;
  refusals: Refusals;
  /** Whether a request comes from the sandbox itself. Such requests are not recorded. */
  isOwn: (request: IncomingMessage) => boolean;
}

/** The API gateway: the account API with its access rules, and a second address of the token endpoint. */
export function createGateway(options: GatewayOptions): RequestListener {
  const { journal, tokenEndpoints, isOwn } = options;
  return (request, response) => {
    if (!isOwn(request)) journal.record('gateway', request, response);
    const answer = async (): Promise<void> => {
      if (request.method === 'POST' && request.url?.split('?')[0] === '/token') {
        return tokenEndpoints(request, response, PATHS.token);
      }
      return answerApi(options, request, response);
    };
    answer().catch((error: unknown) => replyFailure(response, error));
  };
}

async function answerApi(
  options: GatewayOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { provider, apis, furtherApi, signedConsents, consents, refusals } = options;
  const [address = '', query] = (request.url ?? '').split('?');
  const interactionId = request.headers['x-fapi-interaction-id'];
  response.setHeader(
    'x-fapi-interaction-id',
    isInteractionId(interactionId) ? interactionId : randomUUID(),
  );
  if (furtherApi && address.startsWith(`${furtherApi.path}/`)) {
    const bearer = await bearerOf(provider, request, connectionOf(request));
    const body = String(await readBody(request));
    const { method = 'GET', headers } = request;
    const url = new URL(request.url ?? '', 'https://localhost');
    return reply(response, furtherApi.answer({ method, url, headers, body, bearer }));
  }
  const api = apis.find(({ version }) => address.startsWith(`${version.path}/`));
  try {
    if (!api) throw GatewayError.noSuchApi();
    const { version } = api;
    const path = address.slice(version.path.length);
    const operation = api.operationFor(request.method ?? 'GET', path);
    if (!operation) throw GatewayError.noSuchResource();
    const connection = connectionOf(request);
    const access = await authorise(provider, request, connection, operation.token, {
      version,
      path,
    });
    const sent = String(await readBody(request));
    if (consents.isHanging(access.grantId)) return;
    const refusal = access.grantId && refusals.next();
    if (refusal) return reply(response, refusal);
    if (!acceptsJson(request.headers) && !signedConsents) return reply(response, { status: 406 });
    checkHeaders(request.headers);
    const isSent = operation.isOfConsents && ['POST', 'PATCH'].includes(request.method ?? '');
    const body =
      isSent && signedConsents
        ? await signedConsents.open(request.headers, sent, access.clientId)
        : sent;
    const answer = operation.run({ access, body, query: new URLSearchParams(query) });
    const isSealed = operation.isOfConsents ?? acceptsJwt(request.headers);
    reply(response, isSealed && signedConsents ? await signedConsents.seal(answer) : answer);
  } catch (error) {
    if (error instanceof GatewayError) return reply(response, error.answer);
    if (!(error instanceof ApiError) || !api) throw error;
    reply(response, error.answer(api.version));
  }
}

function reply(response: ServerResponse, { status, headers, body, jwt }: ApiAnswer): void {
  const type = jwt === undefined ? 'application/json; charset=utf-8' : 'application/jwt';
  const content = jwt ?? (body === undefined ? undefined : JSON.stringify(body));
  response.writeHead(status, {
    ...(content === undefined ? {} : { 'content-type': type }),
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(content);
}
