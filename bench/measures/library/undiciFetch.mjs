/** undici's fetch in its fastest configuration: one kept-alive Agent, with the client certificate. */
import { Agent, fetch } from 'undici';

export function mutualTlsFetch({ pem }) {
  const connect = { cert: pem.clientCertificate, key: pem.clientKey, ca: pem.certificateAuthority };
  const dispatcher = new Agent({ connect });
  return (url, options) => fetch(url, { ...options, dispatcher });
}

/** The signing key as a CryptoKey, for oauth4webapi and openid-client. */
export function importSigningKey({ pem }) {
  const base64 = pem.clientKey.replace(/-----[^-]+-----|\s/g, '');
  const algorithm = { name: 'RSA-PSS', hash: 'SHA-256' };
  return crypto.subtle.importKey('pkcs8', Buffer.from(base64, 'base64'), algorithm, false, [
    'sign',
  ]);
}
