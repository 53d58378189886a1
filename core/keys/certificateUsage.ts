import type { X509Certificate } from 'node:crypto';
import { OpenBankingError } from '../errors/OpenBankingError';
import { elementsIn, objectIdentifierOf, octetsOf, partsOf, readDer } from './asn1';

const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const ANY_PURPOSE = '2.5.29.37.0';

/**
 * Warnings about a certificate that is not made for its use (RFC 5280 §4.2.1.3, §4.2.1.12): `certificate-purpose`. They are not failures,
 * because not every bank checks this.
 *
 * @param field the field's name, for the messages
 */
export function usageNotices(
  certificate: X509Certificate,
  use: 'transport' | 'signing',
  field: string,
): OpenBankingError[] {
  const notices: OpenBankingError[] = [];
  if (use === 'transport' && !allowsClientAuthentication(certificate)) {
    notices.push(
      new OpenBankingError('certificate-purpose', { problem: 'clientAuth', values: { field } }),
    );
  }
  // Certificates for seals (QSealC) have nonRepudiation in place of digitalSignature.
  const wanted = use === 'transport' ? DIGITAL_SIGNATURE : DIGITAL_SIGNATURE | NON_REPUDIATION;
  const usage = keyUsageOf(certificate);
  if (usage !== undefined && (usage & wanted) === 0) {
    notices.push(
      new OpenBankingError('certificate-purpose', { problem: 'signature', values: { field } }),
    );
  }
  return notices;
}

function allowsClientAuthentication(certificate: X509Certificate): boolean {
  // Node.js names the extended key usage "keyUsage"; without that extension a certificate is for any purpose.
  const purposes = certificate.keyUsage as string[] | undefined;
  return !purposes || [CLIENT_AUTH, ANY_PURPOSE].some((purpose) => purposes.includes(purpose));
}

const DIGITAL_SIGNATURE = 0x80;
const NON_REPUDIATION = 0x40;

const KEY_USAGE = '2.5.29.15';

/** The first eight bits of the key usage, which Node.js does not offer; `undefined` if the certificate does not limit it. */
function keyUsageOf(certificate: X509Certificate): number | undefined {
  try {
    const extension = elementsIn(readDer(certificate.raw))
      .map(partsOf)
      .find(([identifier]) => objectIdentifierOf(identifier) === KEY_USAGE);
    // A BIT STRING in an OCTET STRING: tag, length, number of unused bits, bits (RFC 5280 §4.2.1.3).
    return octetsOf(extension?.at(-1))?.at(3);
  } catch {
    // OpenSSL reads certificates that node-forge does not.
    return undefined;
  }
}
