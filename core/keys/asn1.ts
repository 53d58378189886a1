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
  if (element?.tagClass !== asn1.Class.UNIVERSAL || element.type !== asn1.Type.OID)
    return undefined;
  if (typeof element.value !== 'string' || element.value === '') return undefined;
  try {
    return asn1.derToOid(element.value);
  } catch {
    // A number in it is too large for any identifier that is in use.
    return undefined;
  }
}

/** Whether an element has a tag of its own, for example `[3]`. */
export function isTagged(element: Asn1 | undefined, tag: number): boolean {
  return element?.tagClass === asn1.Class.CONTEXT_SPECIFIC && Number(element.type) === tag;
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
