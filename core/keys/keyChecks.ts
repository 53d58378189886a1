import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { OpenBankingError } from '../errors/OpenBankingError';
import type { SigningAlgorithm } from './algorithms';

/** FAPI (1.0 Baseline §5.2.2) and banks demand at least 2048 bits; OpenSSL verifies with 16,384 at most. */
const RSA_BITS = { minimum: 2048, maximum: 16_384 };

/**
 * Refuses a key that no bank accepts, and a key whose private and public half do not belong together: Node.js reads such a JWK, and
 * fails only later, in the TLS handshake.
 *
 * @throws OpenBankingError `key-unsupported`, `private-key-malformed`
 */
export function assertKeyIsUsable(key: KeyObject, field: string): void {
  const { asymmetricKeyType: type = 'unknown', asymmetricKeyDetails } = key;
  if (!['rsa', 'ec', 'ed25519'].includes(type)) {
    const values = { field, kind: type };
    throw new OpenBankingError('key-unsupported', { problem: 'kind', values });
  }
  const bits = asymmetricKeyDetails?.modulusLength ?? RSA_BITS.minimum;
  if (bits < RSA_BITS.minimum) {
    const values = { field, bits, minimum: RSA_BITS.minimum };
    throw new OpenBankingError('key-unsupported', { problem: 'short', values });
  }
  if (bits > RSA_BITS.maximum) {
    const values = { field, bits, maximum: RSA_BITS.maximum };
    throw new OpenBankingError('key-unsupported', { problem: 'long', values });
  }
  if (!halvesBelongTogether(key)) {
    throw new OpenBankingError('private-key-malformed', {
      problem: 'halves',
      values: { field },
    });
  }
}

/** Curves of ECDH-ES (RFC 7518 §4.6.1.1), by OpenSSL's names. */
const ECDH_CURVES = ['prime256v1', 'secp384r1', 'secp521r1'];

/**
 * Refuses a key that cannot decrypt with RSA-OAEP or ECDH-ES, and one that is weak.
 *
 * @throws OpenBankingError `key-unsupported`, `private-key-malformed`
 */
export function assertKeyDecrypts(key: KeyObject, field: string): void {
  const { asymmetricKeyType: type = 'unknown', asymmetricKeyDetails } = key;
  if (type === 'x25519') return;
  const curve = asymmetricKeyDetails?.namedCurve ?? '';
  if (type === 'rsa' || (type === 'ec' && ECDH_CURVES.includes(curve))) {
    assertKeyIsUsable(key, field);
    return;
  }
  throw new OpenBankingError('key-unsupported', {
    problem: 'noDecryption',
    values: { field, kind: `${type} ${curve}`.trim() },
    description:
      'Use the key that is registered for encryption ("use": "enc"): RSA of at least 2048 bits, EC on the curve P-256, P-384 or P-521, or X25519.',
  });
}

/** OpenSSL uses no longer exponent with large keys, and a long one takes long. */
const LARGEST_EXPONENT = 2n ** 64n;

/** Whether what the private half signs can be verified with the public half, and the key can be written in PKCS#8. */
function halvesBelongTogether(key: KeyObject): boolean {
  const { publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  if (publicExponent >= LARGEST_EXPONENT) return false;
  const hash = key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  const text = Buffer.from('Open Banking');
  try {
    key.export({ type: 'pkcs8', format: 'der' });
    return verify(hash, text, createPublicKey(key), sign(hash, text, key));
  } catch {
    return false;
  }
}

/** The kind of key that an algorithm signs with. */
interface KeyKind {
  /** With its article, for messages. */
  readonly name: string;
  readonly includes: (key: KeyObject) => boolean;
}

const rsaKey: KeyKind = { name: 'an RSA key', includes: isRsa };

/** RFC 7518 §3.3, §3.4 and §3.5; RFC 8037 §3.1. */
const KEY_KINDS: Record<SigningAlgorithm, KeyKind> = {
  PS256: rsaKey,
  RS256: rsaKey,
  ES256: {
    name: 'an EC key on the curve P-256',
    includes: (key) => key.asymmetricKeyDetails?.namedCurve === 'prime256v1',
  },
  EdDSA: {
    name: 'an Ed25519 key',
    includes: (key) => key.asymmetricKeyType === 'ed25519',
  },
};

function isRsa(key: KeyObject): boolean {
  return key.asymmetricKeyType === 'rsa';
}

/**
 * Refuses an algorithm that does not sign with this kind of key.
 *
 * @throws OpenBankingError `algorithm-key-mismatch`, `field-malformed`
 */
export function assertAlgorithmFits(
  algorithm: SigningAlgorithm,
  key: KeyObject,
  field: string,
): void {
  const kind = Object.hasOwn(KEY_KINDS, algorithm) ? KEY_KINDS[algorithm] : undefined;
  if (!kind) {
    throw new OpenBankingError('field-malformed', {
      problem: 'unknownValue',
      values: { field: 'Signature Algorithm' },
    });
  }
  if (kind.includes(key)) return;
  const { asymmetricKeyType, asymmetricKeyDetails } = key;
  const size = asymmetricKeyDetails?.modulusLength ?? asymmetricKeyDetails?.namedCurve ?? '';
  throw new OpenBankingError('algorithm-key-mismatch', {
    values: { algorithm, needed: kind.name, field, kind: `${asymmetricKeyType} ${size}`.trim() },
  });
}
