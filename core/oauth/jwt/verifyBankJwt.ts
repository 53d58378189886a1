import type { JWTPayload } from 'jose';
import { createLocalJWKSet } from 'jose/jwks/local';
import { compactVerify } from 'jose/jws/compact/verify';
import type { OpenBankingError } from '../../errors/OpenBankingError';
import type { Endpoints } from '../../profile/endpoints';
import type { Profile } from '../../profile/profile';
import type { Bank } from '../bank/bank';
import { MAXIMUM_AGE_BEFORE_SENDING, type BankKeys } from '../bank/jwks';
import { headerExtension, joseHeader } from './joseHeader';
import { decrypted, isJwe } from './jwe';
import { withoutNull } from '../../lib/json';
import { jwtFailure, type JwtKind } from './jwtKind';
import { registeredClaims } from './registeredClaims';

/** The requirements of a kind of JWT. */
export interface JwtRequirements {
  /** Claims that the JWT must have, in addition to `iss`, `aud` and `exp`. */
  readonly requiredClaims?: readonly string[];
  /** The time at which its dates are judged, in milliseconds since the epoch; the present if `undefined`. */
  readonly now?: number;
}

/**
 * Verifies a JWT that a bank signed: signature, `alg`, `iss`, `aud`, `exp`, `nbf`. An encrypted JWT is decrypted first.
 *
 * The algorithm must be that of the credential, the issuer that of the bank, and the audience the client ID. The clocks may differ by the
 * tolerance of the credential. `crit` and `zip` in the header are refused. Claims that are `null` are absent.
 *
 * @param requirements the claims that the JWT must have in addition to `iss`, `aud` and `exp`, and the time of the check
 * @returns the claims
 * @throws OpenBankingError `jwks-unusable`, `jwt-…`. For a JWT of a redirect also those of the stage `tls`.
 */
export async function verifyBankJwt<Claims extends JWTPayload>(
  jwt: string,
  bank: Bank,
  endpoints: Endpoints,
  kind: JwtKind,
  { requiredClaims = [], now = Date.now() }: JwtRequirements = {},
): Promise<Claims> {
  const { profile } = bank;
  const jws = await decryptedJwt(jwt, profile, kind);
  const keys = await keysFor(jws, bank, endpoints, kind);
  assertAlgorithmIsNamed(jws, kind);
  const payload = await verifiedPayload(jws, keys, bank, kind);
  const { issuer } = endpoints;
  const { clientId: audience, clockTolerance } = profile;
  const expected = { issuer, audience, required: requiredClaims, now, clockTolerance };
  return registeredClaims(payload, expected, kind) as Claims;
}

/** The signed bytes of a JWT. If no key verifies it, the keys are fetched again, because the bank may have new ones. */
async function verifiedPayload(
  jws: string,
  keys: BankKeys,
  bank: Bank,
  kind: JwtKind,
): Promise<Uint8Array> {
  try {
    return await payloadSignedWith(keys, jws, bank.profile);
  } catch (error) {
    const failure = verificationFailure(error as JoseFailure, kind);
    if (failure.code !== 'jwt-signature') throw failure;
    const renewed = await bank.renewedKeys().catch(() => keys);
    if (renewed === keys) throw failure;
    return payloadSignedWith(renewed, jws, bank.profile).catch(() => Promise.reject(failure));
  }
}

/** @throws an error of jose */
async function payloadSignedWith(
  keys: BankKeys,
  jws: string,
  { idTokenAlgorithm }: Profile,
): Promise<Uint8Array> {
  const { payload } = await compactVerify(jws, createLocalJWKSet(verificationKeys(keys)), {
    algorithms: [idTokenAlgorithm],
  });
  return payload;
}

/**
 * The signed JWT inside an encrypted one; a JWT that is not encrypted is returned as it is.
 *
 * @throws OpenBankingError `jwt-decryption`, `jwt-malformed`
 */
export async function decryptedJwt(
  jwt: string,
  { decryptionKey }: Profile,
  kind: JwtKind,
): Promise<string> {
  if (!isJwe(jwt)) return jwt;
  assertNoExtension(jwt, kind);
  try {
    return await decrypted(jwt, decryptionKey);
  } catch {
    throw jwtFailure(kind, 'jwt-decryption', {});
  }
}

function assertNoExtension(jwt: string, kind: JwtKind): void {
  const name = headerExtension(jwt);
  if (name)
    throw jwtFailure(kind, 'jwt-malformed', { problem: 'headerExtension', values: { name } });
}

async function keysFor(
  jws: string,
  bank: Bank,
  endpoints: Endpoints,
  kind: JwtKind,
): Promise<BankKeys> {
  if (!endpoints.jwks) throw jwtFailure(kind, 'jwks-unusable', { problem: 'jwtUnknown' });
  assertNoExtension(jws, kind);
  const { kid } = joseHeader(jws);
  const keyId = typeof kid === 'string' ? kid : undefined;
  const maximumAge = kind.outcome === 'not-sent' ? MAXIMUM_AGE_BEFORE_SENDING : undefined;
  return bank.keysFor(keyId, maximumAge).catch((error: OpenBankingError) => {
    // If no token request was sent yet, an untrusted certificate is the user's first problem, and its own advice helps most.
    if (error.stage === 'tls' && kind.outcome === 'not-sent') throw error;
    const values = { reason: error.message };
    const failure = jwtFailure(kind, 'jwks-unusable', { problem: 'jwt', values });
    // The advice about a failed connection says that no request was sent. That is wrong if tokens were received.
    throw kind.outcome === 'not-sent' ? failure.with({ description: error.description }) : failure;
  });
}

/** Asserts that the header has an `alg`. jose calls a header without it malformed; here it is a wrong algorithm, like "none". */
function assertAlgorithmIsNamed(jws: string, kind: JwtKind): void {
  const header = joseHeader(jws);
  if (Object.keys(header).length === 0 || typeof header.alg === 'string') return;
  throw jwtFailure(kind, 'jwt-algorithm', {});
}

/**
 * The keys of a set that may verify signatures, without `ext` and `key_ops`. Some banks publish a public key with the operations of the
 * private key, and Web Crypto refuses such a key. Others write absent members, those of a private key for example, as `null`.
 */
function verificationKeys({ keys }: BankKeys): { keys: Record<string, unknown>[] } {
  const usable = keys.filter(
    ({ key_ops: operations }) => !Array.isArray(operations) || operations.includes('verify'),
  );
  return {
    keys: usable.map((key) => ({ ...withoutNull(key), ext: undefined, key_ops: undefined })),
  };
}

/** The stable field of an error of jose. */
interface JoseFailure {
  readonly code?: string;
}

function verificationFailure({ code }: JoseFailure, kind: JwtKind): OpenBankingError {
  switch (code) {
    case 'ERR_JOSE_ALG_NOT_ALLOWED':
      return jwtFailure(kind, 'jwt-algorithm', {});
    case 'ERR_JWS_INVALID':
      return jwtFailure(kind, 'jwt-malformed', { problem: 'notSigned' });
    default:
      // No key or several keys match, the signature is wrong, or the key of the bank is too short or cannot be imported.
      return jwtFailure(kind, 'jwt-signature', {});
  }
}
