import type * as Forge from 'node-forge';
import { OpenBankingError } from '../errors/OpenBankingError';
import { loadForge } from './forge';
import type { PemBlock } from './pem';

/** Ciphers of PKCS#5 and PKCS#12 that OpenSSL 3 keeps in its legacy provider, which Node.js does not load. */
const legacy = new Set([
  '1.2.840.113549.1.5.1', // PBES1: MD2 and DES
  '1.2.840.113549.1.5.3', // PBES1: MD5 and DES
  '1.2.840.113549.1.5.4', // PBES1: MD2 and RC2
  '1.2.840.113549.1.5.6', // PBES1: MD5 and RC2
  '1.2.840.113549.1.5.10', // PBES1: SHA-1 and DES
  '1.2.840.113549.1.5.11', // PBES1: SHA-1 and RC2
  '1.2.840.113549.1.12.1.1', // PKCS#12: SHA-1 and RC4, 128 bits
  '1.2.840.113549.1.12.1.2', // PKCS#12: SHA-1 and RC4, 40 bits
  '1.2.840.113549.1.12.1.5', // PKCS#12: SHA-1 and RC2, 128 bits
  '1.2.840.113549.1.12.1.6', // PKCS#12: SHA-1 and RC2, 40 bits
  '1.2.840.113549.3.2', // RC2
  '1.3.14.3.2.7', // DES
]);

const PBKDF2 = '1.2.840.113549.1.5.12';

/** Rounds of PBKDF2 that take OpenSSL half a second. OpenSSL writes 2,048, careful people 600,000. */
const MAXIMUM_ITERATIONS = 1_000_000;

/**
 * Refuses what OpenSSL cannot decrypt, or would calculate at for minutes, before it is asked: it says the same of an unknown cipher as
 * of a damaged key.
 *
 * @throws OpenBankingError `private-key-encryption-unsupported`, `private-key-malformed`
 */
export function assertCanBeDecrypted({ cipher, der }: PemBlock, field: string): void {
  if (cipher ? /^(DES-CBC|RC2)/i.test(cipher) : encryptionOf(der, field) === 'legacy') {
    throw new OpenBankingError('private-key-encryption-unsupported', {
      message: `"${field}" is encrypted in a way that is no longer supported`,
    });
  }
}

/** Looks at the algorithms of an EncryptedPrivateKeyInfo (RFC 5208 §6, RFC 8018 §6). */
function encryptionOf(der: Buffer, field: string): 'legacy' | 'current' {
  const { asn1, util } = loadForge();
  const oids: string[] = [];
  let iterations = 0;
  const walk = (element: Forge.asn1.Asn1) => {
    if (!Array.isArray(element.value)) {
      if (element.type === asn1.Type.OID) oids.push(asn1.derToOid(element.value));
      return;
    }
    const [algorithm, parameters] = element.value;
    if (isOid(asn1, algorithm, PBKDF2) && Array.isArray(parameters?.value)) {
      const [, count] = parameters.value;
      if (typeof count?.value === 'string') iterations = asn1.derToInteger(count.value);
    }
    element.value.forEach(walk);
  };
  try {
    const [algorithm] = asn1.fromDer(util.createBuffer(der.toString('binary')))
      .value as Forge.asn1.Asn1[];
    walk(algorithm!);
  } catch {
    throw malformed(field);
  }
  if (!(iterations >= 0 && iterations <= MAXIMUM_ITERATIONS)) throw malformed(field);
  return oids.some((oid) => legacy.has(oid)) ? 'legacy' : 'current';
}

function isOid(asn1: typeof Forge.asn1, element: Forge.asn1.Asn1 | undefined, oid: string) {
  return (
    element?.type === asn1.Type.OID &&
    typeof element.value === 'string' &&
    asn1.derToOid(element.value) === oid
  );
}

function malformed(field: string): OpenBankingError {
  return new OpenBankingError('private-key-malformed', {
    message: `"${field}" holds no private key that can be read`,
  });
}
