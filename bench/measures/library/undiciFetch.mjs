/** undici's fetch over one kept-alive Agent with the client certificate: the best that its users can configure. */
import { Agent, fetch } from 'undici';

export function mutualTlsFetch({ pem }) {
  const connect = { cert: pem.clientCertificate, key: pem.clientKey, ca: pem.certificateAuthority };
  const dispatcher = new Agent({ connect });
  return (url, options) => fetch(url, { ...options, dispatcher });
}

/** The signing key as oauth4webapi and openid-client want it. */
export function importSigningKey({ pem }) {
  const base64 = pem.clientKey.replace(/-----[^-]+-----|\s/g, '');
  const algorithm = { name: 'RSA-PSS', hash: 'SHA-256' };
  return crypto.subtle.importKey('pkcs8', Buffer.from(base64, 'base64'), algorithm, false, [
    'sign',
  ]);
}
