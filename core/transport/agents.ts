import { createSecureContext, type SecureContext } from 'node:tls';
import type { buildConnector as Connectors, Dispatcher, Pool as Pools } from 'undici';
import { OpenBankingError } from '../errors/OpenBankingError';
import { watched } from './connect';
import type { TlsIdentity, Timeouts } from './identity';
import { LeastRecentlyUsed } from '../lib/leastRecentlyUsed';
import { reachingLookup, type Reach } from './reach';
import { Agent, buildConnector, EnvHttpProxyAgent, Pool } from './undici';
import { WiredClient } from './wiredClient';

/** Requests that have an Agent of their own. */
export interface AgentOptions {
  /** Whether every request of the Agent closes its connection (`reset`), so that it has no older connections. */
  readonly areUsedOnce?: boolean;
  /** The addresses that it connects to. */
  readonly reach?: Reach;
}

/** Maximum number of agents at a time. */
export const MAXIMUM_AGENTS = 1000;

/**
 * By identity, origin, timeout, whether connections are used once, and the addresses that may be asked. An Agent that makes room for another one finishes its requests before
 * it closes.
 */
const agents = new LeastRecentlyUsed<Dispatcher>(MAXIMUM_AGENTS, (agent) => {
  // The agent is not used any more, so a failure to close it does not matter.
  agent.close().catch(() => undefined);
});

/**
 * The Agent of an identity and origin. It opens a TLS connection for each request in flight, keeps it alive, and uses it again.
 *
 * It uses TLS 1.2 or later and always verifies the server's certificate. `HTTPS_PROXY` and `NO_PROXY` of the environment are honoured; the
 * client certificate is presented on the inner TLS connection and never to the proxy.
 *
 * @param origin scheme, host and port
 * @throws OpenBankingError `client-certificate-unusable`; `proxy-failed` if `HTTPS_PROXY` is no address
 */
export function agentFor(
  identity: TlsIdentity,
  origin: string,
  timeouts: Timeouts,
  { areUsedOnce = false, reach }: AgentOptions = {},
): Dispatcher {
  const name = [identity.fingerprint, origin, timeouts.connect, areUsedOnce, reach].join(' ');
  return agents.obtain(name, () => createAgent(identity, origin, timeouts, reach));
}

/** Closes every connection at once. Requests in progress fail. */
export async function destroyAgents(): Promise<void> {
  await Promise.all(agents.takeAll().map((agent) => agent.destroy()));
}

function createAgent(
  identity: TlsIdentity,
  origin: string,
  timeouts: Timeouts,
  reach: Reach,
): Dispatcher {
  // undici demands whole numbers.
  const timeout = Math.ceil(timeouts.connect);
  const servername = serverNameOf(origin);
  const tls = {
    // Parsed once for an Agent, not for each connection.
    secureContext: secureContextOf(identity),
    timeout,
    // Explicit, because NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment of n8n changes the default.
    rejectUnauthorized: true,
    ...(servername && { servername }),
  };
  const direct = buildConnector({ ...tls, allowH2: false, lookup: reachingLookup(reach) });
  const connect = watched(
    servername ? (given, done) => direct({ ...given, servername }, done) : direct,
    timeout,
    false,
  );
  // Servers may ask for ten minutes, and a thousand agents would keep their connections open for that long.
  const keepAliveMaxTimeout = 60_000;
  const options = { connect, allowH2: false, pipelining: 1, keepAliveMaxTimeout };
  const proxy = proxyAddress();
  if (!proxy) return new Agent({ ...options, factory: (address, given) => pool(address, given) });
  return new EnvHttpProxyAgent({
    ...options,
    httpsProxy: proxy,
    // Not used, because every origin is https. If it were missing, undici would read HTTP_PROXY and fail if that is no address.
    httpProxy: proxy,
    requestTls: tls,
    proxyTls: { timeout, rejectUnauthorized: true },
    clientFactory: (address, given) => new Pool(address, { ...given, headersTimeout: timeout }),
    factory: (address, given) => {
      const own = (given as PoolOptions).connect;
      return pool(address, given, own === connect ? connect : watched(own, timeout, true));
    },
  });
}

/** The options that an Agent gives to its pools. */
type PoolOptions = Pools.Options & { connect: Connectors.connector };

function pool(
  address: string | URL,
  given: object,
  connect = (given as PoolOptions).connect,
): Dispatcher {
  return new Pool(address, {
    ...given,
    connect,
    factory: (origin, options) => new WiredClient(origin, options as PoolOptions),
  });
}

/** The name for the TLS handshake, if it is not that of the origin: a name there has no dot at its end (RFC 6066 §3). */
function serverNameOf(origin: string): string | undefined {
  const { hostname } = new URL(origin);
  return hostname.endsWith('.') ? hostname.slice(0, -1) : undefined;
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
    const { code: reason = 'unknown' } = error as NodeJS.ErrnoException;
    throw new OpenBankingError('client-certificate-unusable', {
      values: { reason },
      outcome: 'not-sent',
    });
  }
}

/** Reads the address as curl does: the lower-case name comes first, and the scheme may be missing. */
function proxyAddress(): string | undefined {
  const given = process.env.https_proxy ?? process.env.HTTPS_PROXY;
  if (!given) return undefined;
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(given) ? given : `http://${given}`;
  if (!URL.canParse(address)) {
    throw new OpenBankingError('proxy-failed', { problem: 'address', outcome: 'not-sent' });
  }
  return address;
}
