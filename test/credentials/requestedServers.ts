import { OutboundHttp } from '@n8n/backend-network';
import { Container } from '@n8n/di';
import type {
  ICredentialDataDecryptedObject,
  IDataObject,
  IHttpRequestOptions,
} from 'n8n-workflow';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { authenticateRequest } from '../../credentials/authenticateRequest';
import { customCredential } from '../support/bank/credential';
import { certificateAuthority } from '../support/keys/certificates';
import { startInterceptor, type Interceptor } from '../support/servers/interceptor';
import { startTlsServer, type TlsServer } from '../support/servers/tlsServer';

/** The options of a request, by the names of n8n's older and newer helpers. */
export type Options = Partial<IHttpRequestOptions> & {
  uri?: string;
  rejectUnauthorized?: boolean;
  followRedirect?: boolean;
  followAllRedirects?: boolean;
};

/** The modes of the credential. In the first one, the workflow sets the token. */
const modes = {
  certificate: { authorizeWith: 'certificate' },
  application: { authorizeWith: 'application' },
  consent: { authorizeWith: 'consent', consent: 'household', firstRefreshToken: 'rt-1' },
};

/** A mode of the credential. */
export type Mode = keyof typeof modes;

/** All modes of the credential. */
export const everyMode = Object.keys(modes) as Mode[];

/** A helper of n8n that sends requests: the one of older versions of HTTP Request, or the one of newer versions. */
export type Sender = 'older' | 'newer';

/** Both helpers. */
export const everySender: readonly Sender[] = ['older', 'newer'];

/** Servers of a bank and of others, and the requests that n8n sends to them with a credential for the bank. */
class RequestedServers {
  /** The server of the bank. */
  bank!: TlsServer;
  /** A server with a certificate that the credential trusts. */
  foreign!: TlsServer;
  /** A server with a certificate that the credential does not trust. */
  impostor!: TlsServer;
  /** A server without TLS. */
  plain!: Server & { requests: number };
  /** Proxies that lead each request to one server. */
  toImpostor!: Interceptor;
  toBank!: Interceptor;
  #credential!: ICredentialDataDecryptedObject;

  async open(): Promise<void> {
    const token = { access_token: 'at-1', token_type: 'Bearer', expires_in: 3600 };
    const locations: Record<string, () => string> = {
      '/elsewhere': () => `${this.foreign.url}/accounts`,
      '/down': () => `http://${this.plainHost()}/accounts`,
      '/here': () => `${this.bank.url}/accounts`,
    };
    this.bank = await startTlsServer({
      clientCertificate: 'optional',
      handle: ({ url }, response) => {
        const location = locations[url]?.();
        if (location) response.writeHead(307, { Location: location });
        else response.setHeader('Content-Type', 'application/json');
        response.end(JSON.stringify(url === '/token' ? { ...token, refresh_token: 'rt-2' } : {}));
      },
    });
    this.foreign = await startTlsServer({ clientCertificate: 'optional' });
    const certificate = await (
      await certificateAuthority('Other CA')
    ).issue({ usage: 'server', name: 'localhost' });
    this.impostor = await startTlsServer({ clientCertificate: 'optional', certificate });
    this.plain = Object.assign(createServer(), { requests: 0 });
    this.plain.on('request', (_request, response) => response.end(String(++this.plain.requests)));
    this.plain.listen(0, '127.0.0.1');
    this.toImpostor = await startInterceptor(this.impostor.port);
    this.toBank = await startInterceptor(this.bank.port);
    this.#credential = (await customCredential(this.bank.url)) as ICredentialDataDecryptedObject;
  }

  async close(): Promise<void> {
    const { bank, foreign, impostor, toImpostor, toBank } = this;
    await Promise.all(
      [bank, foreign, impostor, toImpostor, toBank].map((server) => server?.close()),
    );
    this.plain?.close();
  }

  forgetRequests(): void {
    for (const { requests } of [this.bank, this.foreign, this.impostor]) requests.length = 0;
    this.plain.requests = 0;
  }

  /** Host and port of the server without TLS. */
  plainHost(): string {
    return `localhost:${(this.plain.address() as AddressInfo).port}`;
  }

  /** The requests that the bank got, without those for tokens. */
  calls() {
    return this.bank.requests.filter(({ url }) => url !== '/token');
  }

  /** The options of a request after the credential has added what belongs to it. */
  authenticated(mode: Mode, options: Options, changes: IDataObject = {}) {
    const headers = mode === 'certificate' ? { Authorization: 'Bearer at-1' } : {};
    return authenticateRequest(
      { ...this.#credential, ...modes[mode], ...changes },
      {
        ...(options as IHttpRequestOptions),
        headers: { ...headers, ...options.headers },
      },
    );
  }

  /** Sends a request with a helper of n8n, and follows redirects as far as the helper does. */
  async send(sender: Sender, mode: Mode, options: Options, changes?: IDataObject) {
    const helpers = Container.get(OutboundHttp).requests();
    if (sender === 'newer') {
      return helpers.request(
        await this.authenticated(mode, { ...options, method: 'GET' }, changes),
      );
    }
    const { url, ...others } = options;
    const asked = { followRedirect: true, followAllRedirects: true, ...others };
    return helpers.requestLegacy(
      await this.authenticated(mode, { uri: url, ...asked, method: 'GET' }, changes),
    );
  }

  /** Expects that this package refuses a request: nothing was sent to anybody, and no token was asked for. */
  async expectRefusal(sending: Promise<unknown>, code: string, message = ''): Promise<void> {
    await expect(sending).rejects.toMatchObject({
      message: expect.stringContaining(message) as string,
      description: expect.stringContaining('othing was sent') as string,
      context: expect.objectContaining({ code }) as object,
    });
    for (const { requests } of [this.bank, this.foreign, this.impostor]) {
      expect(requests).toEqual([]);
    }
    expect(this.plain.requests).toBe(0);
  }
}

/** Opens the servers before the tests of a file, and closes them after them. */
export function requestedServers(): RequestedServers {
  const servers = new RequestedServers();
  beforeAll(() => servers.open());
  afterAll(() => servers.close());
  beforeEach(() => servers.forgetRequests());
  return servers;
}
