import { accountApiOf, financialIdOf, requiredAccountApi } from '../../core/profile/accountApi';
import { apiHostsOf } from '../../core/profile/apiHosts';
import { createProfile } from '../../core/profile/profile';
import type { BankSettings } from '../../core/profile/settings';
import { customCredential } from '../support/bank/credential';
import { failureOf } from '../support/failure';
import { profileWith } from '../support/keys/keyCredential';

const BASE = 'https://api.bank.example/open-banking/v3.1/aisp';
const urlOf = (accountApiUrl: string, changes: BankSettings = {}) =>
  accountApiOf({ bank: 'custom', accountApiUrl, ...changes })?.url;

describe('the account API of WSO2', () => {
  it('is at the usual path of the gateway, at its default port or the given one', () => {
    const at = (gatewayHost: string) => accountApiOf({ gatewayHost });
    expect(at(' api.bank.example ')).toEqual({
      url: 'https://api.bank.example:8243/open-banking/v3.1/aisp',
      source: '"API Gateway Host" in the credential',
    });
    expect(at('https://api.bank.example:443/')!.url).toBe(
      'https://api.bank.example:443/open-banking/v3.1/aisp',
    );
    expect(at('api.bank.example/token')!.url).toBe(
      'https://api.bank.example:8243/open-banking/v3.1/aisp',
    );
  });

  it('is at "Account API URL" if that is given, also without a gateway', () => {
    const given = { accountApiUrl: 'https://rs.bank.example/open-banking/v4.0/aisp' };
    const expected = {
      url: 'https://rs.bank.example/open-banking/v4.0/aisp',
      source: '"Account API URL" in the credential',
    };
    expect(accountApiOf({ gatewayHost: 'api.bank.example', ...given })).toEqual(expected);
    expect(accountApiOf(given)).toEqual(expected);
  });

  it('is unknown without both', () => {
    expect(accountApiOf({ host: 'is.bank.example' })).toBeUndefined();
  });
});

it('is unknown for other banks if "Account API URL" is empty, whatever the gateway of another choice is', () => {
  for (const bank of ['discovery', 'custom'] as const) {
    const accountApiUrl = '  ';
    expect(accountApiOf({ bank, accountApiUrl, gatewayHost: 'left.over.example' })).toBeUndefined();
  }
});

it.each([
  ['as it is', BASE],
  ['with a slash at its end', `${BASE}/`],
  ['with two slashes at its end', `${BASE}//`],
  ['with white space around it', `\t ${BASE} \r\n`],
  ['without "https://"', BASE.slice('https://'.length)],
  ['in capitals', BASE.replace('https://api.bank.example', 'HTTPS://API.Bank.Example')],
  ['with "/accounts"', `${BASE}/accounts`],
  ['with "/Accounts/"', `${BASE}/Accounts/`],
  ['with "/transactions"', `${BASE}/transactions`],
  ['with the address of consents', `${BASE}/account-access-consents`],
  ['with the address of an account', `${BASE}/accounts/{AccountId}`],
  ['with the address of transactions', `${BASE}/accounts/{AccountId}/transactions`],
  ['with the address of balances', `${BASE}/accounts/:accountId/balances/`],
])('is read %s', (_, given) => {
  expect(urlOf(given)).toBe(BASE);
});

it('keeps a port, a path that only resembles a resource, and a host without a path', () => {
  expect(urlOf('https://rs.bank.example:8443/x/')).toBe('https://rs.bank.example:8443/x');
  expect(urlOf('https://api.bank.example/accounts/v3.1/aisp')).toBe(
    'https://api.bank.example/accounts/v3.1/aisp',
  );
  expect(urlOf('https://api.bank.example/my-accounts')).toBe(
    'https://api.bank.example/my-accounts',
  );
  expect(urlOf('https://api.bank.example/')).toBe('https://api.bank.example');
  // For a bank whose base address ends in "/accounts": one of two is cut off.
  expect(urlOf(`${BASE}/accounts/accounts`)).toBe(`${BASE}/accounts`);
  expect(urlOf('https://bücher.example/aisp')).toBe('https://xn--bcher-kva.example/aisp');
});

it.each([
  ['http://api.bank.example/aisp', 'begins with "http://"'],
  ['ftp://api.bank.example/aisp', 'does not begin with "https://"'],
  [`${BASE}/accounts?page=1`, 'contains "?"'],
  [`${BASE}?`, 'contains "?"'],
  [`${BASE}#top`, 'contains "#"'],
  ['https://me:word@api.bank.example/aisp', 'contains a user name or password'],
  ['me@api.bank.example/aisp', 'contains a user name or password'],
  ['https://api.bank.example/open banking', 'contains white space'],
  ['https:\\\\api.bank.example', 'contains white space or a backslash'],
  ['{{ $json.url }}', 'contains white space'],
  ['https://', 'is not a host name or URL'],
  ['https://{host}/open-banking', 'contains "{host}", which stands for a value to fill in'],
  ['https://api.bank.example/{version}/aisp', 'contains "{version}"'],
  ['https://<gateway>/open-banking/v3.1/aisp', 'is not a host name or URL'],
  ['https://is.bank.example:9446/oauth2/token', 'holds the address of the token endpoint'],
  ['https://api.bank.example:8243/token/', 'holds the address of the token endpoint'],
  ['https://as.bank.example/as/token.oauth2', 'holds the address of the token endpoint'],
  ['https://is.bank.example/oauth2/token/accounts', 'holds the address of the token endpoint'],
  ['https://is.bank.example/oauth2/token/.', 'holds the address of the token endpoint'],
  ['https://is.bank.example/oauth2/x/../token', 'holds the address of the token endpoint'],
  ['https://is.bank.example/oauth2/%74oken', 'holds the address of the token endpoint'],
  ['https://is.bank.example/oauth2//token;x', 'holds the address of the token endpoint'],
  ['https://is.bank.example/revoke/accounts', 'holds the address of the revocation endpoint'],
  ['https://is.bank.example/oauth2/authorize', 'holds the address of the authorization endpoint'],
  ['https://is.bank.example/oauth2/jwks', 'holds the address of the JWKS URL'],
  [
    'https://auth.bank.example/.well-known/openid-configuration',
    "holds the address of the metadata of the bank's authorization server",
  ],
])('refuses %s', (given, message) => {
  const failure = expect.objectContaining({
    code: 'url-malformed',
    message: expect.stringContaining(`"Account API URL" ${message}`) as string,
    outcome: 'not-sent',
  }) as Error;
  for (const bank of ['wso2', 'discovery', 'custom'] as const) {
    expect(() => urlOf(given, { bank })).toThrow(failure);
  }
});

it('never repeats a password in the address', async () => {
  const failure = await failureOf(
    profileWith({ accountApiUrl: 'https://me:pass-word-1@api.bank.example/aisp' }),
  );
  expect(failure.text).not.toContain('pass-word-1');
});

it('names the field of the credential whose address was pasted', () => {
  const address = 'https://bank.example/oidc/t';
  const pasted = (changes: BankSettings) => () => urlOf(`${address}/`, changes);
  expect(pasted({ tokenEndpoint: address })).toThrow('of the token endpoint');
  expect(pasted({ introspectionEndpoint: `${address}/` })).toThrow('the introspection endpoint');
  // A field of another choice, which the form hides.
  expect(urlOf(address, { bank: 'discovery', tokenEndpoint: address })).toBe(address);
});

it('is a host that tokens may be sent to', () => {
  const hosts = (settings: BankSettings) => apiHostsOf(settings);
  expect(hosts({ bank: 'custom', accountApiUrl: BASE })).toEqual(['api.bank.example:443']);
  expect(hosts({ bank: 'discovery', accountApiUrl: BASE, apiHosts: 'other.example' })).toEqual([
    'api.bank.example:443',
    'other.example',
  ]);
  expect(hosts({ gatewayHost: 'api.example', accountApiUrl: 'rs.example:8443/aisp' })).toEqual([
    'api.example:8243',
    'rs.example:8443',
  ]);
  expect(hosts({ gatewayHost: 'api.example' })).toEqual(['api.example:8243']);
});

describe('requiredAccountApi', () => {
  it('returns the account API of the profile', async () => {
    const profile = await profileWith({ accountApiUrl: `${BASE}/accounts` });
    expect(requiredAccountApi(profile)).toEqual({
      url: BASE,
      source: '"Account API URL" in the credential',
    });
  });

  it.each<[string, BankSettings, string, RegExp]>([
    [
      'WSO2',
      {},
      'API Gateway Host',
      /^Fill in "API Gateway Host" in the credential, for example "api\.bank\.example:8243"\. .*"Use Custom Settings"/,
    ],
    [
      'discovery',
      { bank: 'discovery', issuer: 'https://bank.example' },
      'Account API URL',
      /^Fill in "Account API URL" .* for example "https:\/\/api\.bank\.example\/open-banking\/v4\.0\/aisp"\. The bank's metadata names no account API\.$/,
    ],
    [
      'custom endpoints',
      { bank: 'custom', issuer: 'https://bank.example', tokenEndpoint: 'https://bank.example/t' },
      'Account API URL',
      /^Fill in "Account API URL" .* The other endpoints do not say where it is\.$/,
    ],
  ])('says what to fill in for %s', async (_, changes, field, advice) => {
    const profile = await profileWith(changes);
    const failure = await failureOf(Promise.resolve().then(() => requiredAccountApi(profile)));
    expect(failure).toMatchObject({
      code: 'field-missing',
      stage: 'configuration',
      message: `"${field}" is empty`,
      description: expect.stringMatching(advice) as string,
    });
  });
});

describe('the financial ID', () => {
  it('is the text without white space around it', () => {
    expect(financialIdOf(' 0015800000aBcDeFAA\n')).toBe('0015800000aBcDeFAA');
    expect(financialIdOf('  ')).toBeUndefined();
    expect(financialIdOf(undefined)).toBeUndefined();
  });

  it.each(['a\nb: c', 'a\u0000', 'bänk', 'x'.repeat(256)])('refuses %j', (given) => {
    expect(() => financialIdOf(given)).toThrow('"Financial ID" has more than 255 characters, or');
  });

  it('is in the profile if it is given, also as a number', async () => {
    const custom = await customCredential('https://bank.example');
    expect(await createProfile(custom)).not.toHaveProperty('financialId');
    const profile = await createProfile({ ...custom, financialId: 42 as never });
    expect(profile.financialId).toBe('42');
  });
});
