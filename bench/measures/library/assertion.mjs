/** Client assertions by jose, for contenders that do not sign. The key is parsed once. */
import { createPrivateKey, randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';

/** @returns a function that signs a new assertion each time */
export function signer({ tokenEndpoint, clientId, keyId, pem }) {
  const key = createPrivateKey(pem.clientKey);
  return () => {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ jti: randomBytes(32).toString('base64url'), nbf: now })
      .setProtectedHeader({ alg: 'PS256', kid: keyId, typ: 'JWT' })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(tokenEndpoint)
      .setIssuedAt(now)
      .setExpirationTime(now + 60)
      .sign(key);
  };
}

/** The form of a refresh with a client assertion. */
export function refreshForm({ clientId }, refreshToken, assertion) {
  return {
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    client_id: clientId,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  };
}
