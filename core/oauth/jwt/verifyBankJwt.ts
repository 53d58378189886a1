import type { FlattenedJWSInput, JWTPayload } from 'jose';
import { flattenedVerify } from 'jose/jws/flattened/verify';
import { OpenBankingError } from '../../errors/OpenBankingError';
import { metadataAdvice } from '../../errors/rows/responseErrors';
import { algorithmNames, type SigningAlgorithm } from '../../keys/algorithms';
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
  assertNoExtension(jws, kind);
  const { idTokenAlgorithm: algorithm } = profile;
  const payload = await signedBytes(jwsOf(jws, kind), bank, endpoints, { kind, algorithm });
  const { issuer } = endpoints;
  const { clientId: audience, clockTolerance } = profile;
  const expected = { issuer, audience, required: requiredClaims, now, clockTolerance };
  return registeredClaims(payload, expected, kind) as Claims;
}

/** The parts of a JWS in compact form (RFC 7515 §3.1). @throws OpenBankingError `jwt-malformed` */
export function jwsOf(jws: string, kind: JwtKind): Jws {
  const [header, payload, signature, ...more] = jws.split('.', 4);
  if (header && payload !== undefined && signature !== undefined && more.length === 0)
    return { protected: header, payload, signature };
  throw jwtFailure(kind, 'jwt-malformed', { problem: 'notSigned' });
}

/** The parts of a JWS: header and signature in base64url, and the payload as it was signed. */
export type Jws = Required<Pick<FlattenedJWSInput, 'protected' | 'payload' | 'signature'>>;

/** The rules for a signature. */
export interface SignatureRules {
  readonly kind: JwtKind;
  /** The algorithm that the signature must have. */
  readonly algorithm: SigningAlgorithm;
  /** The critical header members that the caller understands (RFC 7515 §4.1.11); none if not given. */
  readonly understood?: readonly string[];
}

/** Nobody may accept such a JWT, so there is nothing to set. */
const UNSIGNED =
  'Anybody could have made it, and no setting accepts it. Do not use its code or tokens. Ask the bank to sign (id_token_signed_response_alg, authorization_signed_response_alg).';

/**
 * The bytes that a bank signed: its keys verify the signature.
 *
 * @throws OpenBankingError `jwks-unusable`, `jwt-malformed`, `jwt-algorithm`, `jwt-signature`, and those of {@link keysFor}
 */
export async function signedBytes(
  jws: Jws,
  bank: Bank,
  endpoints: Endpoints,
  rules: SignatureRules,
): Promise<Uint8Array> {
  const selector = keySelector(jws, rules);
  const keys = await keysFor(selector, bank, endpoints, rules.kind);
  return verifiedPayload({ jws, selector, rules }, keys, bank);
}

/** A JWS, and the key that it asks for. */
interface Signed {
  readonly jws: Jws;
  readonly selector: KeySelector;
  readonly rules: SignatureRules;
}

/** Asserts that a JWS is signed with the expected algorithm, and returns what chooses its key. */
function keySelector(jws: Jws, { algorithm, kind }: SignatureRules): KeySelector {
  const header = joseHeader(jws);
  if (Object.keys(header).length === 0) {
    throw jwtFailure(kind, 'jwt-malformed', { problem: 'notSigned' });
  }
  if (algorithmNames(algorithm).includes(header.alg as string))
    return { algorithm, keyId: header.kid };
  const named = isAbsent(header.alg) ? 'no algorithm' : shown(header.alg);
  if (isAbsent(header.alg) || header.alg === 'none') {
    const failure = jwtFailure(kind, 'jwt-algorithm', { problem: 'unsigned', values: { named } });
    throw failure.with({ description: UNSIGNED });
  }
  const values = { named, algorithm };
  throw jwtFailure(kind, 'jwt-algorithm', { problem: 'other', values });
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
  { jws, selector, rules }: Signed,
): Promise<Uint8Array | OpenBankingError> {
  const { kind, understood = [] } = rules;
  const algorithms = [...algorithmNames(selector.algorithm)];
  const crit = Object.fromEntries(understood.map((name) => [name, true]));
  for (const key of candidateKeys(keys, selector)) {
    try {
      return (await flattenedVerify(jws, key, { algorithms, crit })).payload;
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
