import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import type { AccountApi } from './accountApi';
import { ApiError } from './apiErrors';
import type { Consents } from './consents';
import { readBody } from './form';
import { authorise, GatewayError, type ApiAnswer } from './gatewayAccess';
import type { Journal } from './journal';
import { connectionOf } from './listener';
import { PATHS } from './provider';
import type { Refusals } from './refusals';
import { replyFailure } from './replies';
import { acceptsJson, checkHeaders, isInteractionId } from './requestRules';
import type { TokenEndpoints } from './tokenEndpoints';

export interface GatewayOptions {
  provider: Provider;
  journal: Journal;
  tokenEndpoints: TokenEndpoints;
  /** All versions of the account API. */
  apis: readonly AccountApi[];
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
  { provider, apis, consents, refusals }: GatewayOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [address = '', query] = (request.url ?? '').split('?');
  const interactionId = request.headers['x-fapi-interaction-id'];
  response.setHeader(
    'x-fapi-interaction-id',
    isInteractionId(interactionId) ? interactionId : randomUUID(),
  );
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
    const body = String(await readBody(request));
    if (consents.isHanging(access.grantId)) return;
    const refusal = access.grantId && refusals.next();
    if (refusal) return reply(response, refusal);
    if (!acceptsJson(request.headers)) return reply(response, { status: 406 });
    checkHeaders(request.headers);
    reply(response, operation.run({ access, body, query: new URLSearchParams(query) }));
  } catch (error) {
    if (error instanceof GatewayError) return reply(response, error.answer);
    if (!(error instanceof ApiError) || !api) throw error;
    reply(response, error.answer(api.version));
  }
}

function reply(response: ServerResponse, { status, headers, body }: ApiAnswer): void {
  response.writeHead(status, {
    ...(body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
