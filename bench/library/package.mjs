/** The built package, as its node uses it. */
import { createRequire } from 'node:module';

const built = createRequire(new URL('../../dist/index.js', import.meta.url));

/** The credential's fields. */
export function packageSettings({ tokenEndpoint, clientId, pem }) {
  return {
    ...{ bank: 'custom', issuer: tokenEndpoint, tokenEndpoint, clientId, scope: 'accounts' },
    transportCertificate: pem.clientCertificate,
    transportPrivateKey: pem.clientKey,
    certificateAuthorities: pem.certificateAuthority,
  };
}

/** @returns a function that refreshes as the node does for each item: the credential's fields in, a checked token set out */
export function refresher(settings) {
  const { profileOf } = built('./oauth/profile');
  const { refreshTokens } = built('./oauth/grants');
  return async (refreshToken) => {
    const profile = await profileOf(settings);
    const { tokens, failedCheck } = await refreshTokens(profile, { refreshToken });
    if (failedCheck) throw failedCheck;
    return tokens.access_token;
  };
}
