import type { JWK } from 'jose';
import type { MessageDetails } from '../../errors/catalogue';
import { algorithmNames, type SigningAlgorithm } from '../../keys/algorithms';
import { plainText } from '../../lib/displayText';
import type { BankKey, BankKeys } from '../bank/jwks';

/** Maximum number of keys that one JWT is verified with, and of the bits of their RSA moduli, so that a forged JWT costs little. */
const MAXIMUM_CANDIDATES = { keys: 100, bits: 20 * 16_384 };

/** Lengths of RSA moduli in bits: RFC 7518 §3.3 demands 2,048, and OpenSSL verifies with no more than 16,384. */
const RSA_BITS = { least: 2048, most: 16_384 };

/** Maximum characters of an RSA exponent: 64 bits. A verification takes longer, the longer it is. */
const LONGEST_EXPONENT = 11;

/** Maximum number of keys, and of characters of a value, that a message shows. */
const SHOWN = { keys: 5, characters: 80 };

/** The part of the header of a JWS that chooses its key (RFC 7515 §4.1). */
export interface KeySelector {
  readonly algorithm: SigningAlgorithm;
  /** `kid`, as it came; `undefined` or `null` if there is none. */
  readonly keyId: unknown;
}

/** The reason why no key of a bank verifies a JWS: details of `jwt-signature`. */
type Mismatch = MessageDetails<'jwt-signature', 'jwt'>;

/**
 * The keys of a bank that may have signed a JWS, the likeliest first. The key ID need not be unique (RFC 7517 §4.5): each of its keys is a
 * candidate. A key without an ID may have any. A JWS without a key ID may be signed with any key of its type.
 *
 * A key that is meant for something else is no candidate: another key ID, algorithm, type or use.
 */
export function candidateKeys({ keys }: BankKeys, selector: KeySelector): JWK[] {
  const { keyId, algorithm } = selector;
  const fitting = keys.filter(
    (key) => isNamed(key, keyId) && otherUse(key, algorithm) === undefined,
  );
  const likeliest = (key: BankKey) => (key.kid === keyId ? 2 : 0) + (key.alg === undefined ? 0 : 1);
  let bits = 0;
  return fitting
    .sort((one, other) => likeliest(other) - likeliest(one))
    .slice(0, MAXIMUM_CANDIDATES.keys)
    .filter(({ kty, n }) => {
      if (kty === 'RSA') bits += modulusBits(n as string);
      return bits <= MAXIMUM_CANDIDATES.bits;
    })
    .map(asVerificationKey);
}

/** Says why no key of a bank verified a JWS. */
export function mismatch({ keys }: BankKeys, { algorithm, keyId }: KeySelector): Mismatch {
  const published = keyNames(keys);
  if (isAbsent(keyId)) {
    const isForAny = keys.some((key) => otherUse(key, algorithm) === undefined);
    const problem = isForAny ? 'anyKey' : 'noSuchKey';
    return { problem, values: { algorithm, published } };
  }
  const wanted = shown(keyId);
  const uses = keys.filter(({ kid }) => kid === keyId).map((key) => otherUse(key, algorithm));
  if (uses.length === 0) return { problem: 'unknownKey', values: { wanted, published } };
  const use = uses.includes(undefined) ? undefined : uses[0];
  if (use === undefined) return { problem: 'namedKey', values: { wanted } };
  return { problem: 'otherUse', values: { algorithm, wanted, use } };
}

/** A value of a JWT or of a key, such as a key ID, as messages show it. */
export function shown(value: unknown): string {
  return `"${plainText(value).slice(0, SHOWN.characters)}"`;
}

/** Whether a header has no such parameter. */
export function isAbsent(parameter: unknown): boolean {
  return parameter === undefined || parameter === null || parameter === '';
}

function isNamed({ kid }: BankKey, keyId: unknown): boolean {
  return isAbsent(keyId) || kid === undefined || kid === keyId;
}

/** The use that a key has instead of verifying signatures of an algorithm; `undefined` if it may verify them. */
function otherUse(key: BankKey, algorithm: SigningAlgorithm): string | undefined {
  const { kty, crv, use, alg, key_ops: operations, d } = key;
  const type = TYPES[algorithm];
  if (use !== undefined && use !== 'sig') return `for another use (${shown(use)})`;
  if (kty !== type.kty) return `as a key of the type ${shown(kty)}`;
  if (type.crv !== undefined && crv !== type.crv) return `as a key of the curve ${shown(crv)}`;
  if (alg !== undefined && !algorithmNames(algorithm).includes(alg as string))
    return `for ${shown(alg)}`;
  if (Array.isArray(operations) && !operations.includes('verify')) {
    return `for other operations (${shown(operations.join(', '))})`;
  }
  if (d !== undefined) return 'with its private part';
  return kty === 'RSA' ? otherLength(key) : undefined;
}

function otherLength({ n, e }: BankKey): string | undefined {
  if (typeof e === 'string' && e.length > LONGEST_EXPONENT) return 'with a very long exponent';
  const bits = typeof n === 'string' ? modulusBits(n) : 0;
  if (bits >= RSA_BITS.least && bits <= RSA_BITS.most) return undefined;
  return `with ${bits} bits`;
}

/** The length of an RSA modulus. Some servers write zeros before it. */
function modulusBits(modulus: string): number {
  // Not decoded: a hostile one may have a megabyte.
  if (modulus.length > RSA_BITS.most) return modulus.length * 6;
  const bytes = Buffer.from(modulus, 'base64url');
  const first = bytes.findIndex((byte) => byte !== 0);
  if (first < 0) return 0;
  return (bytes.length - first) * 8 - (Math.clz32(bytes[first]!) - 24);
}

/** The type of the keys of an algorithm (RFC 7518 §6.1, RFC 8037 §2). */
const TYPES: Readonly<Record<SigningAlgorithm, { kty: string; crv?: string }>> = {
  PS256: { kty: 'RSA' },
  RS256: { kty: 'RSA' },
  ES256: { kty: 'EC', crv: 'P-256' },
  EdDSA: { kty: 'OKP', crv: 'Ed25519' },
};

/**
 * A key for jose, without `alg`, `use`, `ext` and `key_ops`, which were compared. Some banks publish a public key with the operations of the
 * private key, and Web Crypto refuses such a key.
 */
function asVerificationKey({ kty, crv, n, e, x, y }: BankKey): JWK {
  const members = Object.entries({ kty, crv, n, e, x, y });
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

/** The key IDs of a key set, as messages show them. */
function keyNames(keys: BankKeys['keys']): string {
  if (keys.length === 0) return 'none';
  const ids = [...new Set(keys.map(({ kid }) => kid))];
  const names = ids
    .slice(0, SHOWN.keys)
    .map((id) => (id === undefined ? 'keys without an ID' : shown(id)));
  const more = ids.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
