import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';
import type { BankSettings } from '../oauth/settings';

/** Fields of the credential that only HTTP requests use. */
interface HttpRequestSettings extends BankSettings {
  authorizeWith?: 'certificate' | 'application';
}

/**
 * Request options with the client certificate, an `x-fapi-interaction-id`, and in the mode "application token" an `Authorization`
 * header. Certificates and headers that the user set stay.
 *
 * The given options are never changed: n8n keeps a reference to them, and the private key would end up in stored execution data.
 *
 * @throws OpenBankingError of the stage `configuration`, `url-insecure` for a request without TLS among them; in the mode "application token" also those of the token request
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
  if (settings.authorizeWith === 'application' && !isSet('authorization')) {
    const { applicationAuthorization } = await import('../oauth/applicationTokens');
    headers.Authorization = await applicationAuthorization(profile);
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
