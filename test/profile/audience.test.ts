import { audienceOf } from '../../core/profile/audience';
import type { BankSettings } from '../../core/profile/settings';
import { endpointAt } from '../support/bank/endpoint';

const endpoints = {
  issuer: 'https://bank.example',
  token: endpointAt('https://bank.example/token'),
  refresh: endpointAt('https://api.bank.example/token'),
};

it.each<[BankSettings, string]>([
  [{}, endpoints.token.url],
  [{ bank: 'wso2', audience: 'automatic' }, endpoints.token.url],
  [{ bank: 'discovery' }, endpoints.issuer],
  [{ bank: 'custom' }, endpoints.issuer],
  [{ bank: 'wso2', regime: 'fapi2' }, endpoints.issuer],
  [{ bank: 'wso2', regime: 'uk' }, endpoints.token.url],
  [{ bank: 'wso2', regime: 'fapi2', audience: 'tokenEndpoint' }, endpoints.token.url],
  [{ bank: 'custom', regime: 'brazil' }, endpoints.issuer],
  [{ audience: 'issuer' }, endpoints.issuer],
  [{ bank: 'custom', audience: 'tokenEndpoint' }, endpoints.token.url],
  [{ audience: 'endpoint' }, endpoints.refresh.url],
  [{ audience: 'custom', audienceValue: ' https://aud.example ' }, 'https://aud.example'],
])(
  'chooses for %j the audience %s if tokens are refreshed at the gateway',
  (settings, expected) => {
    expect(audienceOf(settings)(endpoints, endpoints.refresh.url)).toBe(expected);
  },
);

it.each<[BankSettings, string]>([
  [{ audience: 'custom' }, 'field-missing'],
  [{ audience: 'nobody' as never }, 'field-malformed'],
  // The address would be one that the bank's metadata names.
  [{ bank: 'discovery', audience: 'tokenEndpoint' }, 'field-malformed'],
  [{ bank: 'discovery', audience: 'endpoint' }, 'field-malformed'],
])('rejects %j with %s', (settings, code) => {
  expect(() => audienceOf(settings)).toThrow(expect.objectContaining({ code }));
});
