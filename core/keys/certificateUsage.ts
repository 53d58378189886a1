import type { X509Certificate } from 'node:crypto';
import { OpenBankingError } from '../errors/OpenBankingError';
import { isTagged, objectIdentifierOf, octetsOf, partsOf, readDer, type Asn1 } from './asn1';

const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const ANY_PURPOSE = '2.5.29.37.0';

/** The use of a certificate. */
export type CertificateUse = 'transport' | 'signing';

/**
 * How well a certificate fits its use, to compare certificates of one credential. For transport: 0 without clientAuth or digitalSignature, 1
 * for any purpose, 2 if clientAuth is named. For signing: 0 if it must not sign, 1 if it is also made for TLS clients, 2 otherwise.
 */
export function usageOf(certificate: X509Certificate, use: CertificateUse): number {
  if (!maySign(certificate, use)) return 0;
  const isForClients = purposesOf(certificate)?.includes(CLIENT_AUTH) ?? false;
  if (use === 'signing') return isForClients ? 1 : 2;
  if (isForClients) return 2;
  return allowsClientAuthentication(certificate) ? 1 : 0;
}

/**
 * Warnings about a certificate that is not made for its use (RFC 5280 §4.2.1.3, §4.2.1.12): `certificate-purpose`. They are not failures,
 * because not every bank checks this.
 *
 * @param field the field's name, for the messages
 */
export function usageNotices(
  certificate: X509Certificate,
  use: CertificateUse,
  field: string,
): OpenBankingError[] {
  const notices: OpenBankingError[] = [];
  if (use === 'transport' && !allowsClientAuthentication(certificate)) {
    notices.push(
      new OpenBankingError('certificate-purpose', { problem: 'clientAuth', values: { field } }),
    );
  }
  if (!maySign(certificate, use)) {
    notices.push(
      new OpenBankingError('certificate-purpose', { problem: 'signature', values: { field } }),
    );
  }
  return notices;
}

/** The extended key usage, which Node.js names "keyUsage"; without that extension, a certificate is for any purpose. */
function purposesOf(certificate: X509Certificate): string[] | undefined {
  return certificate.keyUsage;
}

function allowsClientAuthentication(certificate: X509Certificate): boolean {
  const purposes = purposesOf(certificate);
  return !purposes || [CLIENT_AUTH, ANY_PURPOSE].some((purpose) => purposes.includes(purpose));
}

const DIGITAL_SIGNATURE = 0x80;
const NON_REPUDIATION = 0x40;

function maySign(certificate: X509Certificate, use: CertificateUse): boolean {
  // Certificates for seals (QSealC) have nonRepudiation in place of digitalSignature.
  const wanted = use === 'transport' ? DIGITAL_SIGNATURE : DIGITAL_SIGNATURE | NON_REPUDIATION;
  const usage = keyUsageOf(certificate);
  return usage === undefined || (usage & wanted) !== 0;
}

const KEY_USAGE = '2.5.29.15';

/** The first eight bits of the key usage, which Node.js does not offer; `undefined` if the certificate does not limit it. */
function keyUsageOf(certificate: X509Certificate): number | undefined {
  try {
    const extension = extensionsIn(readDer(certificate.raw))
      .map(partsOf)
      .find(([identifier]) => objectIdentifierOf(identifier) === KEY_USAGE);
    // A BIT STRING in an OCTET STRING: tag, length, number of unused bits, bits (RFC 5280 §4.2.1.3).
    return octetsOf(extension?.at(-1))?.at(3);
  } catch {
    // OpenSSL reads certificates that node-forge does not.
    return undefined;
  }
}

/** The extensions of a certificate (RFC 5280 §4.1): the list with the tag `[3]`, which is the last part of what is signed. */
function extensionsIn(certificate: Asn1): Asn1[] {
  const [content] = partsOf(certificate);
  const last = partsOf(content).at(-1);
  return isTagged(last, 3) ? partsOf(partsOf(last)[0]) : [];
}
