import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto';
import type { ProblemOf } from '../errors/catalogue';
import { OpenBankingError } from '../errors/OpenBankingError';
import { octetsOf, partsOf, readDer, type Asn1 } from './asn1';
import { certificatesBeside, certificatesOf } from './certificates';
import { foreignContentError } from './foreignContent';
import { decrypted, NotDecrypted, type Passphrase } from './passphraseEncryption';
import { notOpened, withPassphrase } from './passphrases';
import { isCheapForOpenssl } from './opensslCost';
import { readPem, type PemBlock } from './pem';
import { KeyDerivation } from './keyDerivation';
import { KEY_LIMITS, tooManyKeys } from './keyLimits';
import { isSameKey } from './sameKey';

/** A private key of a field. */
export interface ReadKey {
  readonly key: KeyObject;
  /**
   * The key in PEM, encrypted if it was; `undefined` for a JWK, and for a key that OpenSSL decrypts slowly or not at all: each TLS
   * connection would do it again.
   */
  readonly pem?: string;
  /** The passphrase of `pem`; `undefined` if it is not encrypted. */
  readonly passphrase?: string;
}

/** Private keys as a person pasted them into a field. */
export interface ParsedPrivateKeys {
  /** In the order of the field. */
  readonly keys: readonly [ReadKey, ...ReadKey[]];
  /** Certificates beside the keys, or of the JWK (`x5c`); mostly none. */
  readonly certificates: readonly X509Certificate[];
  /** Repairs to the text, see `readPem`. */
  readonly repairs: string[];
  /** Repairs to the passphrase. */
  readonly passphraseRepairs: string[];
}

/**
 * Reads the private keys of a field: PEM (PKCS#8, PKCS#1 or SEC1, encrypted or not), or one JWK (RFC 7517).
 *
 * @param field the field's name, for the message
 * @param wanted the content that the field is for
 * @throws OpenBankingError `field-missing`, `private-key-malformed`, `certificate-malformed`, `passphrase-wrong`,
 * `encryption-unsupported`
 */
export async function parsePrivateKeys(
  given: string | undefined,
  passphrase: string | undefined,
  field: string,
  wanted: 'privateKey' | 'decryptionKey' = 'privateKey',
): Promise<ParsedPrivateKeys> {
  if (!given?.trim()) {
    throw new OpenBankingError('field-missing', {
      problem: 'empty',
      values: { field },
      description:
        'Paste the private key in PEM, from "-----BEGIN PRIVATE KEY-----" to "-----END PRIVATE KEY-----".',
    });
  }
  const json = jsonIn(given);
  if (json) return parseJwk(json, field);
  const { blocks, broken, repairs } = readPem(given);
  const keyBlocks = blocks.filter(({ kind }) => keyKinds.has(kind));
  if (keyBlocks.length === 0 || broken.some((kind) => keyKinds.has(kind))) {
    throw foreignContentError(given, wanted, field) ?? malformed(field, 'unreadable');
  }
  if (keyBlocks.length > KEY_LIMITS.keys) throw tooManyKeys(field);
  const certificates = certificatesBeside(given, field);
  const derivation = new KeyDerivation();
  const keys: ReadKey[] = [];
  const passphraseRepairs = new Set<string>();
  for (const block of keyBlocks) {
    const { key, repairs: ofPassphrase } = await readBlock(block, passphrase, field, derivation);
    if (!keys.some((other) => isSameKey(other.key, key.key))) keys.push(key);
    ofPassphrase.forEach((repair) => passphraseRepairs.add(repair));
  }
  const [first, ...others] = keys;
  return {
    keys: [first!, ...others],
    certificates,
    repairs,
    passphraseRepairs: [...passphraseRepairs],
  };
}

const keyKinds = new Set([
  'PRIVATE KEY',
  'RSA PRIVATE KEY',
  'EC PRIVATE KEY',
  'ENCRYPTED PRIVATE KEY',
]);

interface BlockKey {
  readonly key: ReadKey;
  /** Repairs to the passphrase. */
  readonly repairs: string[];
}

async function readBlock(
  block: PemBlock,
  passphrase: string | undefined,
  field: string,
  derivation: KeyDerivation,
): Promise<BlockKey> {
  const isEncrypted = block.kind === 'ENCRYPTED PRIVATE KEY';
  if (!isEncrypted && block.cipher === undefined) {
    return { key: { key: parseBlock(block, field), pem: block.pem }, repairs: [] };
  }
  if (!passphrase) throw notOpened(passphrase, field);
  if (isEncrypted) return decryptPkcs8(block, passphrase, field, derivation);
  const opened = await withPassphrase(passphrase, field, ({ bytes }) =>
    decryptWithHeaders(block, bytes, field),
  );
  const key = { key: opened.content, pem: block.pem, passphrase: opened.passphrase };
  return { key, repairs: opened.repairs };
}

function parseBlock({ pem }: PemBlock, field: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    // OpenSSL's message is left out, because no part of a key may be shown.
    throw malformed(field, 'unreadable');
  }
}

/** Decrypts EncryptedPrivateKeyInfo (RFC 5958 §3). Node.js would derive the key synchronously. */
async function decryptPkcs8(
  block: PemBlock,
  passphrase: string,
  field: string,
  derivation: KeyDerivation,
): Promise<BlockKey> {
  let parts: Asn1[];
  try {
    parts = partsOf(readDer(block.der));
  } catch {
    throw malformed(field, 'unreadable');
  }
  const [algorithm, encrypted] = parts;
  const octets = octetsOf(encrypted);
  if (!octets) throw malformed(field, 'unreadable');
  const opened = await withPassphrase(
    passphrase,
    field,
    async (candidate: Passphrase) => {
      const { content } = await decrypted(algorithm, octets, candidate, derivation);
      return pkcs8Key(content);
    },
    derivation,
  );
  const isKept = isCheapForOpenssl(algorithm) && opensslOpens(block.pem, opened.passphrase);
  const kept = isKept ? { pem: block.pem, passphrase: opened.passphrase } : {};
  return { key: { key: opened.content, ...kept }, repairs: opened.repairs };
}

function pkcs8Key(content: Buffer): KeyObject {
  try {
    return createPrivateKey({ key: content, format: 'der', type: 'pkcs8' });
  } catch {
    // These cannot be told apart: one of 256 wrong passphrases decrypts to bytes that are no key, as a damaged file does.
    throw new NotDecrypted();
  }
}

function opensslOpens(pem: string, passphrase: string): boolean {
  try {
    return createPrivateKey({ key: pem, passphrase }).type === 'private';
  } catch {
    return false;
  }
}

/** Decrypts the older form of PEM (RFC 1421), which hashes the passphrase once. */
function decryptWithHeaders(block: PemBlock, passphrase: Buffer, field: string): KeyObject {
  try {
    return createPrivateKey({ key: block.pem, passphrase });
  } catch (error) {
    if (!UNSUPPORTED.test(String((error as NodeJS.ErrnoException).code))) throw new NotDecrypted();
    throw new OpenBankingError('encryption-unsupported', {
      problem: 'cipher',
      values: { field, cipher: block.cipher! },
    });
  }
}

/**
 * OpenSSL does not know the cipher: `ERR_OSSL_PEM_UNSUPPORTED_ENCRYPTION`, `ERR_OSSL_EVP_UNSUPPORTED` and the like. A wrong passphrase is
 * `ERR_OSSL_BAD_DECRYPT` or `ERR_OSSL_UNSUPPORTED`.
 */
const UNSUPPORTED = /^ERR_OSSL_(EVP|PEM)_(UNSUPPORTED|UNKNOWN)/;

function malformed(
  field: string,
  problem: Exclude<ProblemOf<'private-key-malformed'>, 'foreign' | 'members' | 'count'>,
): OpenBankingError {
  return new OpenBankingError('private-key-malformed', { problem, values: { field } });
}

/** The text of a JWK or key set without a byte order mark or quotes around it; `undefined` if the field holds something else. */
export function jsonIn(given: string): string | undefined {
  const text = given.replace(/^\ufeff/, '').trim();
  if (/^["']\s*\{/.test(text)) return text.slice(1, -1).replaceAll('\\"', '"').trim();
  return text.startsWith('{') && !text.startsWith('{{') ? text : undefined;
}

/** Members of a private RSA key that Node.js needs besides `n`, `e` and `d`; RFC 7518 §6.3.2 says that a producer should give them. */
const RSA_MEMBERS = ['n', 'e', 'p', 'q', 'dp', 'dq', 'qi'];

function parseJwk(given: string, field: string): ParsedPrivateKeys {
  const jwk = jwkIn(given, field);
  if (Array.isArray(jwk.keys)) throw malformed(field, 'keySet');
  const { key, certificates } = privateJwk(jwk, field);
  return { keys: [{ key }], certificates, repairs: [], passphraseRepairs: [] };
}

/**
 * The members of a JWK or key set.
 *
 * @param given as {@link jsonIn} returns it
 * @throws OpenBankingError `private-key-malformed`
 */
export function jwkIn(given: string, field: string): Record<string, unknown> {
  try {
    return JSON.parse(given) as Record<string, unknown>;
  } catch {
    throw malformed(field, 'json');
  }
}

/**
 * The private key of a JWK, and its certificates (`x5c`).
 *
 * @throws OpenBankingError `private-key-malformed`, `certificate-malformed`
 */
export function privateJwk(
  jwk: Record<string, unknown>,
  field: string,
): { key: KeyObject; certificates: readonly X509Certificate[] } {
  if (typeof jwk.kty !== 'string') throw malformed(field, 'noKey');
  if (jwk.kty === 'oct') throw malformed(field, 'symmetric');
  if (typeof jwk.d !== 'string' || !jwk.d) throw malformed(field, 'publicJwk');
  const missing = jwk.kty === 'RSA' ? RSA_MEMBERS.filter((name) => !jwk[name]) : [];
  if (missing.length) {
    const names = missing.map((name) => `"${name}"`).join(', ');
    throw new OpenBankingError('private-key-malformed', {
      problem: 'members',
      values: { field, names },
      description:
        'The public key and "d" are not enough to use it. Export the key again with all its members, or paste it in PEM.',
    });
  }
  try {
    const key = createPrivateKey({ key: jwk, format: 'jwk' });
    return { key, certificates: Array.isArray(jwk.x5c) ? certificatesOf(jwk.x5c, field) : [] };
  } catch (error) {
    if (error instanceof OpenBankingError) throw error;
    throw malformed(field, 'unreadable');
  }
}
