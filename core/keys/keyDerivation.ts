import forge from 'node-forge';
import { objectIdentifierOf, partsOf, readDer, unsignedOf } from './asn1';

/**
 * Maximum rounds of key derivation in OpenSSL. It derives synchronously and blocks n8n meanwhile: ten million rounds of PBKDF2 take some
 * seconds, and a damaged or malicious number would take hours. OpenSSL writes 2,048 rounds, careful people write 600,000.
 */
export const MAXIMUM_ROUNDS = 10_000_000;

/**
 * Maximum rounds of key derivation in node-forge, which derives in JavaScript: 100,000 take about half a second, with SHA-512 a second.
 * Today's programs write 2,048 to 10,000.
 */
const MAXIMUM_ROUNDS_IN_JAVASCRIPT = 100_000;

/** scrypt (RFC 7914 §7). */
const SCRYPT = '1.3.6.1.4.1.11591.4.11';

/**
 * Rounds of key derivation that an encrypted private key (RFC 5958 §3) names: with PBKDF2 (RFC 8018 §5.2), PBES1 (RFC 8018 §6.1), the older
 * schemes of PKCS#12 (RFC 7292, appendix C), or scrypt, whose N, r and p are multiplied. `NaN` if it names none.
 *
 * @throws Error if it is not DER
 */
export function roundsOfPrivateKey(der: Buffer): number {
  const [scheme] = partsOf(readDer(der));
  const [first] = partsOf(partsOf(scheme)[1]);
  // PBES2 names its key derivation in its first parameter; the older schemes are a key derivation themselves.
  const [identifier, parameters] = partsOf(partsOf(first).length ? first : scheme);
  const [, ...numbers] = partsOf(parameters).map((parameter) => unsignedOf(parameter) ?? NaN);
  const [rounds = NaN, blockSize = NaN, parallel = NaN] = numbers;
  return objectIdentifierOf(identifier) === SCRYPT ? rounds * blockSize * parallel : rounds;
}

/** A file names more rounds of key derivation than the maximum. */
export class TooManyRounds extends Error {
  constructor(readonly rounds: number) {
    super(`${rounds} rounds of key derivation`);
  }
}

type Derive = (...parameters: unknown[]) => unknown;

/**
 * Runs a synchronous action in which node-forge derives keys, and bounds the rounds of key derivation in it.
 *
 * During the action, node-forge uses PBKDF2 of Node.js, as it does if it is given the name of a hash function. For PKCS#12 it would use an
 * object that hashes, and derive in JavaScript, which takes eighty times as long. Afterwards node-forge is restored, because other packages
 * may share it.
 *
 * @throws TooManyRounds
 */
export function withBoundedDerivation<Result>(action: () => Result): Result {
  const { pkcs5, pkcs12, pki } = forge as unknown as {
    pkcs5: { pbkdf2: Derive };
    pkcs12: { generateKey: Derive };
    pki: { pbe: { generatePkcs12Key: Derive } };
  };
  const { pbkdf2 } = pkcs5;
  const { generateKey } = pkcs12;
  const { generatePkcs12Key } = pki.pbe;

  const countNative = roundCounter(MAXIMUM_ROUNDS);
  pkcs5.pbkdf2 = (password, salt, rounds, length, hash) => {
    countNative(rounds);
    return pbkdf2(password, salt, rounds, length, (hash as { algorithm: string }).algorithm);
  };
  const countInJavaScript = roundCounter(MAXIMUM_ROUNDS_IN_JAVASCRIPT);
  pkcs12.generateKey = pki.pbe.generatePkcs12Key = (password, salt, id, rounds, ...rest) => {
    // An initialisation vector (ID 2) takes as many rounds as its key, and is counted with it.
    if (id !== 2) countInJavaScript(rounds);
    return generatePkcs12Key(password, salt, id, rounds, ...rest);
  };
  try {
    return action();
  } finally {
    pkcs5.pbkdf2 = pbkdf2;
    pkcs12.generateKey = generateKey;
    pki.pbe.generatePkcs12Key = generatePkcs12Key;
  }
}

/** Adds up rounds, and throws `TooManyRounds` as soon as the sum is beyond a maximum. */
function roundCounter(maximum: number): (rounds: unknown) => void {
  let sum = 0;
  return (rounds) => {
    sum += Number(rounds);
    if (!(sum <= maximum)) throw new TooManyRounds(sum);
  };
}
