import type { KeyObject } from 'node:crypto';
import { OpenBankingError } from '../errors/OpenBankingError';
import type { SigningAlgorithm } from './algorithms';

/**
 * Refuses a key that no bank accepts: FAPI (1.0 Baseline §5.2.2) and banks demand RSA keys of at least 2048 bits.
 *
 * @throws OpenBankingError `key-unsupported`
 */
export function assertKeyIsStrong(key: KeyObject, field: string): void {
  const { asymmetricKeyType: type = 'unknown', asymmetricKeyDetails } = key;
  if (!['rsa', 'ec', 'ed25519'].includes(type)) {
    throw new OpenBankingError('key-unsupported', {
      message: `"${field}" is a key of the kind ${type}`,
    });
  }
  const bits = asymmetricKeyDetails?.modulusLength;
  if (bits !== undefined && bits < 2048) {
    throw new OpenBankingError('key-unsupported', {
      message: `"${field}" is an RSA key of ${bits} bits, and banks demand 2048`,
    });
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
      message: `"Signature Algorithm" has an unknown value`,
    });
  }
  if (kind.includes(key)) return;
  const { asymmetricKeyType, asymmetricKeyDetails } = key;
  const size = asymmetricKeyDetails?.modulusLength ?? asymmetricKeyDetails?.namedCurve ?? '';
  throw new OpenBankingError('algorithm-key-mismatch', {
    message: `${algorithm} needs ${kind.name}; "${field}" is ${asymmetricKeyType} ${size}`.trim(),
  });
}
