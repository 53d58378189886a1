import { X509Certificate } from 'node:crypto';
import { OpenBankingError } from '../errors/OpenBankingError';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * The certificates of a PEM text, in its order.
 *
 * @param label the field's name, for the message
 * @throws OpenBankingError `certificate-missing`, `certificate-malformed`
 */
export function parseCertificates(
  pem: string | undefined,
  label: string,
): [X509Certificate, ...X509Certificate[]] {
  if (!pem?.trim()) {
    throw new OpenBankingError('certificate-missing', { message: `"${label}" is empty` });
  }
  const [first, ...rest] = parseAll(pem);
  if (!first) {
    const what = pem.includes('PRIVATE KEY-----')
      ? 'holds a private key where a certificate is expected'
      : 'holds no certificate that can be read';
    throw new OpenBankingError('certificate-malformed', { message: `"${label}" ${what}` });
  }
  return [first, ...rest];
}

/**
 * A bundle of certificate authorities, or nothing where the field is empty.
 *
 * @throws OpenBankingError `certificate-authorities-malformed`
 */
export function parseCertificateAuthorities(
  pem: string | undefined,
  label: string,
): string | undefined {
  if (!pem?.trim()) return undefined;
  if (parseAll(pem).length === 0) {
    throw new OpenBankingError('certificate-authorities-malformed', {
      message: `"${label}" holds no certificate that can be read`,
    });
  }
  return pem;
}

/** Empty where one of them does not parse or has no end: half a chain is no chain. */
function parseAll(pem: string): X509Certificate[] {
  const blocks = pem.match(CERTIFICATE) ?? [];
  if (blocks.length !== pem.split('-----BEGIN CERTIFICATE-----').length - 1) return [];
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    return [];
  }
}
