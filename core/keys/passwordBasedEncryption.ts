import type * as Forge from 'node-forge';
import { loadForge } from './forge';

const PBKDF2 = '1.2.840.113549.1.5.12';
const SCRYPT = '1.3.6.1.4.1.11591.4.11';

/** PBES1 (RFC 8018 §6.1) and that of PKCS#12 (RFC 7292, appendix C): their parameters are a salt and a number of rounds. */
const SALT_AND_ROUNDS = /^1\.2\.840\.113549\.1\.(5\.([1346]|10|11)|12\.1\.[1-6])$/;

/**
 * How much the key derivations that an ASN.1 element names cost together, in rounds of PBKDF2: a damaged number would stand still for hours.
 *
 * @throws where a number is none, or has more than 32 bits
 */
export function derivationCost(element: Forge.asn1.Asn1): number {
  const { asn1 } = loadForge();
  let cost = 0;
  for (const sequence of sequencesIn(element)) {
    const [identifier, parameters] = sequence;
    if (identifier?.type !== asn1.Type.OID || typeof identifier.value !== 'string') continue;
    if (!Array.isArray(parameters?.value)) continue;
    const numbers = parameters.value
      .filter(({ type, value }) => type === asn1.Type.INTEGER && typeof value === 'string')
      .map(({ value }) => asn1.derToInteger(value as string));
    const oid = asn1.derToOid(identifier.value);
    const [first = 0] = numbers;
    if (oid === PBKDF2 || SALT_AND_ROUNDS.test(oid)) cost += first >= 0 ? first : Infinity;
    // The length of the key may follow N, r and p (RFC 7914 §7.1).
    if (oid === SCRYPT) cost += numbers.slice(0, 3).reduce((product, each) => product * each, 1);
  }
  return cost;
}

/** All object identifiers in an ASN.1 element. */
export function identifiersIn(element: Forge.asn1.Asn1): string[] {
  const { asn1 } = loadForge();
  return elementsIn(element)
    .filter(({ type, value }) => type === asn1.Type.OID && typeof value === 'string')
    .map(({ value }) => asn1.derToOid(value as string));
}

function sequencesIn(element: Forge.asn1.Asn1): Forge.asn1.Asn1[][] {
  return elementsIn(element).flatMap(({ value }) => (Array.isArray(value) ? [value] : []));
}

/** An element with all that is in it; octet strings of PKCS#12 that hold further ASN.1 included. */
function elementsIn(element: Forge.asn1.Asn1): Forge.asn1.Asn1[] {
  const { asn1, util } = loadForge();
  const { type, value } = element;
  if (Array.isArray(value)) return [element, ...value.flatMap(elementsIn)];
  if (type === asn1.Type.OCTETSTRING && value.startsWith('\x30')) {
    try {
      return [element, ...elementsIn(asn1.fromDer(util.createBuffer(value)))];
    } catch {
      // Something encrypted, or a salt, that begins like a sequence.
    }
  }
  return [element];
}
