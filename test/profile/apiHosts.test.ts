import { apiHostsOf, includesHost } from '../../core/profile/apiHosts';
import type { BankSettings } from '../../core/profile/settings';

const custom = (apiHosts: string): BankSettings => ({ bank: 'custom', apiHosts });
const allows = (settings: BankSettings, url: string) =>
  includesHost(apiHostsOf(settings), new URL(url));

it('separates hosts by commas, semicolons, spaces and lines, and names each once', () => {
  const text = ' api.bank.example,rs.bank.example:8443;\n[::1]:9443  API.bank.example\r\n, ';
  expect(apiHostsOf(custom(text))).toEqual([
    'api.bank.example',
    'rs.bank.example:8443',
    '[::1]:9443',
  ]);
  expect(apiHostsOf(custom(''))).toEqual([]);
  expect(apiHostsOf({ bank: 'custom' })).toEqual([]);
});

it('takes host and port of a URL', () => {
  const text = 'https://api.bank.example/open-banking/v3.1 HTTPS://rs.bank.example:8443?a#b';
  expect(apiHostsOf(custom(text))).toEqual(['api.bank.example:443', 'rs.bank.example:8443']);
});

it('allows every port of a host without a port, and one port of a host with it', () => {
  const settings = custom('api.bank.example rs.bank.example:8443 exact.bank.example:443');
  expect(allows(settings, 'https://api.bank.example/')).toBe(true);
  expect(allows(settings, 'https://API.bank.example.:9443/')).toBe(true);
  expect(allows(settings, 'https://rs.bank.example:8443/')).toBe(true);
  expect(allows(settings, 'https://rs.bank.example/')).toBe(false);
  expect(allows(settings, 'https://exact.bank.example/')).toBe(true);
  expect(allows(settings, 'https://exact.bank.example:444/')).toBe(false);
  expect(allows(settings, 'https://bank.example/')).toBe(false);
  expect(allows(settings, 'https://evil.api.bank.example/')).toBe(false);
  expect(allows(settings, 'https://api.bank.example.evil.example/')).toBe(false);
});

it('compares names in other scripts as the DNS does', () => {
  expect(allows(custom('bücher.example'), 'https://xn--bcher-kva.example/')).toBe(true);
  expect(allows(custom('xn--bcher-kva.example'), 'https://BÜCHER.example/')).toBe(true);
});

it('allows the API gateway of WSO2, at its default port or the given one', () => {
  expect(apiHostsOf({ gatewayHost: ' api.bank.example ' })).toEqual(['api.bank.example:8243']);
  expect(apiHostsOf({ bank: 'wso2', gatewayHost: 'https://api.bank.example:443/' })).toEqual([
    'api.bank.example:443',
  ]);
  expect(apiHostsOf({ bank: 'discovery', gatewayHost: 'left.over.example' })).toEqual([]);
});

it.each([
  ['http://api.bank.example', 'holds an address that does not begin with "https://"'],
  ['*.bank.example', 'holds "*"'],
  ['api.bank.example:99999', 'holds something that is no host name'],
  ['https://', 'holds something that is no host name'],
  ['user@api.bank.example', 'holds something that is no host name'],
  ['api.bank.example\\evil', 'holds something that is no host name'],
  ['api.bank.example:port', 'holds something that is no host name: "api.bank.example:port"'],
  ['user:word@bank.example', 'holds something that is no host name: "[hidden]@bank.example"'],
  ['https://user:word@bank.example', 'holds something that is no host name: "https://[hidden]@'],
])('refuses %s', (entry, fault) => {
  expect(() => apiHostsOf(custom(`good.bank.example, ${entry}`))).toThrow(`"API Hosts" ${fault}`);
});
