import { createSecureContext, type SecureContext } from 'node:tls';
import type { buildConnector, Dispatcher } from 'undici';
import { OpenBankingError } from '../errors/OpenBankingError';
import { watched } from './connect';
import type { TlsIdentity, Timeouts } from './identity';
import { LeastRecentlyUsed } from '../lib/leastRecentlyUsed';
import { loadUndici } from './undici';

/** Agents that are kept at most. */
export const MAXIMUM_AGENTS = 1000;

/** Requests under way on an Agent that makes room are finished first. */
const agents = new LeastRecentlyUsed<Dispatcher>(MAXIMUM_AGENTS, (agent) => {
  // There is nobody left to tell about a failure to close.
  agent.close().catch(() => undefined);
});

/**
 * The kept-alive Agent of an identity and origin: one TLS connection for each request in flight, used again for the next.
 *
 * TLS 1.2 or later, the server's certificate always verified. `HTTPS_PROXY` and `NO_PROXY` of the environment are honoured,
 * with the client certificate on the inner TLS connection, never shown to the proxy.
 *
 * @param origin scheme, host and port
 * @throws OpenBankingError `client-certificate-unusable`; `proxy-address` where `HTTPS_PROXY` is no address
 */
export function agentFor(identity: TlsIdentity, origin: string, timeouts: Timeouts): Dispatcher {
  const name = [identity.fingerprint, origin, timeouts.connect].join(' ');
  return agents.obtain(name, () => createAgent(identity, timeouts));
}

/** Closes every connection at once; requests under way fail. */
export async function destroyAgents(): Promise<void> {
  await Promise.all(agents.takeAll().map((agent) => agent.destroy()));
}

function createAgent(identity: TlsIdentity, { connect: timeout }: Timeouts): Dispatcher {
  const { Agent, EnvHttpProxyAgent, Pool, buildConnector } = loadUndici();
  const tls = {
    // Parsing the key costs a third of a millisecond: once an Agent, not once a connection.
    secureContext: secureContextOf(identity),
    timeout,
    // Said aloud, because NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment of n8n changes what silence means.
    rejectUnauthorized: true,
  };
  const connect = watched(buildConnector({ ...tls, allowH2: false }), timeout, false);
  // Servers may ask for ten minutes: a thousand agents would hold their connections open for that long.
  const keepAliveMaxTimeout = 60_000;
  const options = { connect, allowH2: false, pipelining: 1, keepAliveMaxTimeout };
  const proxy = proxyAddress();
  if (!proxy) return new Agent(options);
  return new EnvHttpProxyAgent({
    ...options,
    httpsProxy: proxy,
    // Unused, every origin is https; without it a faulty HTTP_PROXY would be in the way.
    httpProxy: proxy,
    requestTls: tls,
    proxyTls: { timeout, rejectUnauthorized: true },
    clientFactory: (address, given) => new Pool(address, { ...given, headersTimeout: timeout }),
    factory: (address, given) => {
      const own = (given as { connect: buildConnector.connector }).connect;
      return new Pool(address, {
        ...given,
        connect: own === connect ? connect : watched(own, timeout, true),
      });
    },
  });
}

function secureContextOf(identity: TlsIdentity): SecureContext {
  try {
    return createSecureContext({
      cert: identity.certificate,
      key: identity.privateKey,
      passphrase: identity.passphrase,
      ca: identity.certificateAuthorities,
      minVersion: 'TLSv1.2',
    });
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new OpenBankingError('client-certificate-unusable', {
      message: `The transport certificate and key cannot be used for TLS (${code})`,
      outcome: 'not-sent',
    });
  }
}

/** As curl reads it: the lower-case name first, a scheme may be missing. */
function proxyAddress(): string | undefined {
  const given = process.env.https_proxy ?? process.env.HTTPS_PROXY;
  if (!given) return undefined;
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(given) ? given : `http://${given}`;
  if (!URL.canParse(address)) {
    throw new OpenBankingError('proxy-address', {
      message: 'HTTPS_PROXY in the environment of n8n is not an address',
      outcome: 'not-sent',
    });
  }
  return address;
}
