import { OpenBankingError } from '../errors/OpenBankingError';
import { displayText } from '../lib/displayText';
import { isVschar } from '../lib/vschar';
import type { Endpoint } from './endpoints';
import { fieldLabels } from './fieldLabels';
import type { Profile } from './profile';
import type { BankSettings } from './settings';
import { endpointOnHost, httpsUrl } from './url';

/** Where WSO2 Open Banking has the account API, below the address of its API gateway. */
const WSO2_PATH = '/open-banking/v3.1/aisp';

/** Resources right below the base address. Documents of banks show the address of one of them more often than the base address. */
const RESOURCE = /\/(accounts|balances|transactions|account-access-consents)$/i;

/** An address of one account, with the name of its ID in braces, as documents of banks write it. */
const ONE_ACCOUNT = /\/accounts\/(\{[^/]*\}|<[^/]*>|:[A-Za-z]+)(\/[^/]*)?$/i;

/** The last parts of addresses of an authorization server, and their names in messages. */
const OTHER_ENDPOINTS: readonly (readonly [RegExp, string])[] = [
  [/\/token(\.oauth2)?$/i, 'token endpoint'],
  [/\/\.well-known\/[^/]+$/i, "metadata of the bank's authorization server"],
  [/\/authori[sz](e|ation)(\.oauth2)?$/i, 'authorization endpoint'],
  [/\/(jwks|jwks\.json|jwks_uri|[^/]+\.jwks)$/i, 'JWKS URL'],
  [/\/revoke$/i, 'revocation endpoint'],
  [/\/introspect$/i, 'introspection endpoint'],
];

/** Fields with other addresses of the bank, which people confuse with that of the account API. */
const OTHER_FIELDS = [
  ['tokenEndpoint', 'token endpoint'],
  ['refreshEndpoint', 'refresh endpoint'],
  ['authorizationEndpoint', 'authorization endpoint'],
  ['pushedAuthorizationRequestEndpoint', 'pushed authorization request endpoint'],
  ['jwksUri', 'JWKS URL'],
  ['revocationEndpoint', 'revocation endpoint'],
  ['introspectionEndpoint', 'introspection endpoint'],
] as const;

/**
 * The base address of the account API, without a slash at its end: "Account API URL", or for WSO2 the usual path at "API Gateway Host".
 * The field may lack "https://", and may hold the address of a resource such as `…/accounts`, which is cut off.
 *
 * @returns `undefined` if the credential names none
 * @throws OpenBankingError `url-malformed`
 */
export function accountApiOf(settings: BankSettings): Endpoint | undefined {
  const { bank, gatewayHost, accountApiUrl } = settings;
  if (accountApiUrl?.trim()) {
    return { url: baseAddress(accountApiUrl.trim(), settings), source: SOURCE };
  }
  if ((bank || 'wso2') !== 'wso2' || !gatewayHost?.trim()) return undefined;
  const gateway = endpointOnHost(gatewayHost, fieldLabels.gatewayHost, 8243, '/token');
  return {
    url: gateway.slice(0, -'/token'.length) + WSO2_PATH,
    source: `"${fieldLabels.gatewayHost}" in the credential`,
  };
}

/**
 * The base address of the account API, for operations that need it.
 *
 * @throws OpenBankingError `field-missing`
 */
export function requiredAccountApi({ accountApi, bank }: Profile): Endpoint {
  if (accountApi) return accountApi;
  const isWso2 = 'endpoints' in bank && bank.endpoints.token.server === 'identityServer';
  throw new OpenBankingError('field-missing', {
    problem: 'empty',
    values: { field: isWso2 ? fieldLabels.gatewayHost : LABEL },
    description: isWso2
      ? `Fill in "API Gateway Host" in the credential, for example "api.bank.example:8243". The account API is then at https://api.bank.example:8243${WSO2_PATH}. If your bank has it at another address, switch "Use Custom Settings" on and fill in "Account API URL".`
      : `Fill in "Account API URL" in the credential: the base address of the bank's account API, without "/accounts", for example "https://api.bank.example/open-banking/v4.0/aisp". ${'discover' in bank ? "The bank's metadata names no account API." : 'The other endpoints do not say where it is.'}`,
  });
}

/**
 * Asserts that the regime's account API is that of Open Banking UK, which this package reads.
 *
 * @throws OpenBankingError `field-malformed`
 */
export function assertReadable({ rules }: Profile): void {
  if (rules.accountData === 'obie') return;
  throw new OpenBankingError('field-malformed', {
    problem: 'otherAccountApi',
    values: { regime: rules.name },
    description:
      'Read the data with an HTTP Request node: set "Authentication" to "Predefined Credential Type", choose "Open Banking API", and set "Authorize HTTP Requests With" in the credential to "A Consent\'s Token". docs/regimes.md shows the addresses. If the bank has an API of Open Banking UK after all, set "Regime" in the credential to "Automatic". Nothing was sent.',
  });
}

/**
 * The value of the header `x-fapi-financial-id`.
 *
 * @param given text of a field; `undefined` or empty if there is none
 * @throws OpenBankingError `field-malformed`
 */
export function financialIdOf(given: string | undefined): string | undefined {
  const value = given?.trim();
  if (!value) return undefined;
  if (!isVschar(value) || value.length > 255) {
    throw new OpenBankingError('field-malformed', { problem: 'financialId' });
  }
  return value;
}

const LABEL = fieldLabels.accountApiUrl;

const SOURCE = `"${LABEL}" in the credential`;

function baseAddress(given: string, settings: BankSettings): string {
  const withScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(given) ? given : `https://${given}`;
  const text = httpsUrl(withScheme, LABEL).replace(/\/+$/, '');
  if (text.includes('?')) {
    throw new OpenBankingError('url-malformed', {
      problem: 'query',
      values: { field: LABEL },
      description: 'Give the base address without "?" and all that follows it.',
    });
  }
  assertNotOther(text, settings);
  const base = text.replace(ONE_ACCOUNT, '').replace(RESOURCE, '').replace(/\/+$/, '');
  const [placeholder] = /[{<][^/]*/.exec(base) ?? [];
  if (placeholder !== undefined) {
    throw new OpenBankingError('url-malformed', {
      problem: 'placeholder',
      values: { field: LABEL, placeholder: displayText(placeholder, []) },
      description: 'Put the value that the bank documents in its place.',
    });
  }
  // The name in lower case, IDN as in the DNS. It also ends the address of a bare host without a slash.
  const address = new URL(base).href.replace(/\/+$/, '');
  // The text behind the cut may be another address, too.
  assertNotOther(address, settings);
  return address;
}

/** Refuses an address that certainly is another one of the bank. */
function assertNotOther(text: string, settings: BankSettings): void {
  const { origin, pathname } = new URL(text);
  const path = plainPath(pathname);
  const isOfField = (name: (typeof OTHER_FIELDS)[number][0]) => {
    const other = settings.bank === 'custom' ? settings[name]?.trim() : undefined;
    if (!other || !URL.canParse(other)) return false;
    const { origin: otherOrigin, pathname: otherPath } = new URL(other);
    return otherOrigin === origin && plainPath(otherPath) === path;
  };
  const [, endpoint] =
    OTHER_FIELDS.find(([name]) => isOfField(name)) ??
    OTHER_ENDPOINTS.find(([pattern]) => pattern.test(path)) ??
    [];
  if (endpoint === undefined) return;
  throw new OpenBankingError('url-malformed', {
    problem: 'otherEndpoint',
    values: { field: LABEL, endpoint },
    description:
      'Fill in the base address of the account API, below which the bank has "/accounts", for example "https://api.bank.example/open-banking/v3.1/aisp".',
  });
}

/** A path as servers read it: decoded, and without parameters of its parts (RFC 3986 §3.3), doubled slashes and slashes at its end. */
function plainPath(pathname: string): string {
  return decoded(pathname)
    .replace(/;[^/]*/g, '')
    .replace(/\/{2,}/g, '/')
    .replace(/\/$/, '');
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
