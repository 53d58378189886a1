import { constants, createHash, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { CompactEncrypt, exportJWK, SignJWT, type JWTPayload } from 'jose';
import { generatePrivateKey } from '../keys/certificates';
import { sharedKey } from '../keys/sharedKeys';
import { encryptedWithRsa15 } from './rsa15';

/** Issuer of the ID tokens. */
export const issuer = 'https://bank.example';

/** The access token that belongs to the ID tokens, and its hash. Both are from OpenID Connect Core, appendix A.4. */
export const accessToken = 'jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y';
const accessTokenHash = '77QmUPtjPfzWtF2AnpK9RQ';

const bankKey = sharedKey('bank', () => generatePrivateKey('rsa'));

/** A key that the bank does not publish. */
export const otherKey = sharedKey('other', () => generatePrivateKey('rsa'));

/** The differences from a good JWT. */
export interface Forgery {
  claims?: JWTPayload;
  header?: Record<string, string>;
  /** The key that signs it. */
  key?: KeyObject;
  /** Whether it has no signature. */
  unsigned?: boolean;
  /** The key that it is encrypted for; not encrypted if `undefined`. */
  encryptFor?: KeyObject;
  /** Algorithms instead of `RSA-OAEP` and `A256GCM`. */
  encryption?: Encryption;
  /** Parameters that are added to the header at the end. */
  addedHeader?: object;
}

/** The algorithms of a JWE (RFC 7518 §4.1, §5.1). */
export interface Encryption {
  alg?: string;
  enc?: string;
  /** Names the key that it is encrypted for; no name if `undefined`. */
  kid?: string;
}

/** Seconds since the epoch. */
export const now = () => Math.floor(Date.now() / 1000);

/** A public key as a bank publishes it. */
export async function jwk(key: KeyObject, kid: string): Promise<object> {
  return { ...(await exportJWK(createPublicKey(key))), kid, alg: 'PS256', use: 'sig' };
}

/** The key that good ID tokens are signed with, as the bank publishes it. */
export const bankJwk = () => jwk(bankKey, 'bank-1');

/** An ID token for the client `client-1`. */
export function idToken({ claims = {}, ...forgery }: Forgery = {}): Promise<string> {
  const good = {
    iss: issuer,
    aud: 'client-1',
    sub: 'alex',
    iat: now(),
    exp: now() + 300,
    nonce: 'n-1',
    at_hash: accessTokenHash,
  };
  return jwtOf({ ...good, ...claims }, forgery);
}

/** Left half of a hash as ID tokens carry it (OIDC Core §3.3.2.11). */
export function halfHash(text: string): string {
  return createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url');
}

/** An ID token as it comes with a redirect: with the hashes of code and state. */
export function redirectIdToken(
  { code, state }: { code: string; state: string },
  { claims = {}, ...forgery }: Forgery = {},
): Promise<string> {
  const hashes = { at_hash: undefined, c_hash: halfHash(code), s_hash: halfHash(state) };
  return idToken({ claims: { ...hashes, ...claims }, ...forgery });
}

/** A response JWT with these parameters for the client `client-1` (JARM §2.1). */
export function responseJwt(
  parameters: Record<string, string>,
  { claims = {}, ...forgery }: Forgery = {},
): Promise<string> {
  const good = { iss: issuer, aud: 'client-1', exp: now() + 300 };
  return jwtOf({ ...good, ...parameters, ...claims }, forgery);
}

async function jwtOf(
  claims: JWTPayload,
  { header = {}, key = bankKey, ...forgery }: Forgery,
): Promise<string> {
  const signed = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'PS256', kid: 'bank-1', ...header })
    .sign(key);
  const { encryptFor, addedHeader } = forgery;
  const bare = forgery.unsigned ? unsigned(signed) : signed;
  const sent = encryptFor ? await encryptedFor(encryptFor, bare, forgery.encryption) : bare;
  return addedHeader ? withHeader(sent, addedHeader) : sent;
}

/** An unsigned JWT (RFC 7519 §6) with the claims of another JWT. */
export function unsigned(jwt: string): string {
  const header = Buffer.from('{"alg":"none"}').toString('base64url');
  return `${header}.${jwt.split('.')[1]}.`;
}

/**
 * A JWT with parameters added to its header. jose refuses to make such a JWT. A JWS gets a new signature of the bank; a JWE is not encrypted
 * again.
 */
export function withHeader(jwt: string, added: object): string {
  const [header = '', ...parts] = jwt.split('.');
  const all = { ...(JSON.parse(Buffer.from(header, 'base64url').toString()) as object), ...added };
  const encoded = Buffer.from(JSON.stringify(all)).toString('base64url');
  if (parts.length === 4) return [encoded, ...parts].join('.');
  const input = `${encoded}.${parts[0]}`;
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  const signature = sign('sha256', Buffer.from(input), { key: bankKey, padding, saltLength: 32 });
  return `${input}.${signature.toString('base64url')}`;
}

/** A JWT encrypted for the owner of a key. */
export function encryptedFor(
  key: KeyObject,
  jwt: string,
  { alg = 'RSA-OAEP', enc = 'A256GCM', kid }: Encryption = {},
): Promise<string> {
  if (alg === 'RSA1_5') return Promise.resolve(encryptedWithRsa15(key, jwt, kid));
  return new CompactEncrypt(Buffer.from(jwt))
    .setProtectedHeader({ alg, enc, cty: 'JWT', ...(kid !== undefined && { kid }) })
    .encrypt(createPublicKey(key));
}
