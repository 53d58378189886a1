import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { WorkflowNode } from '../../demo/examples';
import { certificateAuthority } from '../support/keys/certificates';
import { startInterceptor, type Interceptor } from '../support/servers/interceptor';
import { startTlsServer, type TlsServer } from '../support/servers/tlsServer';
import { allPages, node } from './workflows';

/** A bank, and servers that must never get its tokens. */
export interface Targets {
  bank: TlsServer;
  /** Another server, whose certificate the credential trusts. */
  foreign: TlsServer;
  /** A server with the name of the bank, and with a certificate of an authority that only {@link Targets.authority} trusts. */
  impostor: TlsServer;
  /** A proxy that connects to the impostor, whatever server it is asked for. */
  proxy: Interceptor;
  /** PEM. */
  authority: string;
  plain: { readonly url: string; connections: number };
  close(): Promise<void>;
}

/** Starts the servers. The answers of the bank name the others: in `Location`, and in `Links.Next`. */
export async function startTargets(): Promise<Targets> {
  const token = { access_token: 'at-1', token_type: 'Bearer', expires_in: 3600 };
  const plain = await plainServer();
  const foreign = await startTlsServer({ clientCertificate: 'optional' });
  const authority = await certificateAuthority('Other CA');
  const certificate = await authority.issue({ usage: 'server', name: 'localhost' });
  const impostor = await startTlsServer({ clientCertificate: 'optional', certificate });
  const proxy = await startInterceptor(impostor.port);
  const bank = await startTlsServer({
    handle: ({ url }, response) => {
      if (url === '/redirect') {
        response.writeHead(302, { Location: `${foreign.url}/accounts` }).end();
        return;
      }
      const next: Record<string, string> = {
        '/pages/foreign': `${foreign.url}/accounts`,
        '/pages/plain': ` ${plain.url}/accounts`,
        '/pages/own': `${bank.url}/accounts`,
      };
      const body =
        url === '/token'
          ? { ...token, refresh_token: 'rt-2' }
          : { path: url, Links: { Next: next[url] } };
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify(body));
    },
  });
  const close = async () => {
    await Promise.all([bank, foreign, impostor, proxy, plain].map((server) => server.close()));
  };
  const { certificate: pem } = authority;
  return { bank, foreign, impostor, proxy, authority: pem, plain, close };
}

/** A server without TLS. It counts connections. */
async function plainServer() {
  const server = createServer((_request, response) => response.end());
  server.on('connection', () => plain.connections++);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async () => void (await new Promise((done) => server.close(done)));
  const plain = { url: `http://localhost:${port}`, connections: 0, close };
  return plain;
}

/** The modes of the credential: in the last one, the workflow sets the token. */
export type Mode = 'application' | 'consent' | 'certificate';

/** A node that sends a request with the credential of a mode, and how the request is to end. */
export interface Attempt {
  mode: Mode;
  node: WorkflowNode;
  /** `sent`, the code of this package's error, or a part of the message of n8n's own error. */
  end: string;
}

/** Requests of HTTP Request, in each of its versions that can use the credential, and of GraphQL. */
export function attempts(targets: Targets): Attempt[] {
  const all: [Mode, version: number][] = [
    ...[2, 3, 4.2, 4.3, 4.4, 4.5].map((version): [Mode, number] => ['application', version]),
    ['consent', 4.5],
    ['certificate', 2],
    ['certificate', 4.5],
  ];
  return [
    ...all.flatMap(([mode, version]) => httpRequests(targets, mode, version)),
    ...graphQl(targets),
  ];
}

/** The words of Node.js about a certificate of an unknown authority. */
export const UNVERIFIED = 'unable to verify the first certificate';

const authentication = {
  authentication: 'predefinedCredentialType',
  nodeCredentialType: 'openBankingApi',
};

function httpRequests(targets: Targets, mode: Mode, version: number): Attempt[] {
  const { bank, foreign, proxy } = targets;
  const setsToken = mode !== 'certificate';
  const throughProxy = { proxy: proxy.address };
  const attempt = (name: string, end: string, url: string, options: object = {}): Attempt => {
    const shared = { ...authentication, ...(!setsToken && bearer(version)) };
    const parameters = { url, options: { ...options }, ...shared };
    const title = `${mode} ${version}: ${name}`;
    return { mode, node: node(title, 'n8n-nodes-base.httpRequest', version, parameters), end };
  };
  return [
    attempt('the bank', 'sent', `${bank.url}/accounts`),
    ignoringSsl(attempt('ignoring SSL', 'option-refused', `${bank.url}/ignored`, throughProxy)),
    attempt('through a proxy', UNVERIFIED, `${bank.url}/proxied`, throughProxy),
    attempt('a redirect', '302', `${bank.url}/redirect`, following(version)),
    ...(version < 3
      ? []
      : [ownAuthority(attempt('own CA', 'option-refused', `${bank.url}/own-ca`, throughProxy))]),
    ...(version < 4
      ? []
      : [
          attempt('pages', 'sent', `${bank.url}/pages/own`, allPages),
          attempt('a page without TLS', 'url-malformed', `${bank.url}/pages/plain`, allPages),
        ]),
    ...(setsToken ? [attempt('another host', 'host-not-allowed', `${foreign.url}/accounts`)] : []),
    ...(setsToken && version >= 4
      ? [attempt('a page elsewhere', 'host-not-allowed', `${bank.url}/pages/foreign`, allPages)]
      : []),
  ];
}

function graphQl({ bank, foreign }: Targets): Attempt[] {
  const attempt = (name: string, end: string, endpoint: string, options: object = {}): Attempt => {
    const parameters = { endpoint, query: '{ accounts }', ...options, ...authentication };
    const sending = node(`GraphQL: ${name}`, 'n8n-nodes-base.graphql', 1.1, parameters);
    return { mode: 'application', node: sending, end };
  };
  const ignore = { allowUnauthorizedCerts: true };
  return [
    attempt('the bank', 'sent', `${bank.url}/graphql`),
    attempt('another host', 'is not one of the hosts', `${foreign.url}/graphql`),
    attempt('ignoring SSL', 'ignores SSL issues', `${bank.url}/ignored`, ignore),
  ];
}

function bearer(version: number): object {
  const headers = [{ name: 'Authorization', value: 'Bearer at-1' }];
  return version === 2
    ? { headerParametersUi: { parameter: headers } }
    : { sendHeaders: true, headerParameters: { parameters: headers } };
}

/** Version 2 has the switch among its parameters, later ones among their options. */
function ignoringSsl(attempt: Attempt): Attempt {
  const { parameters, typeVersion } = attempt.node;
  const owner = typeVersion === 2 ? parameters : parameters['options'];
  Object.assign(owner as object, { allowUnauthorizedCerts: true });
  return attempt;
}

function following(version: number): object {
  return version === 2
    ? { followRedirect: true, followAllRedirects: true }
    : {
        redirect: { redirect: { followRedirects: true, maxRedirects: 5 } },
        sendCredentialsOnCrossOriginRedirect: true,
      };
}

function ownAuthority(attempt: Attempt): Attempt {
  attempt.node.parameters['provideSslCertificates'] = true;
  attempt.node.credentials = { httpSslAuth: { id: 'ownAuthority', name: 'ownAuthority' } };
  return attempt;
}
