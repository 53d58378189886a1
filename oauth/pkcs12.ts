import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import type * as Forge from 'node-forge';
import { OpenBankingError } from '../errors/OpenBankingError';
import type { Certificates } from './certificates';
import { loadForge } from './forge';

/** What a PKCS#12 file holds. */
export interface ParsedPkcs12 {
  /** In the order of the file, which is any. */
  readonly certificates: Certificates;
  readonly key: KeyObject;
  /** The outdated ciphers that the file is encrypted with, as OpenSSL calls them; mostly none. */
  readonly legacyCiphers: string[];
}

/** Rounds that the key derivation of PKCS#12 (RFC 7292, appendix B) may take, half a second: OpenSSL and Windows write some thousands. */
const MAXIMUM_MAC_ROUNDS = 50_000;

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
    .replace(/\\{1,2}[rn]|\s+|["']/g, '');
  if (!/^[A-Za-z\d+/]+={0,2}$/.test(base64)) {
    const isPem = given.includes('-----BEGIN ');
    throw malformed(
      field,
      isPem ? 'holds PEM: choose PEM as "Key Format" for it' : 'is no base64 of a file',
    );
  }
  const { asn1, util } = loadForge();
  let file: Forge.asn1.Asn1;
  let rounds: number;
  try {
    file = asn1.fromDer(util.createBuffer(Buffer.from(base64, 'base64').toString('binary')));
    rounds = macRoundsOf(asn1, file);
  } catch {
    throw malformed(field);
  }
  // The derivation runs in JavaScript: a damaged number would stand still for hours.
  if (!(rounds >= 1 && rounds <= MAXIMUM_MAC_ROUNDS)) {
    throw notSupported(field, `a checksum of ${rounds} rounds`);
  }
  return file;
}

/** How often the passphrase of the checksum is hashed. Throws where there is no checksum. */
function macRoundsOf(asn1: typeof Forge.asn1, file: Forge.asn1.Asn1): number {
  const [version, , mac] = file.value as (Forge.asn1.Asn1 | undefined)[];
  if (version?.type !== asn1.Type.INTEGER || !mac) throw new Error('No PFX with a checksum');
  const [, , rounds] = mac.value as (Forge.asn1.Asn1 | undefined)[];
  return rounds ? asn1.derToInteger(rounds.value as string) : 1;
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

/** Looks for the ciphers where they are named: in the file itself, whose content is a file in an octet string. */
function legacyCiphersOf(file: Forge.asn1.Asn1): string[] {
  const { asn1, util } = loadForge();
  const found = new Set<string>();
  const walk = (element: Forge.asn1.Asn1) => {
    if (Array.isArray(element.value)) return element.value.forEach(walk);
    if (element.type === asn1.Type.OID) {
      const name = ciphers[asn1.derToOid(element.value)];
      if (name) found.add(name);
    }
    if (element.type === asn1.Type.OCTETSTRING && element.value.startsWith('\x30')) {
      try {
        walk(asn1.fromDer(util.createBuffer(element.value)));
      } catch {
        // Something encrypted that begins like a sequence.
      }
    }
  };
  walk(file);
  return [...found];
}

function notSupported(field: string, what: string): OpenBankingError {
  return new OpenBankingError('pkcs12-encryption-unsupported', {
    message: `"${field}" is encrypted in a way that is not supported (${what})`,
  });
}

function malformed(field: string, what = 'holds no PKCS#12 file'): OpenBankingError {
  return new OpenBankingError('pkcs12-malformed', { message: `"${field}" ${what}` });
}
