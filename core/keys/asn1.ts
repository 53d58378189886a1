import forge from 'node-forge';

const { asn1, util } = forge;

/** An element of ASN.1 (X.680). */
export type Asn1 = forge.asn1.Asn1;

/**
 * Reads DER, and BER with indefinite lengths (X.690).
 *
 * @throws Error if bytes are missing, left over, or neither
 */
export function readDer(der: Buffer): Asn1 {
  // Its types lack the options. Bit strings are not looked into: they hold keys and signatures.
  const fromDer = asn1.fromDer as unknown as (
    bytes: forge.util.ByteStringBuffer,
    options: object,
  ) => Asn1;
  const options = { strict: true, parseAllBytes: true, decodeBitStrings: false };
  return fromDer(util.createBuffer(der.toString('binary')), options);
}

/** Writes an element as DER. */
export function writeDer(element: Asn1): Buffer {
  return Buffer.from(asn1.toDer(element).getBytes(), 'binary');
}

/** The parts of a sequence, or an empty list if the element is not one. */
export function partsOf(element: Asn1 | undefined): Asn1[] {
  return Array.isArray(element?.value) ? element.value : [];
}

/** An object identifier as text, for example `2.5.29.15`; `undefined` if the element is not one. */
export function objectIdentifierOf(element: Asn1 | undefined): string | undefined {
  if (element?.type !== asn1.Type.OID || typeof element.value !== 'string') return undefined;
  return asn1.derToOid(element.value);
}

/** The value of an INTEGER, read as unsigned; `undefined` if the element is not one. */
export function unsignedOf(element: Asn1 | undefined): number | undefined {
  if (element?.type !== asn1.Type.INTEGER || typeof element.value !== 'string') return undefined;
  return Number(`0x${Buffer.from(element.value, 'binary').toString('hex')}`);
}

/** The bytes of an OCTET STRING, also of one that is in parts (BER, X.690 §8.7.3); `undefined` if the element is not one. */
export function octetsOf(element: Asn1 | undefined): Buffer | undefined {
  if (element?.tagClass !== asn1.Class.UNIVERSAL) return undefined;
  return element.type === asn1.Type.OCTETSTRING ? contentOf(element) : undefined;
}

/** The bytes of an OCTET STRING that has a tag of its own (`[0] IMPLICIT`), also of one that is in parts. */
export function contentOf(element: Asn1): Buffer {
  return typeof element.value === 'string'
    ? Buffer.from(element.value, 'binary')
    : Buffer.concat(element.value.map(contentOf));
}

/** An element and all elements in it, also in octet strings that contain DER again, as those of PKCS#12 and X.509 do. */
export function elementsIn(element: Asn1): Asn1[] {
  const octets = octetsOf(element);
  return [element, ...(octets ? encodedIn(octets) : partsOf(element)).flatMap(elementsIn)];
}

function encodedIn(octets: Buffer): Asn1[] {
  try {
    return octets[0] === 0x30 ? [readDer(octets)] : [];
  } catch {
    // Encrypted bytes, or a salt, that begin like a sequence.
    return [];
  }
}
