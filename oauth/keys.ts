import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto';
import { OpenBankingError } from '../errors/OpenBankingError';
import type { SigningAlgorithm } from './settings';

/**
 * A private key in PEM: PKCS#8, PKCS#1 or SEC1, encrypted or not.
 *
 * @throws OpenBankingError `private-key-missing`, `private-key-malformed`, `passphrase-missing`, `passphrase-wrong`
 */
export function parsePrivateKey(
  pem: string | undefined,
  passphrase: string | undefined,
  label: string,
): KeyObject {
  if (!pem?.trim()) {
    throw new OpenBankingError('private-key-missing', { message: `"${label}" is empty` });
  }
  const encrypted = /ENCRYPTED/.test(pem);
  if (encrypted && !passphrase) {
    throw new OpenBankingError('passphrase-missing', {
      message: `"${label}" is encrypted, and no passphrase is given`,
    });
  }
  try {
    return createPrivateKey({ key: pem, passphrase: encrypted ? passphrase : undefined });
  } catch (error) {
    // The library's own message is left out: of a key nothing may be quoted.
    if (encrypted && (isBadDecrypt(error) || isWhole(pem))) {
      throw new OpenBankingError('passphrase-wrong', {
        message: `"${label}" does not open with the given passphrase`,
      });
    }
    const what = pem.includes('BEGIN CERTIFICATE')
      ? 'holds a certificate where a private key is expected'
      : 'holds no private key that can be read';
    throw new OpenBankingError('private-key-malformed', { message: `"${label}" ${what}` });
  }
}

/**
 * Whether an encrypted key is intact, so that its passphrase alone is at fault: of 256 wrong passphrases one decrypts it to something
 * that merely is no key, and OpenSSL then says the same as of a damaged one.
 */
function isWhole(pem: string): boolean {
  return ['1', '2', '3'].some((passphrase) => {
    try {
      createPrivateKey({ key: pem, passphrase });
      return true;
    } catch (error) {
      return isBadDecrypt(error);
    }
  });
}

function isBadDecrypt(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'ERR_OSSL_BAD_DECRYPT';
}

/**
 * Compares the public halves.
 *
 * @throws OpenBankingError `key-certificate-mismatch`
 */
export function assertKeyFitsCertificate(
  key: KeyObject,
  certificate: X509Certificate,
  keyLabel: string,
  certificateLabel: string,
): void {
  if (!certificate.checkPrivateKey(key)) {
    throw new OpenBankingError('key-certificate-mismatch', {
      message: `"${keyLabel}" does not belong to "${certificateLabel}"`,
    });
  }
}

const needs: Record<SigningAlgorithm, { what: string; fits: (key: KeyObject) => boolean }> = {
  PS256: { what: 'an RSA key of at least 2048 bits', fits: isRsa2048 },
  RS256: { what: 'an RSA key of at least 2048 bits', fits: isRsa2048 },
  ES256: {
    what: 'an EC key on the curve P-256',
    fits: (key) => key.asymmetricKeyDetails?.namedCurve === 'prime256v1',
  },
  EdDSA: { what: 'an Ed25519 key', fits: (key) => key.asymmetricKeyType === 'ed25519' },
};

/**
 * RFC 7518 §3.3, §3.4, §3.5 and RFC 8037 §3.1: each algorithm wants a kind of key.
 *
 * @throws OpenBankingError `algorithm-key-mismatch`, `setting-malformed`
 */
export function assertAlgorithmFits(
  algorithm: SigningAlgorithm,
  key: KeyObject,
  label: string,
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
    message: `${algorithm} needs ${need.what}; "${label}" is ${asymmetricKeyType} ${size}`.trim(),
  });
}

function isRsa2048(key: KeyObject): boolean {
  return key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048;
}
