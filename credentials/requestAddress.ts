import type { IHttpRequestOptions } from 'n8n-workflow';
import { OpenBankingError } from '../core/errors/OpenBankingError';
import { displayText } from '../core/lib/displayText';
import type { BankClient } from '../core/oauth/client';
import { hostAndPort, includesHost } from '../core/profile/apiHosts';
import { isInternalHost } from '../core/transport/reach';

/** The options that name the address of a request. n8n's older helper calls it `uri`. */
export type AddressOptions = Partial<Pick<IHttpRequestOptions, 'url' | 'baseURL'>> & {
  uri?: string;
};

/**
 * The address of a request, as its sender reads it: relative addresses are appended to `baseURL`, then the class URL parses the text, which
 * drops white space at its ends and tabs and line breaks inside.
 *
 * @throws OpenBankingError `url-malformed` if it is no https address, or contains a user name, which n8n sends in place of a token
 */
export function requestAddress({ url, uri, baseURL }: AddressOptions): URL {
  let address: URL;
  try {
    address = new URL(joined(baseURL ?? '', url ?? uri ?? ''));
  } catch {
    throw malformed({ problem: 'unreadableRequest' });
  }
  const { protocol, username, password } = address;
  if (protocol !== 'https:') {
    throw malformed({ problem: 'request', values: { scheme: displayText(protocol, []) } });
  }
  if (username || password) throw malformed({ problem: 'userInRequest' });
  return address;
}

/** Joins two parts of an address as axios does, which n8n sends requests with. */
function joined(base: string, address: string): string {
  if (base === '' || /^([a-z][a-z\d+.-]*:)?\/\//i.test(address)) return address;
  return address === '' ? base : `${base.replace(/\/?\/$/, '')}/${address.replace(/^\/+/, '')}`;
}

function malformed(
  details:
    | { problem: 'unreadableRequest' | 'userInRequest' }
    | { problem: 'request'; values: { scheme: string } },
): OpenBankingError {
  return new OpenBankingError('url-malformed', {
    ...details,
    description:
      'Nothing was sent to this address. Look at the URL of the node, and at what its expression yields: a complete address that begins with "https://". With pagination, the next address comes from the answer of the API.',
  });
}

/**
 * Refuses a host that is not the bank's. It allows the hosts of "API Hosts", "Account API URL" and "API Gateway Host", and those of the
 * endpoints that get tokens or the client certificate. With discovery the bank's metadata has them.
 *
 * @throws OpenBankingError `host-not-allowed`; with discovery also the errors of `BankClient.endpoints`
 */
export async function assertHostOfBank(client: BankClient, address: URL): Promise<void> {
  const { apiHosts } = client.profile;
  if (includesHost(apiHosts, address)) return;
  const { token, refresh, pushedAuthorizationRequest, revocation, introspection } =
    await client.endpoints();
  const endpoints = [token, refresh, pushedAuthorizationRequest, revocation, introspection]
    .flatMap((endpoint) => (endpoint ? [{ ...endpoint, address: new URL(endpoint.url) }] : []))
    // Metadata from the Internet does not choose hosts in the network of n8n.
    .filter(({ reach, address: { hostname } }) => reach !== 'public' || !isInternalHost(hostname))
    .map((endpoint) => hostAndPort(endpoint.address));
  const hosts = [...new Set([...endpoints, ...apiHosts])];
  if (includesHost(hosts, address)) return;
  throw new OpenBankingError('host-not-allowed', {
    values: {
      host: displayText(hostAndPort(address), []),
      hosts: displayText(hosts.join(', '), []),
    },
  });
}
