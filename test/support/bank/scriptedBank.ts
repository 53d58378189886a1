import type { ServerResponse } from 'node:http';
import type { IDataObject, INode, INodeParameters, ITaskData } from 'n8n-workflow';
import type { CertificateOptions } from '../keys/certificates';
import { customCredential } from './credential';
import { everythingOf } from '../failure';
import { runNode } from '../n8n/nodeExecution';
import { startTlsServer, type SeenRequest } from '../servers/tlsServer';

/** Answers one request to the bank. The last argument is the form of the request. */
export type Answer = (
  response: ServerResponse,
  request: SeenRequest,
  form: URLSearchParams,
) => void;

/** Values in the input items of the node. */
export const CODE = 'code-5e1f-4f0a-of-the-customer';
export const REFRESH_TOKEN = 'refresh-77aa-9c1d-of-the-customer';

/** Options for a run of the node. */
export interface Run {
  operation?: 'exchange' | 'refresh' | 'application' | 'createUrl';
  items?: IDataObject[];
  onError?: INode['onError'];
  /** Whether "Retry On Fail" is set. */
  retryOnFail?: boolean;
  /** Further parameters of the node. */
  parameters?: INodeParameters;
  /** Changes of the credential. */
  changes?: IDataObject;
  /** "Options" of the node. */
  options?: INodeParameters;
  /** Cancels the execution. */
  signal?: AbortSignal;
  /** The client ID; if not given, a new one: a code or refresh token that another run sent would not be sent again. */
  client?: string;
}

/** A bank with given answers to token requests. */
export interface ScriptedBank {
  readonly url: string;
  /** The requests since its answers were set. */
  readonly requests: SeenRequest[];
  answerWith(answer: Answer): void;
  /** A client ID that no run has. */
  newClient(): string;
  /** Runs the node: a refresh of one item if not given. Fails if the outcome of a failing node contains a secret. */
  run(run?: Run): Promise<ITaskData>;
  close(): Promise<void>;
}

/**
 * Opens the bank. The credential has custom endpoints, and a scope without ID tokens.
 *
 * @param client the differences from a good client certificate
 */
export async function startScriptedBank(client: CertificateOptions = {}): Promise<ScriptedBank> {
  let answer: Answer = json(200, {});
  const server = await startTlsServer({
    handle: (request, response) => answer(response, request, new URLSearchParams(request.body)),
  });
  const { url, requests } = server;
  let clients = 0;
  const newClient = () => `client-${++clients}`;
  const custom = await customCredential(url, client);
  const credential = {
    ...custom,
    authorizationEndpoint: `${url}/authorize`,
    refreshEndpoint: `${url}/refresh`,
  };
  const privateKey = custom.transportPrivateKey!;
  return {
    url,
    requests,
    answerWith: (given) => {
      requests.length = 0;
      answer = given;
    },
    newClient,
    run: async ({ operation = 'refresh', items, client, ...given } = {}) => {
      const { options = {}, parameters = {}, changes = {}, ...settings } = given;
      const clientId = client ?? newClient();
      // Other answers come, also if the machine is busy.
      const requestTimeout = answer === silence ? 1 : 20;
      const task = await runNode({
        credential: { ...credential, clientId, requestTimeout, ...changes },
        items: items ?? [{ code: CODE, refresh_token: REFRESH_TOKEN }],
        parameters: {
          resource: 'token',
          operation,
          code: '={{ $json.code }}',
          refreshToken: '={{ $json.refresh_token }}',
          options,
          ...parameters,
        },
        ...settings,
      });
      const sent = requests.flatMap(
        ({ body }) => new URLSearchParams(body).get('client_assertion') ?? [],
      );
      const held = secretsIn(task, [CODE, ...sent, ...privateKey.split('\n').slice(1, -2)]);
      const failed = task.error ? secretsIn(task, [REFRESH_TOKEN]) : [];
      expect([...held, ...failed]).toEqual([]);
      return task;
    },
    close: () => server.close(),
  };
}

function secretsIn(task: ITaskData, secrets: string[]): string[] {
  const stored = everythingOf(task.error ?? {}) + JSON.stringify(task);
  return secrets.filter(
    (secret) => stored.includes(secret) || stored.includes(encodeURIComponent(secret)),
  );
}

/** Answers with a body of any kind. */
export function raw(
  status: number,
  body: string | Buffer,
  type = 'application/json',
  headers = {},
): Answer {
  return (response) => response.writeHead(status, { 'Content-Type': type, ...headers }).end(body);
}

/** Answers with JSON. */
export function json(status: number, body: unknown, headers = {}): Answer {
  return raw(status, JSON.stringify(body), 'application/json', headers);
}

/** No answer at all. */
export const silence: Answer = () => undefined;

/** A token response without a refresh token. */
export const TOKENS = { access_token: 'at-1', token_type: 'Bearer', expires_in: 300 };

/** A token response whose ID token passes no check, with a new refresh token. */
export const UNCHECKED = { ...TOKENS, refresh_token: 'rt-2', id_token: 'no.id.token' };

/** A page that gateways and log-ins send instead of an answer. */
export const PAGE = '<!doctype html><html><head><title>Sign in – Bank</title></head></html>';
