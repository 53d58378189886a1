import type { KeyObject, X509Certificate } from 'node:crypto';
import { OpenBankingError } from '../errors/OpenBankingError';
import type { SigningAlgorithm } from './algorithms';

/**
 * Banks and the FAPI profiles demand RSA keys of 2048 bits; EC and Ed25519 keys have one size that matters.
 *
 * @throws OpenBankingError `rsa-key-too-small`, `key-type-unsupported`
 */
export function assertKeyIsStrong(key: KeyObject, field: string): void {
  const { asymmetricKeyType: type = 'unknown', asymmetricKeyDetails } = key;
  if (!['rsa', 'ec', 'ed25519'].includes(type)) {
    throw new OpenBankingError('key-type-unsupported', {
      message: `"${field}" is a key of the kind ${type}`,
    });
  }
  const bits = asymmetricKeyDetails?.modulusLength;
  if (bits !== undefined && bits < 2048) {
    throw new OpenBankingError('rsa-key-too-small', {
      message: `"${field}" is an RSA key of ${bits} bits, and banks demand 2048`,
    });
  }
}

const needs: Record<SigningAlgorithm, { what: string; fits: (key: KeyObject) => boolean }> = {
  PS256: { what: 'an RSA key', fits: isRsa },
  RS256: { what: 'an RSA key', fits: isRsa },
  ES256: {
    what: 'an EC key on the curve P-256',
    fits: (key) => key.asymmetricKeyDetails?.namedCurve === 'prime256v1',
  },
  EdDSA: { what: 'an Ed25519 key', fits: (key) => key.asymmetricKeyType === 'ed25519' },
};

function isRsa(key: KeyObject): boolean {
  return key.asymmetricKeyType === 'rsa';
}

/**
 * RFC 7518 §3.3, §3.4, §3.5 and RFC 8037 §3.1: each algorithm wants a kind of key.
 *
 * @throws OpenBankingError `algorithm-key-mismatch`, `setting-malformed`
 */
export function assertAlgorithmFits(
  algorithm: SigningAlgorithm,
  key: KeyObject,
  field: string,
): void {
  const need = Object.hasOwn(needs, algorithm) ? needs[algorithm] : undefined;
  if (!need) {
    throw new OpenBankingError('setting-malformed', {
      message: `"Signature Algorithm" has an unknown value`,
    });
  }
  if (need.fits(key)) return;
  const { asymmetricKeyType, asymmetricKeyDetails } = key;
  const size = asymmetricKeyDetails?.modulusLength ?? asymmetricKeyDetails?.namedCurve ?? '';
  throw new OpenBankingError('algorithm-key-mismatch', {
    message: `${algorithm} needs ${need.what}; "${field}" is ${asymmetricKeyType} ${size}`.trim(),
  });
}

const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const ANY_PURPOSE = '2.5.29.37.0';

/** What a certificate is for. */
type Purpose = 'transport' | 'signing';

/**
 * What a certificate is limited to and lacks (RFC 5280 §4.2.1.3, §4.2.1.12): `certificate-client-auth-missing`, `certificate-key-usage`.
 * Notices, no failures: not every bank looks at it.
 */
export function usageNotices(
  certificate: X509Certificate,
  purpose: Purpose,
  field: string,
): OpenBankingError[] {
  const notices: OpenBankingError[] = [];
  // What Node.js calls "keyUsage" is the extended one; a certificate without the extension is for anything.
  const purposes = certificate.keyUsage as string[] | undefined;
  if (
    purpose === 'transport' &&
    purposes &&
    ![CLIENT_AUTH, ANY_PURPOSE].some((oid) => purposes.includes(oid))
  ) {
    const message = `"${field}" is not made for TLS clients: its extended key usage lacks clientAuth`;
    notices.push(new OpenBankingError('certificate-client-auth-missing', { message }));
  }
  const usage = keyUsageOf(certificate.raw);
  // Certificates for seals carry nonRepudiation in place of digitalSignature.
  const wanted = purpose === 'transport' ? DIGITAL_SIGNATURE : DIGITAL_SIGNATURE | NON_REPUDIATION;
  if (usage !== undefined && (usage & wanted) === 0) {
    const message = `"${field}" must not be used to sign: its key usage lacks digitalSignature`;
    notices.push(new OpenBankingError('certificate-key-usage', { message }));
  }
  return notices;
}

const DIGITAL_SIGNATURE = 0x80;
const NON_REPUDIATION = 0x40;

/** In DER: the identifier 2.5.29.15. */
const KEY_USAGE = Buffer.from('0603551d0f', 'hex');

/**
 * The first eight bits of the key usage, which Node.js does not tell; nothing where there is none. The extension has one encoding:
 * `critical` if it is true, then an octet string with a bit string (RFC 5280 §4.2.1.3).
 */
function keyUsageOf(der: Buffer): number | undefined {
  const at = der.indexOf(KEY_USAGE);
  if (at < 0) return undefined;
  const value = der.subarray(at + KEY_USAGE.length, at + KEY_USAGE.length + 16);
  const afterCritical = value[0] === 0x01 ? value.subarray(3) : value;
  const [octetString, , bitString, length, , bits] = afterCritical;
  if (octetString !== 0x04 || bitString !== 0x03 || !length || length < 2) return undefined;
  return bits;
}
