import type * as Forge from 'node-forge';
import { OpenBankingError } from '../errors/OpenBankingError';
import { loadForge } from './forge';
import { derivationCost, identifiersIn } from './passwordBasedEncryption';
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

/** Rounds that take OpenSSL half a second. It writes 2,048 itself, careful people 600,000. */
const MAXIMUM_COST = 1_000_000;

/** Ciphers of the older form of PEM that OpenSSL 3 has without its legacy provider. */
const CURRENT_CIPHERS = /^(AES|ARIA|CAMELLIA)-(128|192|256)-|^DES-EDE3?-/i;

/**
 * Refuses what OpenSSL cannot decrypt, or would calculate at for long, before it is asked: it says the same of an unknown cipher as of a
 * damaged key.
 *
 * @throws OpenBankingError `private-key-encryption-unsupported`, `private-key-malformed`
 */
export function assertCanBeDecrypted({ cipher, der }: PemBlock, field: string): void {
  if (cipher) {
    if (!CURRENT_CIPHERS.test(cipher)) throw unsupported(field, cipher);
    return;
  }
  const { asn1, util } = loadForge();
  let algorithm: Forge.asn1.Asn1;
  let cost: number;
  try {
    // EncryptedPrivateKeyInfo (RFC 5208 §6).
    [algorithm] = asn1.fromDer(util.createBuffer(der.toString('binary'))).value as [
      Forge.asn1.Asn1,
    ];
    cost = derivationCost(algorithm);
  } catch {
    throw new OpenBankingError('private-key-malformed', {
      message: `"${field}" holds no private key that can be read`,
    });
  }
  if (identifiersIn(algorithm).some((oid) => legacy.has(oid))) {
    throw unsupported(field, 'RC2, RC4 or DES');
  }
  if (!(cost >= 0 && cost <= MAXIMUM_COST)) throw unsupported(field, `${cost} rounds`);
}

function unsupported(field: string, what: string): OpenBankingError {
  return new OpenBankingError('private-key-encryption-unsupported', {
    message: `"${field}" is encrypted in a way that is not supported (${what})`,
  });
}
