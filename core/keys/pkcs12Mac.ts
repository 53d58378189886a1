import { createHmac, timingSafeEqual } from 'node:crypto';
import { objectIdentifierOf, octetsOf, partsOf, unsignedOf, type Asn1 } from './asn1';
import { digestSize, type HashName, type KeyDerivation } from './keyDerivation';
import { derivedKey, hmacOf, UnknownEncryption, type Passphrase } from './passphraseEncryption';

/** Hash functions (RFC 8017, appendix B.1). */
const HASHES: Partial<Record<string, HashName>> = {
  '1.2.840.113549.2.5': 'md5',
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.4': 'sha224',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
  '2.16.840.1.101.3.4.2.5': 'sha512-224',
  '2.16.840.1.101.3.4.2.6': 'sha512-256',
};

const PBMAC1 = '1.2.840.113549.1.5.14';

/**
 * Whether the checksum of a PKCS#12 file is right: that of RFC 7292, appendix A, or PBMAC1 (RFC 9579).
 *
 * @param macData DigestInfo, salt, and the number of rounds
 * @throws UnknownEncryption, TooManyRounds
 */
export async function hasRightMac(
  macData: Asn1,
  content: Buffer,
  passphrase: Passphrase,
  derivation: KeyDerivation,
): Promise<boolean> {
  const [digestInfo, saltElement, rounds] = partsOf(macData);
  const [algorithm, digestElement] = partsOf(digestInfo);
  const [oid, parameters] = partsOf(algorithm);
  const expected = octetsOf(digestElement) ?? Buffer.alloc(0);
  const identifier = objectIdentifierOf(oid) ?? '';
  let hash: HashName | undefined;
  let key: Buffer;
  if (identifier === PBMAC1) {
    const [keyDerivation, scheme] = partsOf(parameters);
    hash = hmacOf(scheme);
    // RFC 9579 §5: the parameters of PBKDF2 name the length of the key.
    const length = keyLengthOf(keyDerivation) ?? digestSize(hash);
    key = await derivedKey(keyDerivation, length, passphrase, derivation);
  } else {
    hash = HASHES[identifier];
    const salt = octetsOf(saltElement);
    if (!hash || !salt) throw new UnknownEncryption(identifier);
    // The number of rounds is 1 if it is left out.
    const count = rounds ? (unsignedOf(rounds) ?? NaN) : 1;
    key = await derivation.pkcs12(passphrase.unicode, salt, 3, count, digestSize(hash), hash);
  }
  const actual = createHmac(hash, key).update(content).digest();
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

function keyLengthOf(keyDerivation: Asn1 | undefined): number | undefined {
  const [, parameters] = partsOf(keyDerivation);
  const [, , length] = partsOf(parameters);
  const bytes = unsignedOf(length);
  return bytes !== undefined && bytes <= 1024 ? bytes : undefined;
}
