import { createPublicKey } from 'node:crypto';
import { jwtVerify } from 'jose';
import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { customCredential } from '../support/bank/credential';
import { everythingOf } from '../support/failure';
import { outputOf, runNode } from '../support/n8n/nodeExecution';
import { startTlsServer, type SeenRequest, type TlsServer } from '../support/servers/tlsServer';
import { sendGet } from './sendGet';

/** The secret that the bank has registered. */
export const SECRET = 'a secret/that+the:bank&issued=%1';

/** The outcome of an operation. */
export interface Outcome {
  /** The output of the node. */
  readonly item: IDataObject;
  /** Code of the error. */
  readonly code?: string;
  /** The paths of all requests, in their order: also those of a workflow that goes on with the output. */
  readonly paths: readonly string[];
  /** All text of the output, in which n8n stores it. */
  readonly stored: string;
}

/**
 * A bank over mutual TLS that checks who the client is, by an assertion or a secret, before it looks at anything else (RFC 6749 §3.2.1,
 * RFC 9126 §2.1).
 */
export class CheckingBank {
  #server!: TlsServer;

  #credential!: IDataObject;

  #clients = 0;

  async open(): Promise<void> {
    this.#server = await startTlsServer({
      handle: (request, response) => {
        void this.#answer(request).then(({ status, body }) =>
          response
            .writeHead(status, { 'Content-Type': 'application/json' })
            .end(JSON.stringify(body)),
        );
      },
    });
    const { url } = this.#server;
    this.#credential = {
      ...(await customCredential(url)),
      authorizationEndpoint: `${url}/authorize`,
      pushedAuthorizationRequestEndpoint: `${url}/par`,
      scope: 'accounts',
    };
  }

  async close(): Promise<void> {
    await this.#server.close();
  }

  /** Exchanges a code, and calls the bank if the node returns `authorization`. */
  exchange(credential: IDataObject): Promise<Outcome> {
    const code = `code-${this.#clients}`;
    return this.#run({ resource: 'token', operation: 'exchange', code }, credential);
  }

  /** Pushes a request, and opens the link if the node returns one. */
  push(credential: IDataObject, sendRequestAs = 'pushed'): Promise<Outcome> {
    const request = { sendRequestAs, responseType: 'code', consentId: '' };
    return this.#run(
      { resource: 'authorization', operation: 'createUrl', ...request },
      { ...credential, scope: 'openid accounts' },
    );
  }

  async #run(parameters: INodeParameters, changes: IDataObject): Promise<Outcome> {
    const before = this.#server.requests.length;
    // A client that no run had: a code is sent once for each.
    const credential = {
      ...this.#credential,
      clientId: `client-${++this.#clients}`,
      ...changes,
    };
    const task = await runNode({
      ...{ credential, parameters, items: [{}] },
      onError: 'continueErrorOutput',
    });
    const [{ json: item }] = [...outputOf(task), ...outputOf(task, 1)] as [INodeExecutionData];
    const { authorization, url } = item;
    if (typeof authorization === 'string') {
      await sendGet(`${this.#server.url}/accounts`, credential, authorization);
    }
    if (typeof url === 'string') await sendGet(url, credential, '');
    const failure = item.error as { code: string } | undefined;
    return {
      item,
      ...(failure && { code: failure.code }),
      paths: this.#server.requests.slice(before).map(({ url: path }) => path.split('?')[0]!),
      stored: `${everythingOf(task.error ?? {})}${JSON.stringify(task)}`,
    };
  }

  async #answer(request: SeenRequest): Promise<{ status: number; body: object }> {
    if (request.url !== '/token' && request.url !== '/par') return { status: 200, body: {} };
    if (!(await this.#knows(request))) return { status: 401, body: { error: 'invalid_client' } };
    if (request.url === '/par') {
      return { status: 201, body: { request_uri: 'urn:request:1', expires_in: 60 } };
    }
    const tokens = { access_token: 'at-1', token_type: 'Bearer', expires_in: 300 };
    return { status: 200, body: tokens };
  }

  /** Whether the request proves who the client is, in exactly one way. */
  async #knows({ headers, body }: SeenRequest): Promise<boolean> {
    const form = new URLSearchParams(body);
    const [scheme, encoded] = (headers.authorization ?? '').split(' ');
    const inHeader = encoded && Buffer.from(encoded, 'base64').toString().split(':')[1];
    const assertion = form.get('client_assertion');
    const proofs = [
      scheme === 'Basic' && new URLSearchParams(`x=${inHeader}`).get('x') === SECRET,
      form.get('client_secret') === SECRET,
      assertion !== null && (await this.#signed(assertion)),
    ];
    return proofs.filter(Boolean).length === 1;
  }

  async #signed(assertion: string): Promise<boolean> {
    const key = createPublicKey(this.#credential.transportCertificate as string);
    const expected = { algorithms: ['PS256'], audience: this.#server.url };
    return jwtVerify(assertion, key, expected).then(
      () => true,
      () => false,
    );
  }
}

/** Opens a bank before the tests of a file, and closes it after them. */
export function checkingBank(): CheckingBank {
  const bank = new CheckingBank();
  beforeAll(() => bank.open());
  afterAll(() => bank.close());
  return bank;
}
