import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { AccountApi, ApiError } from './accountApi';
import type { Consents } from './consents';
import { readBody } from './form';
import { authorise, GatewayError, type ApiAnswer } from './gatewayAccess';
import type { Journal } from './journal';
import { connectionOf } from './listener';
import { PATHS } from './provider';
import { replyFailure } from './replies';
import type { TokenEndpoints } from './tokenEndpoints';

/** Path of the account API at the gateway. */
export const API_PATH = '/open-banking/v3.1/aisp';

export interface GatewayOptions {
  provider: Provider;
  journal: Journal;
  tokenEndpoints: TokenEndpoints;
  api: AccountApi;
  consents: Consents;
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
  { provider, api, consents }: GatewayOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [address = '', query] = (request.url ?? '').split('?');
  const interactionId = request.headers['x-fapi-interaction-id'];
  response.setHeader('x-fapi-interaction-id', String(interactionId ?? randomUUID()));
  try {
    if (!address.startsWith(`${API_PATH}/`)) throw GatewayError.noSuchApi();
    const path = address.slice(API_PATH.length);
    const operation = api.operationFor(request.method ?? 'GET', path);
    if (!operation) throw GatewayError.noSuchResource();
    const access = await authorise(provider, request, connectionOf(request), operation.token, path);
    const body = String(await readBody(request));
    if (consents.isHanging(access.grantId)) return;
    reply(response, operation.run({ access, body, query: new URLSearchParams(query) }));
  } catch (error) {
    if (!(error instanceof GatewayError || error instanceof ApiError)) throw error;
    reply(response, error.answer);
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
