/** Client assertions at the lowest cost in Node.js: `crypto.sign` with a key that is parsed once. */
import { constants, createPrivateKey, randomBytes, sign } from 'node:crypto';

/** @returns a function that signs a new assertion each time, on the thread that calls it */
export function rawSigner({ tokenEndpoint, clientId, keyId, pem }) {
  const key = {
    key: createPrivateKey(pem.clientKey),
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: 32,
  };
  const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const header = encoded({ alg: 'PS256', kid: keyId, typ: 'JWT' });
  const unsigned = () => {
    const now = Math.floor(Date.now() / 1000);
    const jti = randomBytes(32).toString('base64url');
    const claims = {
      iss: clientId,
      sub: clientId,
      aud: tokenEndpoint,
      jti,
      iat: now,
      exp: now + 60,
    };
    return `${header}.${encoded(claims)}`;
  };
  return () => {
    const input = unsigned();
    const signature = withoutStackTraces(() => sign('sha256', Buffer.from(input), key));
    return `${input}.${signature.toString('base64url')}`;
  };
}

/**
 * Runs work without stack traces. Node.js 24 detects the kind of a key by throwing and catching errors, and their stack traces take about
 * 20 µs. The physical limit is measured without them.
 */
export function withoutStackTraces(work) {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** The form of a refresh. Its values need no URL encoding. */
export function rawForm(clientId, refreshToken, assertion) {
  return `grant_type=refresh_token&refresh_token=${refreshToken}&client_id=${clientId}&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=${assertion}`;
}
