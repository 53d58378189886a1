import { createPrivateKey, type KeyObject } from 'node:crypto';
import { OpenBankingError } from '../errors/OpenBankingError';
import { assertCanBeDecrypted } from './encryptedPrivateKey';
import { readPem, type PemBlock } from './pem';

/** A private key of a field. */
export interface ParsedPrivateKey {
  readonly key: KeyObject;
  /** The key in PEM, still encrypted where it was; nothing of a JWK. */
  readonly pem?: string;
  /** Whether `pem` needs the passphrase. */
  readonly encrypted: boolean;
  /** What had to be mended, see `readPem`. */
  readonly repairs: string[];
}

/**
 * A private key in PEM (PKCS#8, PKCS#1 or SEC1, encrypted or not), or in JWK (RFC 7517).
 *
 * @param field the field's name, for the message
 * @throws OpenBankingError `private-key-missing`, `private-key-malformed`, `jwk-malformed`, `passphrase-missing`, `passphrase-wrong`,
 * `private-key-encryption-unsupported`
 */
export function parsePrivateKey(
  given: string | undefined,
  passphrase: string | undefined,
  field: string,
): ParsedPrivateKey {
  if (!given?.trim()) {
    throw new OpenBankingError('private-key-missing', { message: `"${field}" is empty` });
  }
  const json = jsonIn(given);
  if (json) return { key: parseJwk(json, field), encrypted: false, repairs: [] };
  const { blocks, broken, repairs } = readPem(given, kindOfBareKey);
  const block = blocks.find(({ kind }) => keyKinds.has(kind));
  if (!block || broken.some((kind) => keyKinds.has(kind))) {
    throw new OpenBankingError('private-key-malformed', {
      message: `"${field}" ${whatItHolds(blocks)}`,
    });
  }
  const encrypted = block.kind === 'ENCRYPTED PRIVATE KEY' || block.cipher !== undefined;
  const key = encrypted ? decrypt(block, passphrase, field) : parseBlock(block, field);
  return { key, pem: block.pem, encrypted, repairs };
}

const keyKinds = new Set([
  'PRIVATE KEY',
  'RSA PRIVATE KEY',
  'EC PRIVATE KEY',
  'ENCRYPTED PRIVATE KEY',
]);

function parseBlock({ pem }: PemBlock, field: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    // The library's own message is left out: of a key nothing may be quoted.
    throw unreadable(field);
  }
}

function decrypt(block: PemBlock, passphrase: string | undefined, field: string): KeyObject {
  if (!passphrase) {
    throw new OpenBankingError('passphrase-missing', {
      message: `"${field}" is encrypted, and no passphrase is given`,
    });
  }
  assertCanBeDecrypted(block, field);
  try {
    return createPrivateKey({ key: block.pem, passphrase });
  } catch (error) {
    if (isBadDecrypt(error) || isWhole(block.pem)) {
      throw new OpenBankingError('passphrase-wrong', {
        message: `"${field}" does not open with the given passphrase`,
      });
    }
    throw unreadable(field);
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

function unreadable(field: string): OpenBankingError {
  return new OpenBankingError('private-key-malformed', {
    message: `"${field}" holds no private key that can be read`,
  });
}

function whatItHolds(blocks: readonly PemBlock[]): string {
  const kinds = blocks.map(({ kind }) => kind).join();
  if (kinds.includes('OPENSSH')) {
    return 'holds a key in the format of OpenSSH: "ssh-keygen -p -m PKCS8 -f key.pem" turns it into PEM';
  }
  if (kinds.includes('PUBLIC KEY')) return 'holds a public key where a private key is expected';
  if (kinds.includes('REQUEST')) {
    return 'holds a request for a certificate (CSR) where a private key is expected';
  }
  if (kinds.includes('CERTIFICATE')) {
    return 'holds a certificate where a private key is expected';
  }
  return 'holds no private key that can be read';
}

/** By what follows the outermost SEQUENCE: a version and a number (RFC 8017), an algorithm (RFC 5208), or an octet string (RFC 5915). */
function kindOfBareKey(der: Buffer): string {
  const header = der[1]! < 0x80 ? 2 : 2 + (der[1]! & 0x7f);
  const [tag, , version, next] = der.subarray(header);
  if (tag === 0x30) return 'ENCRYPTED PRIVATE KEY';
  if (version === 1 && next === 0x04) return 'EC PRIVATE KEY';
  return next === 0x02 ? 'RSA PRIVATE KEY' : 'PRIVATE KEY';
}

/** The text of a JWK, without what mail and editors put around it; nothing where the field holds something else. */
function jsonIn(given: string): string | undefined {
  const text = given.replace(/^\ufeff/, '').trim();
  if (/^["']\s*\{/.test(text)) return text.slice(1, -1).replaceAll('\\"', '"').trim();
  return text.startsWith('{') ? text : undefined;
}

function parseJwk(given: string, field: string): KeyObject {
  const malformed = (what: string) =>
    new OpenBankingError('jwk-malformed', { message: `"${field}" ${what}` });
  let jwk: Record<string, unknown>;
  try {
    jwk = JSON.parse(given) as Record<string, unknown>;
  } catch {
    throw malformed('begins with "{", and is no JSON');
  }
  if (Array.isArray(jwk.keys)) throw malformed('holds a set of keys (JWKS) in place of one key');
  if (typeof jwk.kty !== 'string') throw malformed('is JSON, but no key: it has no "kty"');
  if (jwk.kty === 'oct') throw malformed('holds a symmetric key');
  if (typeof jwk.d !== 'string') throw malformed('holds a public key: it has no "d"');
  try {
    return createPrivateKey({ key: jwk, format: 'jwk' });
  } catch {
    throw malformed('holds no private key that can be read');
  }
}
