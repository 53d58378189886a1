import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import type * as Forge from 'node-forge';
import { OpenBankingError } from '../errors/OpenBankingError';
import type { Certificates } from './certificates';
import { loadForge } from './forge';
import { derivationCost, identifiersIn } from './passwordBasedEncryption';

/** What a PKCS#12 file holds. */
export interface ParsedPkcs12 {
  /** In the order of the file, which is any. */
  readonly certificates: Certificates;
  readonly key: KeyObject;
  /** The outdated ciphers that the file is encrypted with, as OpenSSL calls them; mostly none. */
  readonly legacyCiphers: string[];
}

/**
 * Rounds of key derivation (RFC 7292, appendix B; RFC 8018 §5.2) that a file may take, checksum, key and certificates together. Those of
 * the checksum and of older ciphers run in JavaScript, and as many take most of a second; OpenSSL, Windows and today's Java write some
 * thousands.
 */
const MAXIMUM_ROUNDS = 100_000;

const ciphers: Partial<Record<string, string>> = {
  '1.2.840.113549.1.12.1.1': 'RC4-128',
  '1.2.840.113549.1.12.1.2': 'RC4-40',
  '1.2.840.113549.1.12.1.3': '3DES',
  '1.2.840.113549.1.12.1.4': '3DES with two keys',
  '1.2.840.113549.1.12.1.5': 'RC2-128',
  '1.2.840.113549.1.12.1.6': 'RC2-40',
};

/**
 * Reads a PKCS#12 file (RFC 7292): encrypted with AES as OpenSSL 3 does it, or with RC2-40 or 3DES as older programs do.
 *
 * @param given the file in base64, also with line breaks or as a `data:` URL
 * @param field the field's name, for the message
 * @throws OpenBankingError `pkcs12-missing`, `pkcs12-malformed`, `pkcs12-encryption-unsupported`, `passphrase-missing`, `passphrase-wrong`,
 * `certificate-missing`, `private-key-missing`
 */
export function parsePkcs12(
  given: string | undefined,
  passphrase: string | undefined,
  field: string,
): ParsedPkcs12 {
  if (!given?.trim()) {
    throw new OpenBankingError('pkcs12-missing', { message: `"${field}" is empty` });
  }
  const file = asn1Of(given, field);
  const pfx = open(file, passphrase, field);
  const bags = pfx.safeContents.flatMap(({ safeBags }) => safeBags);
  const { pki } = loadForge();
  const key = keyOf(
    bags.find(({ type }) => type === pki.oids.keyBag || type === pki.oids.pkcs8ShroudedKeyBag),
    field,
  );
  const [first, ...rest] = bags
    .filter(({ type }) => type === pki.oids.certBag)
    .map((bag) => certificateOf(bag, field));
  if (!first) {
    throw new OpenBankingError('certificate-missing', {
      message: `"${field}" holds no certificate`,
    });
  }
  return { certificates: [first, ...rest], key, legacyCiphers: legacyCiphersOf(file) };
}

function asn1Of(given: string, field: string): Forge.asn1.Asn1 {
  const base64 = given
    .replace(/^\ufeff/, '')
    .trim()
    .replace(/^data:[^,]{0,100},/, '')
    // Programs of Windows put such lines around every base64.
    .replace(/-----(BEGIN|END) [A-Z\d ]{1,40}-----/g, '')
    .replace(/\\{1,2}[rn]|\s+|["']/g, '');
  const isPem = given.includes('-----BEGIN ');
  const whatElse = isPem ? 'holds PEM: choose PEM as "Key Format" for it' : undefined;
  if (!/^[A-Za-z\d+/]+={0,2}$/.test(base64)) {
    throw malformed(field, whatElse ?? 'is no base64 of a file');
  }
  const { asn1, util } = loadForge();
  let file: Forge.asn1.Asn1;
  let rounds: number | undefined;
  try {
    file = asn1.fromDer(util.createBuffer(Buffer.from(base64, 'base64').toString('binary')));
    rounds = roundsOf(file);
  } catch {
    throw malformed(field, whatElse);
  }
  if (rounds === undefined) {
    throw malformed(field, 'has no checksum (MAC) that would tell whether it is whole');
  }
  if (!(rounds >= 1 && rounds <= MAXIMUM_ROUNDS)) {
    throw notSupported(field, `${rounds} rounds of key derivation, which take too long`);
  }
  return file;
}

/** How often passphrases are hashed to open the file; nothing where it has no checksum. Throws where it is none. */
function roundsOf(file: Forge.asn1.Asn1): number | undefined {
  const { asn1, pki } = loadForge();
  const [version, content, mac] = file.value as (Forge.asn1.Asn1 | undefined)[];
  if (version?.type !== asn1.Type.INTEGER || !content) throw new Error('No PFX');
  if (!identifiersIn(content).includes(pki.oids.data!)) throw new Error('No PFX');
  if (!mac) return undefined;
  const [, , rounds] = mac.value as (Forge.asn1.Asn1 | undefined)[];
  return derivationCost(content) + (rounds ? asn1.derToInteger(rounds.value as string) : 1);
}

function open(
  file: Forge.asn1.Asn1,
  passphrase: string | undefined,
  field: string,
): Forge.pkcs12.Pkcs12Pfx {
  const { pkcs12 } = loadForge();
  // No passphrase and an empty one are two things in PKCS#12 (RFC 7292, appendix B.1); people cannot tell which a file has.
  const passphrases = passphrase ? [passphrase] : ['', undefined];
  let failure = '';
  for (const candidate of passphrases) {
    try {
      return pkcs12.pkcs12FromAsn1(file, false, candidate);
    } catch (error) {
      failure = (error as Error).message;
    }
  }
  if (/MAC could not be verified/.test(failure)) throw notOpened(passphrase, field);
  if (/unsupported/i.test(failure)) {
    const names = legacyCiphersOf(file).join(', ') || 'an unknown algorithm';
    throw notSupported(field, names);
  }
  // The checksum holds, and the content does not decrypt: node-forge takes one passphrase in two alphabets for the same.
  if (passphrase && /[^\x20-\x7e]/.test(passphrase)) throw notOpened(passphrase, field);
  throw malformed(field);
}

function notOpened(passphrase: string | undefined, field: string): OpenBankingError {
  if (!passphrase) {
    return new OpenBankingError('passphrase-missing', {
      message: `"${field}" is encrypted, and no passphrase is given`,
    });
  }
  const error = new OpenBankingError('passphrase-wrong', {
    message: `"${field}" does not open with the given passphrase`,
  });
  if (/^[\x20-\x7e]+$/.test(passphrase)) return error;
  return error.with({
    description: `${error.description} Passphrases with letters beyond ASCII work for few programs: if it is right, export the file anew with another one.`,
  });
}

function keyOf(bag: Forge.pkcs12.Bag | undefined, field: string): KeyObject {
  if (!bag) {
    throw new OpenBankingError('private-key-missing', {
      message: `"${field}" holds no private key`,
    });
  }
  const { asn1, pki } = loadForge();
  try {
    // What node-forge cannot parse itself (EC, Ed25519) it leaves as it was.
    const info = bag.key ? pki.wrapRsaPrivateKey(pki.privateKeyToAsn1(bag.key)) : bag.asn1;
    return createPrivateKey({ key: derOf(asn1, info), format: 'der', type: 'pkcs8' });
  } catch {
    throw malformed(field);
  }
}

function certificateOf(bag: Forge.pkcs12.Bag, field: string): X509Certificate {
  const { asn1, pki } = loadForge();
  try {
    const certificate = bag.cert ? pki.certificateToAsn1(bag.cert) : bag.asn1;
    return new X509Certificate(derOf(asn1, certificate));
  } catch {
    throw malformed(field);
  }
}

function derOf(asn1: typeof Forge.asn1, element: Forge.asn1.Asn1): Buffer {
  return Buffer.from(asn1.toDer(element).getBytes(), 'binary');
}

/** By their names in the file: the outer ones, which protect key and certificates. */
function legacyCiphersOf(file: Forge.asn1.Asn1): string[] {
  return [...new Set(identifiersIn(file).flatMap((oid) => ciphers[oid] ?? []))];
}

function notSupported(field: string, what: string): OpenBankingError {
  return new OpenBankingError('pkcs12-encryption-unsupported', {
    message: `"${field}" is encrypted in a way that is not supported (${what})`,
  });
}

function malformed(field: string, what = 'holds no PKCS#12 file'): OpenBankingError {
  return new OpenBankingError('pkcs12-malformed', { message: `"${field}" ${what}` });
}
