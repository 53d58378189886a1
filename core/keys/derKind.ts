import forge from 'node-forge';
import { objectIdentifierOf, partsOf, readDer, unsignedOf, type Asn1 } from './asn1';

/** The kind of a structure in DER, in the words of PEM labels (RFC 7468). */
export type DerKind =
  | 'CERTIFICATE'
  | 'CERTIFICATE REQUEST'
  | 'X509 CRL'
  | 'PKCS7'
  | 'PKCS12'
  | 'PUBLIC KEY'
  | 'RSA PUBLIC KEY'
  | 'PRIVATE KEY'
  | 'ENCRYPTED PRIVATE KEY'
  | 'RSA PRIVATE KEY'
  | 'EC PRIVATE KEY'
  | 'DSA PRIVATE KEY';

const { Type } = forge.asn1;

/** The kind of a structure by its form, whatever its label says; `undefined` if it is incomplete, or of another kind. */
export function kindOfDer(der: Buffer): DerKind | undefined {
  let parts: Asn1[];
  try {
    parts = partsOf(readDer(der));
  } catch {
    return undefined;
  }
  const [first, second, third] = parts;
  switch (first?.type) {
    case Type.OID:
      return objectIdentifierOf(first)?.startsWith('1.2.840.113549.1.7.') ? 'PKCS7' : undefined;
    case Type.INTEGER:
      return kindOfVersioned(unsignedOf(first), parts);
    case Type.SEQUENCE:
      if (second?.type === Type.BITSTRING) return 'PUBLIC KEY';
      if (second?.type === Type.OCTETSTRING) return 'ENCRYPTED PRIVATE KEY';
      return third?.type === Type.BITSTRING ? kindOfSigned(partsOf(first)) : undefined;
    default:
      return undefined;
  }
}

/** Structures that begin with a number. */
function kindOfVersioned(version: number | undefined, parts: Asn1[]): DerKind | undefined {
  const [, second, third] = parts;
  switch (second?.type) {
    case Type.INTEGER:
      // RFC 8017 §A.1.1 and §A.1.2. A DSA key in OpenSSL's form has five numbers behind its version.
      if (parts.length === 2) return 'RSA PUBLIC KEY';
      return parts.length === 6 ? 'DSA PRIVATE KEY' : 'RSA PRIVATE KEY';
    case Type.OCTETSTRING:
      return version === 1 ? 'EC PRIVATE KEY' : undefined;
    case Type.SEQUENCE:
      if (version === 3) return isContentInfo(second) ? 'PKCS12' : undefined;
      return third?.type === Type.OCTETSTRING ? 'PRIVATE KEY' : undefined;
    default:
      return undefined;
  }
}

function isContentInfo(element: Asn1): boolean {
  return objectIdentifierOf(partsOf(element)[0])?.startsWith('1.2.840.113549.1.7.') ?? false;
}

/** Certificates, requests and revocation lists: content, algorithm, signature. */
function kindOfSigned(content: Asn1[]): DerKind {
  const [first, , third, fourth] = content;
  // RFC 5280 §4.1: the version of a certificate has a tag of its own; without it, a serial number comes first.
  if (first?.tagClass !== forge.asn1.Class.UNIVERSAL) return 'CERTIFICATE';
  // RFC 2986 §4.1: version, name, public key. RFC 5280 §5.1: version, algorithm, name, time.
  if (partsOf(third)[1]?.type === Type.BITSTRING) return 'CERTIFICATE REQUEST';
  const isTime = fourth?.type === Type.UTCTIME || fourth?.type === Type.GENERALIZEDTIME;
  const isList = isTime || first?.type === Type.SEQUENCE;
  return isList ? 'X509 CRL' : 'CERTIFICATE';
}
