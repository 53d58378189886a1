import { createSecureContext, type SecureContext } from 'node:tls';
import type { Dispatcher } from 'undici';
import { OpenBankingError } from '../errors/OpenBankingError';
import { namingAuthority } from './authority';
import { watched } from './connect';
import type { TlsIdentity, Timeouts } from './identity';
import { proxyFor, proxySettings, type ProxySettings } from './proxy';
import { LeastRecentlyUsed } from '../lib/leastRecentlyUsed';
import { reachingLookup, type Reach } from './reach';
import { tunnelled } from './tunnel';
import { Agent, buildConnector, Pool } from './undici';
import { WiredClient, type WiredClientOptions } from './wiredClient';

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
 * By identity, origin, timeout, whether connections are used once, the addresses that may be asked, and the proxy. An Agent that makes room
 * for another one finishes its requests before it closes.
 */
const agents = new LeastRecentlyUsed<Dispatcher>(MAXIMUM_AGENTS, (agent) => {
  // The agent is not used any more, so a failure to close it does not matter.
  agent.close().catch(() => undefined);
});

/**
 * The Agent of an identity and origin. It opens a TLS connection for each request in flight, keeps it alive, and uses it again.
 *
 * It uses TLS 1.2 or later and always verifies the server's certificate. The proxy that the environment names is used; the client
 * certificate is presented on the inner TLS connection and never to the proxy.
 *
 * @param origin scheme, host and port
 * @throws OpenBankingError `client-certificate-unusable`; `proxy-failed` if the address of the proxy cannot be used
 */
export function agentFor(
  identity: TlsIdentity,
  origin: string,
  timeouts: Timeouts,
  { areUsedOnce = false, reach }: AgentOptions = {},
): Dispatcher {
  const settings = proxySettings();
  const name = [
    ...[identity.fingerprint, origin, timeouts.connect, areUsedOnce, reach],
    ...[settings.address, settings.exceptions],
  ].join(' ');
  return agents.obtain(name, () => createAgent(identity, origin, timeouts, { settings, reach }));
}

/** Closes every connection at once. Requests in progress fail. */
export async function destroyAgents(): Promise<void> {
  await Promise.all(agents.takeAll().map((agent) => agent.destroy()));
}

function createAgent(
  identity: TlsIdentity,
  origin: string,
  timeouts: Timeouts,
  { settings, reach }: { settings: ProxySettings; reach: Reach },
): Dispatcher {
  const proxy = proxyFor(origin, settings);
  // undici demands whole numbers.
  const timeout = Math.ceil(timeouts.connect);
  const servername = serverNameOf(origin);
  const direct = buildConnector({
    // Parsed once for an Agent, not for each connection.
    secureContext: secureContextOf(identity),
    timeout,
    // Explicit, because NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment of n8n changes the default.
    rejectUnauthorized: true,
    allowH2: false,
    // A proxy resolves names itself.
    ...(!proxy && { lookup: reachingLookup(reach) }),
  });
  const secure = namingAuthority(
    (given, done) => direct(servername ? { ...given, servername } : given, done),
    identity,
  );
  return new Agent({
    connect: watched(proxy ? tunnelled(secure, proxy) : secure, timeout),
    pipelining: 1,
    // Servers may ask for ten minutes, and a thousand agents would keep their connections open for that long.
    keepAliveMaxTimeout: 60_000,
    factory: (address, given) =>
      new Pool(address, {
        ...given,
        factory: (at, options) => new WiredClient(at, options as WiredClientOptions),
      }),
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
