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
import { closeAfterTest, tlsServer } from '../support/servers/closing';
import { startInterceptor, type Interceptor } from '../support/servers/interceptor';
import { startTlsServer, type TlsServer } from '../support/servers/tlsServer';

/** The options of a request, by the names of n8n's older and newer helpers. */
type Options = Partial<IHttpRequestOptions> & {
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
type Mode = keyof typeof modes;
const everyMode = Object.keys(modes) as Mode[];
const tokenModes: Mode[] = ['application', 'consent'];

/** A server of the bank, another one with a certificate that the credential trusts, and one with a certificate that it does not trust. */
let bank: TlsServer;
let foreign: TlsServer;
let impostor: TlsServer;
let plain: Server & { requests: number };
let toImpostor: Interceptor;
let toBank: Interceptor;
let credential: ICredentialDataDecryptedObject;

const plainHost = () => `localhost:${(plain.address() as AddressInfo).port}`;

beforeAll(async () => {
  const token = { access_token: 'at-1', token_type: 'Bearer', expires_in: 3600 };
  const locations: Record<string, () => string> = {
    '/elsewhere': () => `${foreign.url}/accounts`,
    '/down': () => `http://${plainHost()}/accounts`,
    '/here': () => `${bank.url}/accounts`,
  };
  bank = await startTlsServer({
    clientCertificate: 'optional',
    handle: ({ url }, response) => {
      const location = locations[url]?.();
      if (location) response.writeHead(307, { Location: location });
      else response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify(url === '/token' ? { ...token, refresh_token: 'rt-2' } : {}));
    },
  });
  foreign = await startTlsServer({ clientCertificate: 'optional' });
  const certificate = await (
    await certificateAuthority('Other CA')
  ).issue({ usage: 'server', name: 'localhost' });
  impostor = await startTlsServer({ clientCertificate: 'optional', certificate });
  plain = Object.assign(createServer(), { requests: 0 });
  plain.on('request', (_request, response) => response.end(String(++plain.requests)));
  plain.listen(0, '127.0.0.1');
  toImpostor = await startInterceptor(impostor.port);
  toBank = await startInterceptor(bank.port);
  credential = (await customCredential(bank.url)) as ICredentialDataDecryptedObject;
});

afterAll(async () => {
  await Promise.all([bank, foreign, impostor, toImpostor, toBank].map((server) => server?.close()));
  plain?.close();
});

beforeEach(() => {
  for (const { requests } of [bank, foreign, impostor]) requests.length = 0;
  plain.requests = 0;
});

/** The requests that the bank got, without those for tokens. */
const calls = () => bank.requests.filter(({ url }) => url !== '/token');

const authenticated = (mode: Mode, options: Options, changes: IDataObject = {}) => {
  const headers = mode === 'certificate' ? { Authorization: 'Bearer at-1' } : {};
  return authenticateRequest(
    { ...credential, ...modes[mode], ...changes },
    {
      ...(options as IHttpRequestOptions),
      headers: { ...headers, ...options.headers },
    },
  );
};

/** Sends a request with n8n's older or newer helper, and follows redirects as far as the helper does. */
const senders = {
  older: async (mode: Mode, { url, ...options }: Options, changes?: IDataObject) => {
    const asked = { followRedirect: true, followAllRedirects: true, ...options };
    const sent = await authenticated(mode, { uri: url, ...asked, method: 'GET' }, changes);
    return Container.get(OutboundHttp).requests().requestLegacy(sent);
  },
  newer: async (mode: Mode, options: Options, changes?: IDataObject) => {
    const sent = await authenticated(mode, { ...options, method: 'GET' }, changes);
    return Container.get(OutboundHttp).requests().request(sent);
  },
};
type Sender = keyof typeof senders;
const everySender = Object.keys(senders) as Sender[];

/** Refused by this package: nothing was sent to anybody, and no token was asked for. */
async function expectRefusal(sending: Promise<unknown>, code: string, message = '') {
  await expect(sending).rejects.toMatchObject({
    message: expect.stringContaining(message) as string,
    description: expect.stringContaining('othing was sent') as string,
    context: expect.objectContaining({ code }) as object,
  });
  for (const { requests } of [bank, foreign, impostor]) expect(requests).toEqual([]);
  expect(plain.requests).toBe(0);
}

describe.each(everyMode)('in the mode "%s"', (mode) => {
  it.each(everySender)('sends token and certificate to the bank (%s helper)', async (sender) => {
    await senders[sender](mode, { url: `${bank.url}/accounts?page=%7B1%7D&next=a b` });
    expect(calls()).toMatchObject([
      {
        url: '/accounts?page=%7B1%7D&next=a%20b',
        headers: { authorization: 'Bearer at-1' },
        client: 'Test Client',
      },
    ]);
  });

  it('reads addresses as the sender does', async () => {
    const { port } = bank;
    for (const url of [
      ` \thttps://localhost:${port}/accounts\n`,
      `ht\ntps://local\thost:${port}/accounts`,
      `HTTPS://LOCALHOST:${port}/accounts`,
      `https:\\\\localhost:${port}\\accounts`,
    ]) {
      await senders.older(mode, { url });
    }
    const options = { baseURL: `${bank.url}/v1/`, url: '/accounts' };
    await senders.newer(mode, options);
    await senders.older(mode, options);
    expect(calls().map(({ url }) => url)).toEqual([
      ...Array<string>(4).fill('/accounts'),
      ...['/v1/accounts', '/v1/accounts'],
    ]);
  });

  it('refuses addresses without TLS, however they are written', async () => {
    const host = plainHost();
    for (const url of [
      `http://${host}/`,
      `HTTP://${host}/`,
      ` http://${host}/`,
      `\thttp://${host}/`,
      `\u0000http://${host}/`,
      `ht\ntp://${host}/`,
      `h\tttp:/${host}/`,
      `http:\\\\${host}/`,
      `ftp://${host}/`,
    ]) {
      for (const sender of everySender) {
        await expectRefusal(senders[sender](mode, { url }), 'url-malformed', 'not with "https:"');
      }
    }
    const options = { baseURL: `http://${host}/`, url: '/accounts' };
    await expectRefusal(senders.newer(mode, options), 'url-malformed', 'begins with "http:"');
  });

  it('refuses addresses that are incomplete or contain a user name', async () => {
    const host = `localhost:${bank.port}`;
    for (const url of ['', '/accounts', 'bank.example', `//${host}/`, 'https://', 'https://a b/']) {
      await expectRefusal(senders.older(mode, { url }), 'url-malformed', 'no complete address');
    }
    for (const url of [`https://user:password@${host}/`, `https://bank.example@${host}/`]) {
      await expectRefusal(senders.older(mode, { url }), 'url-malformed', 'a user name');
    }
    const options = { baseURL: bank.url, url: `//${foreign.url.slice(8)}/` };
    await expectRefusal(senders.newer(mode, options), 'url-malformed');
  });

  it('refuses a node that switches the verification of the server off', async () => {
    const url = `${bank.url}/accounts`;
    for (const options of [
      { rejectUnauthorized: false },
      { skipSslCertificateValidation: true },
      { agentOptions: { rejectUnauthorized: false } },
    ]) {
      await expectRefusal(
        senders.older(mode, { url, proxy: toImpostor.address as never, ...options }),
        'option-refused',
        'ignores SSL issues',
      );
    }
  });

  it('refuses certificate authorities of the node', async () => {
    const { certificate: ca } = await certificateAuthority('Other CA');
    const options = { url: `${bank.url}/accounts`, agentOptions: { ca } };
    await expectRefusal(senders.older(mode, options), 'option-refused', 'authorities');
    await expectRefusal(senders.newer(mode, options), 'option-refused', 'authorities');
  });

  it.each(everySender)(
    'sends through a proxy of the node, but not to a server that it does not trust (%s helper)',
    async (sender) => {
      const url = `${bank.url}/accounts`;
      await senders[sender](mode, { url, proxy: toBank.address as never });
      expect(calls()).toMatchObject([{ client: 'Test Client' }]);
      const before = toImpostor.tunnels;
      const agentOptions = { checkServerIdentity: () => undefined };
      await expect(
        senders[sender](mode, { url, agentOptions, proxy: toImpostor.address as never }),
      ).rejects.toThrow();
      expect(toImpostor.tunnels).toBe(before + 1);
      expect(impostor.requests).toEqual([]);
    },
  );

  it.each(everySender)('follows no redirect (%s helper)', async (sender) => {
    for (const path of ['/elsewhere', '/down', '/here']) {
      const follow = { maxRedirects: 5, sendCredentialsOnCrossOriginRedirect: true };
      await expect(senders[sender](mode, { url: `${bank.url}${path}`, ...follow })).rejects.toThrow(
        '307',
      );
    }
    expect(foreign.requests).toEqual([]);
    expect(plain.requests).toBe(0);
    expect(calls().map(({ url }) => url)).toEqual(['/elsewhere', '/down', '/here']);
  });
});

it('compares the certificate with the host in the address, behind a proxy and with a "Host" header, too', async () => {
  // The certificate is good for "localhost" and for no IP address.
  const certificate = await (
    await certificateAuthority()
  ).issue({ usage: 'server', name: 'localhost' });
  const named = await tlsServer({ clientCertificate: 'optional', certificate });
  const toNamed = await startInterceptor(named.port);
  closeAfterTest(() => toNamed.close());
  const tokenEndpoint = `https://127.0.0.1:${named.port}/token`;
  const given = { tokenEndpoint };
  const options = { url: `https://127.0.0.1:${named.port}/accounts` };
  const headers = { Host: 'localhost' };
  for (const sender of everySender) {
    for (const more of [{ headers }, { proxy: toNamed.address as never }]) {
      await expect(
        senders[sender]('certificate', { ...options, ...more }, given),
      ).rejects.toMatchObject({
        message: expect.stringMatching(/IP|SSL/i) as string,
      });
    }
  }
  expect(named.requests).toEqual([]);
});

describe.each(tokenModes)('in the mode "%s", which sets a token', (mode) => {
  it("refuses hosts that are not the bank's before a token is asked for", async () => {
    const { port } = foreign;
    for (const url of [
      `${foreign.url}/accounts`,
      `https://localhost:${port}#@localhost:${bank.port}/`,
      `https://LocalHost:${port}/`,
      `https://localhost/`,
      `https://127.0.0.1:${bank.port}/`,
      `https://localhost.evil.example:${bank.port}/`,
      `https://xn--localhst-sdb:${bank.port}/`,
    ]) {
      for (const sender of everySender) {
        await expectRefusal(senders[sender](mode, { url }), 'host-not-allowed');
      }
    }
  });

  it('names the host, the hosts of the credential and the field to fill in', async () => {
    const headers = { Authorization: 'Bearer mine' };
    await expect(authenticated(mode, { url: foreign.url, headers })).rejects.toMatchObject({
      message: `The host "localhost:${foreign.port}" is not one of the hosts of this credential: localhost:${bank.port}`,
      description: expect.stringMatching(/add it to "API Hosts".*pagination/) as string,
    });
  });

  it('sends to the hosts in "API Hosts", with a port to this port only', async () => {
    const host = `localhost:${foreign.port}`;
    for (const apiHosts of [
      `api.bank.example, ${host}`,
      `${foreign.url}/open-banking\nhttps://api.bank.example`,
      'LOCALHOST',
    ]) {
      await senders.older(mode, { url: `${foreign.url}/accounts` }, { apiHosts });
    }
    expect(foreign.requests).toHaveLength(3);
    expect(foreign.requests[0]).toMatchObject({
      headers: { authorization: 'Bearer at-1' },
      client: 'Test Client',
    });
    const otherPort = { apiHosts: `localhost:${impostor.port}, https://localhost` };
    await expect(authenticated(mode, { url: foreign.url }, otherPort)).rejects.toMatchObject({
      context: { code: 'host-not-allowed' },
    });
  });
});
