import { GivenAccess } from '../../core/accounts/access';
import { AccountApi } from '../../core/accounts/accountApi';
import { createProfile } from '../../core/profile/profile';
import { requestErrors, tlsErrors } from '../../core/errors/rows/connectionErrors';
import type { OpenBankingError } from '../../core/errors/OpenBankingError';
import { destroyAgents } from '../../core/transport/agents';
import {
  certificateAuthority,
  clientCertificate,
  clientIdentity,
  generatePrivateKey,
  pemOf,
  serverCertificate,
} from '../support/keys/certificates';
import { customCredential, sandboxCredential } from '../support/bank/credential';
import { closeAfterTest, tcpServer, tlsServer, unusedPort } from '../support/servers/closing';
import { failureOf } from '../support/failure';
import { startOpensslServer } from '../support/servers/opensslServer';
import { outputOf, runNode } from '../support/n8n/nodeExecution';
import { startProxy } from '../support/servers/proxy';
import { startSandbox } from '../support/bank/sandbox';
import type { TlsServerOptions } from '../support/servers/tlsServer';
import { post, type Attempt } from '../transport/attempt';
import { provokeEach, type Failure, type Provocation, type Provocations } from './provocation';

const saved = process.env.HTTPS_PROXY;
beforeEach(() => {
  delete process.env.NO_PROXY;
  delete process.env.no_proxy;
});
afterEach(() => {
  if (saved === undefined) delete process.env.HTTPS_PROXY;
  else process.env.HTTPS_PROXY = saved;
});

const failing = (url: string, attempt?: Attempt) => failureOf(post(url, attempt));

/** A request to a server of Node.js. */
const at =
  (options: () => TlsServerOptions | Promise<TlsServerOptions>, attempt?: Attempt): Provocation =>
  async () =>
    failing((await tlsServer(await options())).url, attempt);

/** A request to a server of OpenSSL, which sends the alerts that banks send. */
const atOpenssl =
  (options: string[], make: () => ReturnType<typeof clientCertificate>): Provocation =>
  async () => {
    const server = await startOpensslServer(...options);
    closeAfterTest(() => server.close());
    return failing(server.url, { identity: await clientIdentity(await make()) });
  };

/** A request through a proxy. */
async function through(proxy: string): Promise<OpenBankingError> {
  const { url } = await tlsServer();
  process.env.HTTPS_PROXY = proxy;
  return failing(url);
}

/** A ServerHello of TLS 1.2 without extensions, of a server that does not know RFC 5746. */
const OLD_SERVER_HELLO = Buffer.concat([
  Buffer.from('160303002a' + '02000026' + '0303', 'hex'),
  Buffer.alloc(32, 7),
  Buffer.from('00' + 'c02f' + '00', 'hex'),
]);

/** The third item of an exchange. The first item brings tokens, the second fails. */
async function itemAfterAFailure(): Promise<Failure> {
  const bank = await startSandbox();
  closeAfterTest(() => bank.stop());
  const { code } = await bank.authorize();
  const task = await runNode({
    credential: { ...(await sandboxCredential(bank)) },
    items: [{ code }, { code: '' }, { code: 'never-sent' }],
    parameters: {
      resource: 'token',
      operation: 'exchange',
      code: '={{ $json.code }}',
      options: { concurrency: 1 },
    },
  });
  return outputOf(task)[2]!.json.error as unknown as Failure;
}

const silentBank = () => ({ handle: () => undefined });

describe('TLS', () => {
  const provocations: Provocations<typeof tlsErrors> = {
    'server-certificate-unknown-authority': at(async () => ({
      certificate: await (await certificateAuthority('Other CA')).issue({ usage: 'server' }),
    })),
    'server-certificate-expired': at(async () => ({
      certificate: await serverCertificate({ until: -1 }),
    })),
    'server-certificate-hostname': at(async () => ({
      certificate: await serverCertificate({ name: 'bank.example' }),
    })),
    'client-certificate-refused': {
      // The server accepts RSA only, and the client has no such certificate.
      'no certificate': atOpenssl(['-tls1_3', '-client_sigalgs', 'rsa_pss_rsae_sha256'], () =>
        clientCertificate({ key: 'ec' }),
      ),
      'an expired certificate': atOpenssl(['-tls1_3'], () => clientCertificate({ until: -1 })),
    },
    'tls-outdated': {
      'TLS 1.1': at(() => ({
        minVersion: 'TLSv1.1',
        maxVersion: 'TLSv1.1',
        ciphers: 'DEFAULT@SECLEVEL=0',
      })),
      'legacy renegotiation': async () => {
        const { port } = await tcpServer((socket) =>
          socket.once('data', () => socket.write(OLD_SERVER_HELLO)),
        );
        return failing(`https://localhost:${port}`);
      },
    },
    'tls-handshake-failed': {
      'no TLS on this port': async () => {
        const { port } = await tcpServer((socket) => socket.end('220 mail.example ESMTP\r\n'));
        return failing(`https://localhost:${port}`);
      },
      'no cipher in common': at(() => ({
        maxVersion: 'TLSv1.2',
        ciphers: 'AES128-SHA256',
      })),
    },
    'client-certificate-unusable': async () => {
      const privateKey = pemOf(generatePrivateKey('ec'));
      const identity = await clientIdentity({ ...(await clientCertificate()), privateKey });
      return failing((await tlsServer()).url, { identity });
    },
  };
  provokeEach<typeof tlsErrors>(provocations);
});

/** The failure of a request to the account API whose execution is cancelled. */
async function cancelledPull(): Promise<OpenBankingError> {
  const { url } = await tlsServer({ handle: () => cancellation.abort() });
  const cancellation = new AbortController();
  const profile = await createProfile({ ...(await customCredential(url)), accountApiUrl: url });
  const api = new AccountApi(profile, new GivenAccess('token'), { signal: cancellation.signal });
  return failureOf(api.get('/accounts'));
}

describe('requests', () => {
  const waiting = { timeouts: { connect: 300, request: 600 } };
  const provocations: Provocations<typeof requestErrors> = {
    'host-unreachable': {
      'an unknown name': async () => failing(`https://${'a'.repeat(64)}.localhost`),
      'a refused connection': async () => failing(`https://localhost:${await unusedPort()}`),
      'a connection that takes too long': async () =>
        failing(`https://localhost:${(await tcpServer(() => undefined)).port}`, waiting),
    },
    timeout: at(silentBank, waiting),
    'connection-lost': at(() => ({ socket: (socket) => void socket.end() })),
    'proxy-failed': {
      'no address': () => through('http://[proxy'),
      'another kind of proxy': () => through('socks5://proxy.example:1080'),
      'a proxy with a log-in': async () => through((await startProxy(407)).address),
      'a proxy that refuses the log-in': async () =>
        through((await startProxy(407)).address.replace('//', '//user:password@')),
      'a proxy with another kind of log-in': async () =>
        through((await startProxy(407, undefined, ['NTLM'])).address),
      'a proxy with an untrusted certificate': async () =>
        through((await startProxy(200, await serverCertificate())).address),
      'a proxy without TLS': async () =>
        through((await startProxy()).address.replace('http', 'https')),
      'a proxy that is down': async () => through(`http://127.0.0.1:${await unusedPort()}`),
    },
    'address-blocked': {
      'a private network': async () => failing('https://10.0.0.1', { reach: 'public' }),
      "n8n's protection": async () => {
        process.env.N8N_SSRF_PROTECTION_ENABLED = 'true';
        try {
          return await failing('https://localhost');
        } finally {
          delete process.env.N8N_SSRF_PROTECTION_ENABLED;
        }
      },
    },
    'not-attempted': itemAfterAFailure,
    cancelled: cancelledPull,
    // The client closes the connection while the bank prepares its response.
    'request-failed': at(() => ({ handle: () => void destroyAgents() })),
  };
  provokeEach<typeof requestErrors>(provocations);
});
