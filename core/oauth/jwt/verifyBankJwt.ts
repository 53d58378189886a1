import type { JWTPayload } from 'jose';
import { compactVerify } from 'jose/jws/compact/verify';
import { OpenBankingError } from '../../errors/OpenBankingError';
import { metadataAdvice } from '../../errors/rows/responseErrors';
import { algorithmNames } from '../../keys/algorithms';
import type { Endpoints } from '../../profile/endpoints';
import type { Profile } from '../../profile/profile';
import type { Bank } from '../bank/bank';
import { MAXIMUM_AGE_BEFORE_SENDING, type BankKeys } from '../bank/jwks';
import { headerExtension, joseHeader } from './joseHeader';
import { decrypted, isJwe, NotDecrypted } from './jwe';
import { jwtFailure, type JwtKind } from './jwtKind';
import { candidateKeys, isAbsent, mismatch, shown, type KeySelector } from './candidateKeys';
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
 * tolerance of the credential. `crit` and `zip` in the header are refused. Claims that are `null` or empty are absent.
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
  const selector = keySelector(jws, profile, kind);
  const keys = await keysFor(selector, bank, endpoints, kind);
  const payload = await verifiedPayload({ jws, selector, kind }, keys, bank);
  const { issuer } = endpoints;
  const { clientId: audience, clockTolerance } = profile;
  const expected = { issuer, audience, required: requiredClaims, now, clockTolerance };
  return registeredClaims(payload, expected, kind) as Claims;
}

/** A signed JWT, and the key that it asks for. */
interface Signed {
  readonly jws: string;
  readonly selector: KeySelector;
  readonly kind: JwtKind;
}

/** Asserts that a JWT is signed with the algorithm of the credential, and returns what chooses its key. */
function keySelector(
  jws: string,
  { idTokenAlgorithm: algorithm }: Profile,
  kind: JwtKind,
): KeySelector {
  assertNoExtension(jws, kind);
  const header = joseHeader(jws);
  if (jws.split('.', 4).length !== 3 || Object.keys(header).length === 0) {
    throw jwtFailure(kind, 'jwt-malformed', { problem: 'notSigned' });
  }
  if (algorithmNames(algorithm).includes(header.alg as string))
    return { algorithm, keyId: header.kid };
  const named = isAbsent(header.alg) ? 'no algorithm' : shown(header.alg);
  const values = { named, algorithm };
  throw jwtFailure(kind, 'jwt-algorithm', { values });
}

/** The signed bytes of a JWT. If no key verifies it, the keys are fetched again, because the bank may have new ones. */
async function verifiedPayload(signed: Signed, keys: BankKeys, bank: Bank): Promise<Uint8Array> {
  const verified = await payloadSignedWith(keys, signed);
  if (!(verified instanceof OpenBankingError)) return verified;
  const renewed = await bank.renewedKeys().catch(() => keys);
  const again = renewed === keys ? verified : await payloadSignedWith(renewed, signed);
  if (again instanceof OpenBankingError) throw again;
  return again;
}

/**
 * The signed bytes of a JWT, or the reason why no key verifies it. Each candidate is tried: a key that is unusable, or of another service,
 * does not spoil the others.
 *
 * @throws OpenBankingError `jwt-malformed`
 */
async function payloadSignedWith(
  keys: BankKeys,
  { jws, selector, kind }: Signed,
): Promise<Uint8Array | OpenBankingError> {
  const algorithms = [...algorithmNames(selector.algorithm)];
  for (const key of candidateKeys(keys, selector)) {
    try {
      return (await compactVerify(jws, key, { algorithms })).payload;
    } catch (error) {
      // Otherwise the signature is of another key, or this key cannot be imported.
      if ((error as JoseFailure).code !== 'ERR_JWS_INVALID') continue;
      throw jwtFailure(kind, 'jwt-malformed', { problem: 'notSigned' });
    }
  }
  return jwtFailure(kind, 'jwt-signature', mismatch(keys, selector));
}

/**
 * The signed JWT inside an encrypted one; a JWT that is not encrypted is returned as it is.
 *
 * @throws OpenBankingError `jwt-decryption`, `jwt-malformed`
 */
export async function decryptedJwt(
  jwt: string,
  { decryptionKeys }: Pick<Profile, 'decryptionKeys'>,
  kind: JwtKind,
): Promise<string> {
  if (!isJwe(jwt)) return jwt;
  assertNoExtension(jwt, kind);
  try {
    return await decrypted(jwt, decryptionKeys);
  } catch (error) {
    if (!(error instanceof NotDecrypted)) throw error;
    throw jwtFailure(kind, 'jwt-decryption', error.details);
  }
}

function assertNoExtension(jwt: string, kind: JwtKind): void {
  const name = headerExtension(jwt);
  if (name)
    throw jwtFailure(kind, 'jwt-malformed', { problem: 'headerExtension', values: { name } });
}

async function keysFor(
  { keyId: kid }: KeySelector,
  bank: Bank,
  endpoints: Endpoints,
  kind: JwtKind,
): Promise<BankKeys> {
  if (!endpoints.jwks) throw unknownKeys(endpoints, kind);
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

/** The failure to verify a JWT whose keys have no address that is known. */
function unknownKeys({ faults }: Endpoints, kind: JwtKind): OpenBankingError {
  if (!faults?.jwks) return jwtFailure(kind, 'jwks-unusable', { problem: 'jwtUnknown' });
  const { member, shown: value } = faults.jwks;
  const values = { member, value };
  const failure = jwtFailure(kind, 'jwks-unusable', { problem: 'jwtMetadata', values });
  return failure.with({ description: metadataAdvice });
}

/** The stable field of an error of jose. */
interface JoseFailure {
  readonly code?: string;
}
