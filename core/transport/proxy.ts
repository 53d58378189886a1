import { isIPv6 } from 'node:net';
import { unescape } from 'node:querystring';
import { OpenBankingError } from '../errors/OpenBankingError';
import { wildcardSource } from '../lib/wildcard';
import { isWithin, networks, withoutBrackets } from './addresses';

/** A proxy that opens tunnels (CONNECT, RFC 9110 §9.3.6). */
export interface Proxy {
  readonly scheme: 'http' | 'https';
  readonly hostname: string;
  readonly port: number;
  /** Value of `Proxy-Authorization`, if the address has a user name or a password. */
  readonly authorization?: string;
  /** For messages: host and port in quotes, and the variable that names it. It has no user name and no password. */
  readonly label: string;
}

/** The settings of proxies in the environment. */
export interface ProxySettings {
  /** The variable that names the proxy. */
  readonly variable: string;
  /** May have no scheme, and is `undefined` if no proxy is used. */
  readonly address?: string;
  /** Hosts that need no proxy. */
  readonly exceptions: string;
}

/** Advice for a log-in in an address. */
export const ENCODING_ADVICE =
  'Write the characters @ : / ? # and % in user name and password as %40, %3A, %2F, %3F, %23 and %25.';

const VARIABLES = ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'];

/** Reads the same variables as n8n's own nodes and curl do. An empty variable counts as missing. */
export function proxySettings(): ProxySettings {
  const variable = VARIABLES.find((name) => process.env[name]) ?? '';
  return {
    variable: variable.toUpperCase(),
    address: process.env[variable],
    exceptions: process.env.no_proxy || process.env.NO_PROXY || '',
  };
}

/**
 * The proxy for a host.
 *
 * @param origin scheme, host and port of the server
 * @returns `undefined` if there is none, or if the host is an exception
 * @throws OpenBankingError `proxy-failed` if the address is no address, or has a scheme that is not supported
 */
export function proxyFor(
  origin: string,
  { variable, address, exceptions }: ProxySettings,
): Proxy | undefined {
  const { hostname, port } = new URL(origin);
  if (!address || isException(hostname, port || '443', exceptions)) return undefined;
  const [, given] = /^([a-z][a-z\d+.-]*):\/\//i.exec(address) ?? [];
  const scheme = given?.toLowerCase() ?? 'http';
  if (scheme !== 'http' && scheme !== 'https') {
    throw new OpenBankingError('proxy-failed', {
      problem: 'scheme',
      values: { variable, scheme },
      description:
        'This package uses proxies that open tunnels (CONNECT), with addresses that begin with "http://" or "https://". Name such a proxy, or name the host of the bank in NO_PROXY. Nothing was sent.',
      outcome: 'not-sent',
    });
  }
  const text = given ? address : `http://${address}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // A password with "/", "?" or "#" ends the host too early. The rest would be taken for a path.
  if (!url || (url.pathname + url.search + url.hash).includes('@')) {
    throw new OpenBankingError('proxy-failed', {
      problem: 'address',
      values: { variable },
      description: `Write it as "http://proxy.example:3128", or with a log-in as "http://user:password@proxy.example:3128". ${ENCODING_ADVICE} Nothing was sent.`,
      outcome: 'not-sent',
    });
  }
  const { host, username, password } = url;
  return {
    scheme,
    hostname: withoutBrackets(url.hostname),
    port: Number(url.port || (scheme === 'https' ? 443 : 80)),
    ...((username || password) && { authorization: basic(username, password) }),
    label: `"${host}" (${variable})`,
  };
}

/** Basic authentication (RFC 7617). A percent sign that encodes nothing stands for itself. */
function basic(username: string, password: string): string {
  const pair = `${unescape(username)}:${unescape(password)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

/**
 * Whether a host is in a list of hosts that need no proxy.
 *
 * An entry is a host, which includes its subdomains, a text with `*`, an IP address, or a network such as `10.0.0.0/8`. It may end with a
 * port. Entries are separated by commas or spaces.
 */
function isException(hostname: string, port: string, exceptions: string): boolean {
  const host = withoutBrackets(hostname).replace(/\.$/, '');
  return exceptions
    .toLowerCase()
    .split(/[,\s]+/)
    .filter(Boolean)
    .some((entry) => {
      // An IPv6 address has colons of its own.
      const [, name = entry, only] = isIPv6(entry) ? [] : (/^(.+?):(\d+)$/.exec(entry) ?? []);
      return (only ?? port) === port && isNamedBy(withoutBrackets(name), host);
    });
}

function isNamedBy(entry: string, host: string): boolean {
  if (/^[\da-f.:]+\/\d{1,3}$/.test(entry)) return isWithin(host, networks([entry]));
  const name = entry.replace(/^\*?\./, '').replace(/\.$/, '');
  if (host === name || host.endsWith(`.${name}`)) return true;
  return entry.includes('*') && new RegExp(`^${wildcardSource(entry)}$`).test(host);
}
