/** Checks client assertions. Each contender must send assertions that a bank would accept. */
import { constants, verify, X509Certificate } from 'node:crypto';

const seen = new Set();

/**
 * @param {string} assertion in compact form
 * @param {{ clientCertificate: string, clientId: string, keyId: string, audience: string }} expected
 * @returns {string | undefined} the first fault; `undefined` if a bank would accept the assertion
 */
export function assertionFault(assertion, { clientCertificate, clientId, keyId, audience }) {
  const [header, payload, signature] = assertion.split('.');
  const { alg, kid } = json(header);
  if (alg !== 'PS256') return 'not signed with PS256';
  if (kid !== keyId) return 'another key ID';
  const { publicKey } = new X509Certificate(clientCertificate);
  const key = { key: publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
  const signed = Buffer.from(`${header}.${payload}`);
  if (!verify('sha256', signed, key, Buffer.from(signature, 'base64url'))) return 'wrong signature';
  const { iss, sub, aud, exp, jti } = json(payload);
  if (iss !== clientId || sub !== clientId) return 'another client';
  if (aud !== audience) return 'another audience';
  if (!(exp > Date.now() / 1000)) return 'expired';
  if (!jti || seen.has(jti)) return 'used before';
  seen.add(jti);
  return undefined;
}

const json = (part) => JSON.parse(Buffer.from(part, 'base64url').toString());
