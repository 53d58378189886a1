import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';
import { randomUUID } from 'node:crypto';
import { OpenBankingError } from '../core/errors/OpenBankingError';
import { clientOf, type BankClient } from '../core/oauth/client';
import type { ExtraHeaders } from '../core/profile/extraHeaders';
import type { BankSettings } from '../core/profile/settings';
import { consentAuthorization } from '../core/tokens/consentAuthorization';
import type { ConsentSettings } from '../core/tokens/settings';
import { AuthenticationError } from './authenticationError';
import { assertHostOfBank, requestAddress, type AddressOptions } from './requestAddress';
import { CONSENT_HEADER, requestHeaders } from './requestHeaders';
import { tlsOptions } from './tlsOptions';

/** Fields of the credential that only HTTP requests use. */
interface HttpRequestSettings extends BankSettings, ConsentSettings {
  authorizeWith?: 'certificate' | 'application' | 'consent';
}

/**
 * Adds the client certificate and an `x-fapi-interaction-id` to the options of a request. The modes "application token" and "a consent's
 * token" also add an `Authorization` header and the financial ID of the credential, and refuse hosts that are not the bank's. The host of the
 * account API also gets the headers of the credential for it. A certificate and headers that the user set stay.
 * {@link CONSENT_HEADER} is read and removed in every mode.
 *
 * In every mode the address is an https address, the server is verified with the authorities of the credential, and redirects are not
 * followed: n8n would send the certificate and the token to any address that the answer names.
 *
 * Returns a new object and never changes the given one: n8n stores the given options with the execution, and the private key must not be
 * in them.
 *
 * @throws AuthenticationError of the stage `configuration`, for example `url-malformed`, `option-refused`, `header-malformed` or
 *   `input-missing`; in the modes with a token also `host-not-allowed`, the errors of `BankClient.applicationAuthorization`
 *   and of `ConsentTokens.valid`
 */
export async function authenticateRequest(
  credentials: ICredentialDataDecryptedObject,
  options: IHttpRequestOptions,
): Promise<IHttpRequestOptions> {
  try {
    return await authenticated(credentials, options);
  } catch (error) {
    throw error instanceof OpenBankingError ? new AuthenticationError(error) : error;
  }
}

/** Switches redirects off, by the names in n8n's older and newer request options. */
const NO_REDIRECTS = {
  followRedirect: false,
  followAllRedirects: false,
  disableFollowRedirect: true,
  maxRedirects: 0,
  sendCredentialsOnCrossOriginRedirect: false,
};

async function authenticated(
  credentials: ICredentialDataDecryptedObject,
  options: IHttpRequestOptions & AddressOptions,
): Promise<IHttpRequestOptions> {
  const address = requestAddress(options);
  const settings = credentials as HttpRequestSettings;
  const given = requestHeaders(options.headers);
  if (settings.authorizeWith === 'consent' && given.consent && given.hasAuthorization) {
    throw new OpenBankingError('header-malformed', {
      problem: 'consentAndToken',
      description: `Remove one of the two headers: "${CONSENT_HEADER}" to send the token of the node, "Authorization" to send the token of the consent. Nothing was sent.`,
    });
  }
  const client = await clientOf(settings);
  const tls = tlsOptions(options, client.profile.identity, address.hostname);
  if (setsToken(settings)) await assertHostOfBank(client, address);

  const headers = { ...given.headers };
  const isSet = (name: string) =>
    Object.keys(headers).some((key) => key.trim().toLowerCase() === name);
  for (const [name, value] of Object.entries(headersOfAccountApi(client, address))) {
    if (!isSet(name.toLowerCase())) headers[name] = value;
  }
  if (!isSet('x-fapi-interaction-id')) headers['x-fapi-interaction-id'] = randomUUID();
  const { financialId } = client.profile;
  // Only then the host is certainly one of the bank.
  if (financialId !== undefined && setsToken(settings) && !isSet('x-fapi-financial-id')) {
    headers['x-fapi-financial-id'] = financialId;
  }
  if (!isSet('authorization')) {
    const authorization = await authorizationOf(settings, client, given.consent);
    if (authorization) headers.Authorization = authorization;
    else if (given.hasEmptyAuthorization) {
      throw new OpenBankingError('header-malformed', {
        problem: 'empty',
        values: { header: 'Authorization' },
        description:
          "Look at the input of the node: the expression in the header's value yields nothing. Nothing was sent.",
      });
    }
  }

  return {
    ...options,
    // The sender gets the address that was checked, by both of its names, so that it reads no other one.
    ...{ url: address.href, uri: address.href, baseURL: undefined },
    headers,
    ...NO_REDIRECTS,
    ...tls,
  };
}

/** The headers of the credential for its account API, if the address is on that host and port. Their values are secret. */
function headersOfAccountApi(
  { profile: { accountApi, accountApiHeaders } }: BankClient,
  address: URL,
): ExtraHeaders {
  if (accountApi === undefined || new URL(accountApi.url).host !== address.host) return {};
  return accountApiHeaders;
}

/** Whether the mode sets a token. Then certificate and token are for the bank's own hosts. */
function setsToken({ authorizeWith }: HttpRequestSettings): boolean {
  return authorizeWith === 'application' || authorizeWith === 'consent';
}

/**
 * The `Authorization` header that the mode of the credential sets; `undefined` if the certificate is enough.
 *
 * @param consent the consent that the node names
 */
async function authorizationOf(
  settings: HttpRequestSettings,
  client: BankClient,
  consent: string | undefined,
): Promise<string | undefined> {
  switch (settings.authorizeWith) {
    case 'application':
      return client.applicationAuthorization();
    case 'consent':
      return consentAuthorization(client, settings, consent);
    default:
      return undefined;
  }
}
