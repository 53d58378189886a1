import { readFile } from 'node:fs/promises';
import type { BankSettings } from '../../../core/profile/settings';
import {
  certificateAuthority,
  clientCertificate,
  type CertificateOptions,
} from '../keys/certificates';
import type { Sandbox } from './sandbox';

/** The credential as a person fills it in for the sandbox, with tokens refreshed at the gateway. */
export async function sandboxCredential(sandbox: Sandbox): Promise<BankSettings> {
  const { files, identityUrl, gatewayUrl, clientId, redirectUri, scope } = sandbox.ready;
  return {
    bank: 'wso2',
    host: new URL(identityUrl).host,
    gatewayHost: new URL(gatewayUrl).host,
    refreshAt: 'apiGateway',
    clientId,
    transportCertificate: await readFile(files.clientCertificate, 'utf8'),
    transportPrivateKey: await readFile(files.clientKey, 'utf8'),
    certificateAuthorities: await readFile(files.certificateAuthority, 'utf8'),
    redirectUri,
    scope,
  };
}

/**
 * The credential for a bank with custom endpoints. Its scope is `accounts`, so the bank sends no ID tokens.
 *
 * @param url of the bank, which is also its issuer
 * @param certificate the differences from a good client certificate
 */
export async function customCredential(
  url: string,
  certificate: CertificateOptions = {},
): Promise<BankSettings> {
  return {
    bank: 'custom',
    issuer: url,
    tokenEndpoint: `${url}/token`,
    jwksUri: `${url}/jwks`,
    clientId: 'client-1',
    ...(await transportFields(certificate)),
    redirectUri: 'https://app.example/redirect',
    scope: 'accounts',
  };
}

/** The fields for a client certificate with an RSA key, and for the authority that issued the certificates of the test servers. */
export async function transportFields(options: CertificateOptions = {}) {
  const { certificate, privateKey } = await clientCertificate({ key: 'rsa', ...options });
  return {
    transportCertificate: certificate,
    transportPrivateKey: privateKey,
    certificateAuthorities: (await certificateAuthority()).certificate,
  };
}
