// First: it replaces the error that an old Node.js throws for the libraries below.
import '../core/profile/requireNode';
import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';
import { randomUUID } from 'node:crypto';
import { OpenBankingError } from '../core/errors/OpenBankingError';
import { clientOf, type BankClient } from '../core/oauth/client';
import type { BankSettings } from '../core/profile/settings';
import { consentAuthorization } from '../core/tokens/consentAuthorization';
import type { KeepingSettings } from '../core/tokens/settings';
import { AuthenticationError } from './authenticationError';
import { CONSENT_HEADER, requestHeaders } from './requestHeaders';

/** Fields of the credential that only HTTP requests use. */
interface HttpRequestSettings extends BankSettings, KeepingSettings {
  authorizeWith?: 'certificate' | 'application' | 'consent';
  /** The consent whose token is set if the node names none. */
  consent?: string;
  /** The first refresh token of that consent. */
  firstRefreshToken?: string;
}

/**
 * Request options with the client certificate, an `x-fapi-interaction-id`, and in the modes "application token" and "a consent's token"
 * an `Authorization` header. Certificates and headers that the user set stay; {@link CONSENT_HEADER} is read and removed in every mode.
 * Redirects are not followed: n8n would present the certificate and the token to whatever address the answer names.
 *
 * The given options are never changed: n8n keeps a reference to them, and the private key would end up in stored execution data.
 *
 * @throws AuthenticationError of the stage `configuration`, `url-insecure`, `header-malformed` and `consent-missing` among them; in the other modes also those of `BankClient.applicationAuthorization` and of `ConsentTokens.valid`
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

/** In the names of n8n's older and newer request options. */
const NO_REDIRECTS = {
  followRedirect: false,
  followAllRedirects: false,
  disableFollowRedirect: true,
  maxRedirects: 0,
  sendCredentialsOnCrossOriginRedirect: false,
};

async function authenticated(
  credentials: ICredentialDataDecryptedObject,
  options: IHttpRequestOptions,
): Promise<IHttpRequestOptions> {
  // n8n passes the options of its older helper, in which the address has another name.
  const { url, baseURL, uri } = options as IHttpRequestOptions & { uri?: string };
  if (/^http:/i.test(baseURL ?? url ?? uri ?? '')) {
    throw new OpenBankingError('url-insecure', { message: 'The URL begins with "http://"' });
  }
  const settings = credentials as HttpRequestSettings;
  const given = requestHeaders(options.headers);
  if (settings.authorizeWith === 'consent' && given.consent && given.hasAuthorization) {
    throw new OpenBankingError('header-malformed', {
      message: 'The node names a consent and sets a token itself',
      description: `Remove one of the two headers: "${CONSENT_HEADER}" to send the token of the node, "Authorization" to send the token of the consent. Nothing was sent.`,
    });
  }
  const client = await clientOf(settings);

  const headers = { ...given.headers };
  const isSet = (name: string) =>
    Object.keys(headers).some((key) => key.trim().toLowerCase() === name);
  if (!isSet('x-fapi-interaction-id')) headers['x-fapi-interaction-id'] = randomUUID();
  if (!isSet('authorization')) {
    const authorization = await authorizationOf(settings, client, given.consent);
    if (authorization) headers.Authorization = authorization;
    else if (given.hasEmptyAuthorization) {
      throw new OpenBankingError('header-malformed', {
        message: 'The header "Authorization" is empty',
        description:
          "Look at the input of the node: the expression in the header's value yields nothing. Nothing was sent.",
      });
    }
  }

  const { certificate, privateKey, passphrase, certificateAuthorities } = client.profile.identity;
  const { cert, key, pfx } = options.agentOptions ?? {};
  const ownCertificate = cert ?? key ?? pfx;
  return {
    ...options,
    headers,
    ...NO_REDIRECTS,
    agentOptions: {
      ...(certificateAuthorities && { ca: certificateAuthorities }),
      ...(!ownCertificate && { cert: certificate, key: privateKey, passphrase }),
      ...options.agentOptions,
    },
  };
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
