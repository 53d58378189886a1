import { OpenBankingError } from '../errors/OpenBankingError';
import { displayText } from '../lib/displayText';
import { accountApiOf } from './accountApi';
import { fieldLabels } from './fieldLabels';
import type { BankSettings } from './settings';
import { endpointOnHost } from './url';

/**
 * The hosts that the credential names for APIs: "API Hosts", the host of "Account API URL", and for WSO2 "API Gateway Host".
 *
 * @returns `host:port` for this port, `host` for every port of the host; in lower case, IDN as in the DNS (Punycode)
 * @throws OpenBankingError `field-malformed`, `url-malformed`
 */
export function apiHostsOf(settings: BankSettings): string[] {
  const hosts = String(settings.apiHosts ?? '')
    .split(/[\s,;]+/)
    .filter(Boolean);
  return [...new Set([...gatewayOf(settings), ...accountApiHost(settings), ...hosts.map(apiHost)])];
}

/** Host and port of an address, as in {@link apiHostsOf}. A dot at the end of a name is not part of it. */
export function hostAndPort({ hostname, port }: URL): string {
  return `${withoutDot(hostname)}:${port || 443}`;
}

/** Whether one of the hosts is that of an address. */
export function includesHost(hosts: readonly string[], url: URL): boolean {
  return hosts.includes(hostAndPort(url)) || hosts.includes(withoutDot(url.hostname));
}

function gatewayOf({ bank, gatewayHost }: BankSettings): string[] {
  if ((bank || 'wso2') !== 'wso2' || !gatewayHost?.trim()) return [];
  return [
    hostAndPort(new URL(endpointOnHost(gatewayHost, fieldLabels.gatewayHost, 8243, '/token'))),
  ];
}

function accountApiHost(settings: BankSettings): string[] {
  const accountApi = accountApiOf(settings);
  return accountApi ? [hostAndPort(new URL(accountApi.url))] : [];
}

/** One entry of the list. A URL counts as its host and port. */
function apiHost(entry: string): string {
  const [scheme = ''] = /^[a-z][a-z\d+.-]*:\/\//i.exec(entry) ?? [];
  if (scheme && scheme.toLowerCase() !== 'https://') throw malformed('https', entry);
  if (entry.includes('*')) throw malformed('wildcard', entry);
  const [authority = ''] = entry.slice(scheme.length).split(/[/?#]/);
  let url: URL;
  try {
    url = new URL(`https://${authority}`);
  } catch {
    throw malformed('host', entry);
  }
  if (url.username || url.password || authority.includes('\\')) throw malformed('host', entry);
  // The class URL drops ":443", which a person may have written. A URL without a port means this port.
  const namesPort = scheme !== '' || /:\d+$/.test(authority);
  return namesPort ? hostAndPort(url) : withoutDot(url.hostname);
}

function withoutDot(hostname: string): string {
  return hostname.replace(/\.$/, '');
}

function malformed(problem: 'https' | 'wildcard' | 'host', entry: string): OpenBankingError {
  const shown = displayText(entry.replace(/^([a-z][a-z\d+.-]*:\/\/)?.*@/i, '$1[hidden]@'), []);
  const words = {
    https: 'holds an address that does not begin with "https://"',
    wildcard: 'holds "*"',
    host: 'holds something that is no host name',
  };
  return new OpenBankingError('field-malformed', {
    problem: 'hosts',
    values: { field: fieldLabels.apiHosts, fault: `${words[problem]}: "${shown}"` },
    description: `Name each host, with its port if only this port is meant, separated by commas, spaces or lines: "api.bank.example, rs.bank.example:8443".`,
  });
}
