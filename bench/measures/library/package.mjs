/** The built package as its node uses it. */
import { createRequire } from 'node:module';

const modules = createRequire(import.meta.url)('../../../dist/behind.js');

/** Loads a module of the built package, such as `core/oauth/client`. */
export const built = (name) => modules[name]();

/** The credential's fields. */
export function packageSettings({ tokenEndpoint, clientId, pem }) {
  return {
    ...{ bank: 'custom', issuer: tokenEndpoint, tokenEndpoint, clientId, scope: 'accounts' },
    transportCertificate: pem.clientCertificate,
    transportPrivateKey: pem.clientKey,
    certificateAuthorities: pem.certificateAuthority,
  };
}

/** @returns a function that refreshes as the node does for each item, from the credential's fields to a checked access token */
export function refresher(settings) {
  const { clientOf } = built('core/oauth/client');
  return async (refreshToken) => {
    const client = await clientOf(settings);
    const { tokens, failedCheck } = await client.refresh({ refreshToken });
    if (failedCheck) throw failedCheck;
    return tokens.access_token;
  };
}
