import { createDecipheriv } from 'node:crypto';
import forge from 'node-forge';
import { objectIdentifierOf, octetsOf, partsOf, unsignedOf, type Asn1 } from './asn1';
import { TooManyRounds, type HashName, type KeyDerivation } from './keyDerivation';

/** A passphrase in the two forms that programs derive keys from. */
export interface Passphrase {
  /** For the schemes of PKCS#12, see `unicodePassphrase`. */
  readonly unicode: Buffer;
  /** For all others. */
  readonly bytes: Buffer;
}

/** The content is encrypted with an algorithm that is not known here. */
export class UnknownEncryption extends Error {
  /** @param algorithm its name, or its object identifier */
  constructor(readonly algorithm: string) {
    super(`encrypted with ${algorithm}`);
  }
}

/** The passphrase is wrong, or the content is damaged. */
export class NotDecrypted extends Error {}

/** A cipher with its key and initialisation vector. */
interface Cipher {
  readonly name: string;
  readonly key: Buffer;
  readonly vector: Buffer;
}

/** A scheme of PKCS#12 (RFC 7292, appendix C). */
interface Pkcs12Scheme {
  readonly name: string;
  readonly cipher?: string;
  readonly keySize: number;
}

const PKCS12 = '1.2.840.113549.1.12.1.';
const PKCS12_SCHEMES: Partial<Record<string, Pkcs12Scheme>> = {
  [`${PKCS12}1`]: { name: 'RC4-128', keySize: 16 },
  [`${PKCS12}2`]: { name: 'RC4-40', keySize: 5 },
  [`${PKCS12}3`]: { name: '3DES', cipher: 'des-ede3-cbc', keySize: 24 },
  [`${PKCS12}4`]: { name: '3DES with two keys', cipher: 'des-ede-cbc', keySize: 16 },
  [`${PKCS12}5`]: { name: 'RC2-128', cipher: 'rc2', keySize: 16 },
  [`${PKCS12}6`]: { name: 'RC2-40', cipher: 'rc2', keySize: 5 },
};

/** PBES1 (RFC 8018, appendix A.3). MD2 is not among them: no program of the last twenty years wrote it. */
const PBES1: Partial<Record<string, { name: string; hash: HashName; cipher: string }>> = {
  '1.2.840.113549.1.5.3': { name: 'DES', hash: 'md5', cipher: 'des' },
  '1.2.840.113549.1.5.6': { name: 'RC2-64', hash: 'md5', cipher: 'rc2' },
  '1.2.840.113549.1.5.10': { name: 'DES', hash: 'sha1', cipher: 'des' },
  '1.2.840.113549.1.5.11': { name: 'RC2-64', hash: 'sha1', cipher: 'rc2' },
};

const PBES2 = '1.2.840.113549.1.5.13';
const PBKDF2 = '1.2.840.113549.1.5.12';
/** The object identifier of scrypt (RFC 7914 §7). */
export const SCRYPT = '1.3.6.1.4.1.11591.4.11';

/** Ciphers of PBES2 (RFC 8018, appendix B.2; RFC 3657 §A.2), with the sizes of their keys. */
const CIPHERS: Partial<Record<string, { cipher: string; keySize: number; legacyName?: string }>> = {
  '2.16.840.1.101.3.4.1.2': { cipher: 'aes-128-cbc', keySize: 16 },
  '2.16.840.1.101.3.4.1.22': { cipher: 'aes-192-cbc', keySize: 24 },
  '2.16.840.1.101.3.4.1.42': { cipher: 'aes-256-cbc', keySize: 32 },
  '1.2.392.200011.61.1.1.1.2': { cipher: 'camellia-128-cbc', keySize: 16 },
  '1.2.392.200011.61.1.1.1.3': { cipher: 'camellia-192-cbc', keySize: 24 },
  '1.2.392.200011.61.1.1.1.4': { cipher: 'camellia-256-cbc', keySize: 32 },
  '1.2.840.113549.3.7': { cipher: 'des-ede3-cbc', keySize: 24, legacyName: '3DES' },
  '1.3.14.3.2.7': { cipher: 'des', keySize: 8, legacyName: 'DES' },
};

/** HMAC functions (RFC 8018, appendix B.1). */
const HMACS: Partial<Record<string, HashName>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
  '1.2.840.113549.2.12': 'sha512-224',
  '1.2.840.113549.2.13': 'sha512-256',
};

/** Decrypted bytes. */
export interface Decrypted {
  readonly content: Buffer;
  /** The name of the cipher if it is outdated. */
  readonly legacyCipher?: string;
}

/**
 * Decrypts a content that a passphrase protects, in all forms that programs of the last fifteen years wrote: PBES2 (RFC 8018 §6.2), PBES1
 * (§6.1), and the schemes of PKCS#12 (RFC 7292, appendix C) except RC4.
 *
 * @param algorithm the AlgorithmIdentifier
 * @throws UnknownEncryption, NotDecrypted, TooManyRounds
 */
export async function decrypted(
  algorithm: Asn1 | undefined,
  encrypted: Buffer,
  passphrase: Passphrase,
  derivation: KeyDerivation,
): Promise<Decrypted> {
  const [oid, parameters] = partsOf(algorithm);
  const identifier = objectIdentifierOf(oid) ?? '';
  const pkcs12 = PKCS12_SCHEMES[identifier];
  const pbes1 = PBES1[identifier];
  if (identifier === PBES2) {
    const { cipher, legacyName } = await pbes2Cipher(parameters, passphrase, derivation);
    return { content: decipher(cipher, encrypted), legacyCipher: legacyName };
  }
  const [salt, rounds] = saltAndRounds(parameters);
  if (pbes1) {
    const { hash, cipher: name } = pbes1;
    const derived = await derivation.pbkdf1(passphrase.bytes, salt, rounds, hash);
    const cipher = { name, key: derived.subarray(0, 8), vector: derived.subarray(8, 16) };
    return { content: decipher(cipher, encrypted), legacyCipher: pbes1.name };
  }
  if (!pkcs12?.cipher) throw new UnknownEncryption(pkcs12?.name ?? identifier);
  const derive = (purpose: 1 | 2, length: number) =>
    derivation.pkcs12(passphrase.unicode, salt, purpose, rounds, length, 'sha1');
  const cipher = {
    name: pkcs12.cipher,
    key: await derive(1, pkcs12.keySize),
    vector: await derive(2, 8),
  };
  return { content: decipher(cipher, encrypted), legacyCipher: pkcs12.name };
}

/** Salt and rounds, the first two parameters of most schemes. @throws UnknownEncryption */
function saltAndRounds(parameters: Asn1 | undefined): [salt: Buffer, rounds: number] {
  const [salt, rounds] = partsOf(parameters);
  const [bytes, count] = [octetsOf(salt), unsignedOf(rounds)];
  if (!bytes || count === undefined) throw new UnknownEncryption('an unknown algorithm');
  return [bytes, count];
}

/**
 * The key that a KeyDerivationFunc of RFC 8018 (PBKDF2) or RFC 7914 (scrypt) yields.
 *
 * @param length its bytes; the file may name them, too
 * @throws UnknownEncryption, TooManyRounds
 */
export async function derivedKey(
  functionIdentifier: Asn1 | undefined,
  length: number,
  passphrase: Passphrase,
  derivation: KeyDerivation,
): Promise<Buffer> {
  const [oid, parameters] = partsOf(functionIdentifier);
  const identifier = objectIdentifierOf(oid) ?? '';
  if (identifier === SCRYPT) {
    const [saltElement, ...numbers] = partsOf(parameters);
    const [N = NaN, r = NaN, p = NaN] = numbers.map((number) => unsignedOf(number) ?? NaN);
    const salt = octetsOf(saltElement) ?? Buffer.alloc(0);
    try {
      return await derivation.scrypt(passphrase.bytes, salt, { N, r, p }, length);
    } catch (error) {
      if (error instanceof TooManyRounds) throw error;
      throw new UnknownEncryption('scrypt with numbers that it does not have');
    }
  }
  if (identifier !== PBKDF2) throw new UnknownEncryption(identifier);
  const [salt, rounds] = saltAndRounds(parameters);
  // PBKDF2-params: salt, rounds, key length (optional), HMAC (SHA-1 if it is left out).
  const hmac = partsOf(parameters)
    .slice(2)
    .find((part) => partsOf(part).length);
  const hmacIdentifier = objectIdentifierOf(partsOf(hmac)[0]);
  const digest = hmac ? HMACS[hmacIdentifier ?? ''] : 'sha1';
  if (!digest) throw new UnknownEncryption(hmacIdentifier ?? identifier);
  return derivation.pbkdf2(passphrase.bytes, salt, rounds, length, digest);
}

/** The hash function of an HMAC by its AlgorithmIdentifier. @throws UnknownEncryption */
export function hmacOf(algorithm: Asn1 | undefined): HashName {
  const identifier = objectIdentifierOf(partsOf(algorithm)[0]) ?? '';
  const digest = HMACS[identifier];
  if (!digest) throw new UnknownEncryption(identifier);
  return digest;
}

async function pbes2Cipher(
  parameters: Asn1 | undefined,
  passphrase: Passphrase,
  derivation: KeyDerivation,
): Promise<{ cipher: Cipher; legacyName?: string }> {
  const [keyDerivation, encryption] = partsOf(parameters);
  const [oid, vectorElement] = partsOf(encryption);
  const identifier = objectIdentifierOf(oid) ?? '';
  const known = CIPHERS[identifier];
  const vector = octetsOf(vectorElement);
  if (!known || !vector) throw new UnknownEncryption(identifier);
  const key = await derivedKey(keyDerivation, known.keySize, passphrase, derivation);
  return { cipher: { name: known.cipher, key, vector }, legacyName: known.legacyName };
}

function decipher({ name, key, vector }: Cipher, encrypted: Buffer): Buffer {
  try {
    if (name === 'rc2') return decipherRc2(key, vector, encrypted);
    // DES is 3DES with three equal keys. OpenSSL 3 offers only the latter.
    const isDes = name === 'des';
    const native = createDecipheriv(
      isDes ? 'des-ede3-cbc' : name,
      isDes ? Buffer.concat([key, key, key]) : key,
      vector,
    );
    return Buffer.concat([native.update(encrypted), native.final()]);
  } catch {
    throw new NotDecrypted();
  }
}

/** RC2, which OpenSSL 3 does not load. */
function decipherRc2(key: Buffer, vector: Buffer, encrypted: Buffer): Buffer {
  const { rc2, util } = forge as unknown as {
    rc2: { createDecryptionCipher(key: string, bits: number): forge.cipher.BlockCipher };
    util: typeof forge.util;
  };
  const cipher = rc2.createDecryptionCipher(key.toString('binary'), key.length * 8);
  (cipher.start as (vector: string) => void)(vector.toString('binary'));
  cipher.update(util.createBuffer(encrypted.toString('binary')));
  if (!cipher.finish()) throw new NotDecrypted();
  return Buffer.from(cipher.output.getBytes(), 'binary');
}
