import { readFile } from 'node:fs/promises';
import type { BankSettings } from '../../oauth/settings';
import type { Sandbox } from './sandbox';

/** The credential as a person fills it in for the sandbox. */
export async function sandboxCredential(sandbox: Sandbox): Promise<BankSettings> {
  const { files, identityUrl, gatewayUrl, clientId, redirectUri, scope } = sandbox.ready;
  return {
    bank: 'wso2',
    host: new URL(identityUrl).host,
    gatewayHost: new URL(gatewayUrl).host,
    clientId,
    transportCertificate: await readFile(files.clientCertificate, 'utf8'),
    transportPrivateKey: await readFile(files.clientKey, 'utf8'),
    certificateAuthorities: await readFile(files.certificateAuthority, 'utf8'),
    redirectUri,
    scope,
  };
}
