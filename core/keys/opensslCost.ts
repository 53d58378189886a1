import { objectIdentifierOf, partsOf, unsignedOf, type Asn1 } from './asn1';
import { SCRYPT } from './passphraseEncryption';

/** Rounds of key derivation that take OpenSSL a few milliseconds at most. */
const CHEAP_ROUNDS = 20_000;

/**
 * Whether OpenSSL derives the key of this AlgorithmIdentifier within some milliseconds. TLS does so for each connection, synchronously.
 */
export function isCheapForOpenssl(algorithm: Asn1 | undefined): boolean {
  const [, parameters] = partsOf(algorithm);
  const [first, second] = partsOf(parameters);
  // PBES2 names its key derivation in its first parameter; the older schemes have salt and rounds there.
  const [identifier, derivation] = partsOf(first);
  if (objectIdentifierOf(identifier) === SCRYPT) return false;
  const rounds = unsignedOf(partsOf(first).length ? partsOf(derivation)[1] : second);
  return rounds !== undefined && rounds <= CHEAP_ROUNDS;
}
