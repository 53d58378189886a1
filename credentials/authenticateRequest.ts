import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';
import type { Profile } from '../oauth/profile';
import type { BankSettings } from '../oauth/settings';
import type { KeepingSettings } from '../tokens/settings';

/** Fields of the credential that only HTTP requests use. */
interface HttpRequestSettings extends BankSettings, KeepingSettings {
  authorizeWith?: 'certificate' | 'application' | 'consent';
  /** The consent whose token is set. */
  consent?: string;
  /** Begins what is kept for the consent. */
  firstRefreshToken?: string;
}

/**
 * Request options with the client certificate, an `x-fapi-interaction-id`, and in the modes "application token" and "a consent's token"
 * an `Authorization` header. Certificates and headers that the user set stay.
 *
 * The given options are never changed: n8n keeps a reference to them, and the private key would end up in stored execution data.
 *
 * @throws OpenBankingError of the stage `configuration`, `url-insecure` for a request without TLS among them; in the other modes also those of `applicationAuthorization` and of `ConsentTokens.valid`
 */
export async function authenticateRequest(
  credentials: ICredentialDataDecryptedObject,
  options: IHttpRequestOptions,
): Promise<IHttpRequestOptions> {
  const { randomUUID } = await import('node:crypto');
  const { profileOf } = await import('../oauth/profile');
  const { OpenBankingError } = await import('../errors/OpenBankingError');
  // n8n hands over the options of its older helper, which names the address otherwise.
  const { url, baseURL, uri } = options as IHttpRequestOptions & { uri?: string };
  if (/^http:/i.test(baseURL ?? url ?? uri ?? '')) {
    throw new OpenBankingError('url-insecure', { message: 'The URL begins with "http://"' });
  }
  const settings = credentials as HttpRequestSettings;
  const profile = await profileOf(settings);

  const headers = { ...options.headers };
  const isSet = (name: string) => Object.keys(headers).some((key) => key.toLowerCase() === name);
  if (!isSet('x-fapi-interaction-id')) headers['x-fapi-interaction-id'] = randomUUID();
  if (!isSet('authorization')) {
    const authorization = await authorizationOf(settings, profile);
    if (authorization) headers.Authorization = authorization;
  }

  const { certificate, privateKey, passphrase, certificateAuthorities } = profile.identity;
  const { cert, key, pfx } = options.agentOptions ?? {};
  const ownCertificate = cert ?? key ?? pfx;
  return {
    ...options,
    headers,
    agentOptions: {
      ...(certificateAuthorities && { ca: certificateAuthorities }),
      ...(!ownCertificate && { cert: certificate, key: privateKey, passphrase }),
      ...options.agentOptions,
    },
  };
}

/** The header that the mode of the credential sets; nothing where the certificate is enough. */
async function authorizationOf(
  settings: HttpRequestSettings,
  profile: Profile,
): Promise<string | undefined> {
  switch (settings.authorizeWith) {
    case 'application': {
      const { applicationAuthorization } = await import('../oauth/applicationTokens');
      return applicationAuthorization(profile);
    }
    case 'consent': {
      const { consentAuthorization } = await import('../tokens/consentAuthorization');
      return consentAuthorization(profile, settings);
    }
    default:
      return undefined;
  }
}
