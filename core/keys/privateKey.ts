import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { ProblemOf } from '../errors/catalogue';
import { OpenBankingError } from '../errors/OpenBankingError';
import { MAXIMUM_ROUNDS, roundsOfPrivateKey } from './keyDerivation';
import { readPem, type PemBlock } from './pem';

/** A private key as a person pasted it into a field. */
export interface ParsedPrivateKey {
  readonly key: KeyObject;
  /** The key in PEM, encrypted if it was; `undefined` for a JWK. */
  readonly pem?: string;
  /** Whether `pem` is encrypted. */
  readonly encrypted: boolean;
  /** Repairs to the text, see `readPem`. */
  readonly repairs: string[];
}

/**
 * Reads a private key in PEM (PKCS#8, PKCS#1 or SEC1, encrypted or not), or in JWK (RFC 7517).
 *
 * @param field the field's name, for the message
 * @throws OpenBankingError `field-missing`, `private-key-malformed`, `passphrase-wrong`,
 * `encryption-unsupported`
 */
export function parsePrivateKey(
  given: string | undefined,
  passphrase: string | undefined,
  field: string,
): ParsedPrivateKey {
  if (!given?.trim()) {
    throw new OpenBankingError('field-missing', {
      problem: 'empty',
      values: { field },
      description:
        'Paste the private key in PEM, from "-----BEGIN PRIVATE KEY-----" to "-----END PRIVATE KEY-----".',
    });
  }
  const json = jsonIn(given);
  if (json) return { key: parseJwk(json, field), encrypted: false, repairs: [] };
  const { blocks, broken, repairs } = readPem(given, kindOfBareKey);
  const block = blocks.find(({ kind }) => keyKinds.has(kind));
  if (!block || broken.some((kind) => keyKinds.has(kind))) {
    throw malformed(field, problemOf(blocks));
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
    // OpenSSL's message is left out, because no part of a key may be shown.
    throw malformed(field, 'unreadable');
  }
}

function decrypt(block: PemBlock, passphrase: string | undefined, field: string): KeyObject {
  if (!passphrase) {
    throw new OpenBankingError('passphrase-wrong', {
      problem: 'missing',
      values: { field },
    });
  }
  if (!block.cipher) assertRoundsAreFew(block, field);
  try {
    return createPrivateKey({ key: block.pem, passphrase });
  } catch (error) {
    const code = String((error as NodeJS.ErrnoException).code);
    if (UNSUPPORTED.test(code)) throw unsupportedCipher(block, field);
    // OpenSSL cannot tell these apart: one of 256 wrong passphrases decrypts to bytes that are no key, as a damaged file does.
    throw new OpenBankingError('passphrase-wrong', {
      problem: 'wrong',
      values: { field },
    });
  }
}

/**
 * OpenSSL does not know the cipher or key derivation: `ERR_OSSL_EVP_UNSUPPORTED`, `ERR_OSSL_EVP_UNKNOWN_PBE_ALGORITHM`,
 * `ERR_OSSL_PEM_UNSUPPORTED_ENCRYPTION` and the like. A wrong passphrase is `ERR_OSSL_BAD_DECRYPT` or `ERR_OSSL_UNSUPPORTED`.
 */
const UNSUPPORTED = /^ERR_OSSL_(EVP|PEM)_(UNSUPPORTED|UNKNOWN)/;

/** @throws OpenBankingError `private-key-malformed`, `encryption-unsupported` */
function assertRoundsAreFew({ der }: PemBlock, field: string): void {
  let rounds: number;
  try {
    rounds = roundsOfPrivateKey(der);
  } catch {
    throw malformed(field, 'unreadable');
  }
  if (rounds <= MAXIMUM_ROUNDS) return;
  throw Number.isNaN(rounds)
    ? new OpenBankingError('encryption-unsupported', { problem: 'unknown', values: { field } })
    : new OpenBankingError('encryption-unsupported', {
        problem: 'rounds',
        values: { field, rounds },
      });
}

function unsupportedCipher({ cipher }: PemBlock, field: string): OpenBankingError {
  return cipher === undefined
    ? new OpenBankingError('encryption-unsupported', { problem: 'outdated', values: { field } })
    : new OpenBankingError('encryption-unsupported', {
        problem: 'cipher',
        values: { field, cipher },
      });
}

function malformed(field: string, problem: ProblemOf<'private-key-malformed'>): OpenBankingError {
  return new OpenBankingError('private-key-malformed', { problem, values: { field } });
}

function problemOf(blocks: readonly PemBlock[]): ProblemOf<'private-key-malformed'> {
  const kinds = blocks.map(({ kind }) => kind).join();
  if (kinds.includes('OPENSSH')) return 'openssh';
  if (kinds.includes('PUBLIC KEY')) return 'publicKey';
  if (kinds.includes('REQUEST')) return 'request';
  return kinds.includes('CERTIFICATE') ? 'certificate' : 'unreadable';
}

/**
 * The kind of a private key in DER. Its outermost SEQUENCE begins with an algorithm if it is encrypted (RFC 5958 §3); otherwise with a
 * version and then a number (RFC 8017 §A.1.2), an octet string (RFC 5915 §3), or an algorithm (RFC 5958 §2).
 */
function kindOfBareKey(der: Buffer): string {
  const header = der[1]! < 0x80 ? 2 : 2 + (der[1]! & 0x7f);
  const [tag, , version, next] = der.subarray(header);
  if (tag === 0x30) return 'ENCRYPTED PRIVATE KEY';
  if (version === 1 && next === 0x04) return 'EC PRIVATE KEY';
  return next === 0x02 ? 'RSA PRIVATE KEY' : 'PRIVATE KEY';
}

/** The text of a JWK without a byte order mark or quotes around it; `undefined` if the field holds something else. */
function jsonIn(given: string): string | undefined {
  const text = given.replace(/^\ufeff/, '').trim();
  if (/^["']\s*\{/.test(text)) return text.slice(1, -1).replaceAll('\\"', '"').trim();
  return text.startsWith('{') ? text : undefined;
}

function parseJwk(given: string, field: string): KeyObject {
  let jwk: Record<string, unknown>;
  try {
    jwk = JSON.parse(given) as Record<string, unknown>;
  } catch {
    throw malformed(field, 'json');
  }
  if (Array.isArray(jwk.keys)) throw malformed(field, 'keySet');
  if (typeof jwk.kty !== 'string') throw malformed(field, 'noKey');
  if (jwk.kty === 'oct') throw malformed(field, 'symmetric');
  if (typeof jwk.d !== 'string') throw malformed(field, 'publicJwk');
  try {
    return createPrivateKey({ key: jwk, format: 'jwk' });
  } catch {
    throw malformed(field, 'unreadable');
  }
}
