import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import forge from 'node-forge';
import type { ProblemOf } from '../errors/catalogue';
import { OpenBankingError } from '../errors/OpenBankingError';
import {
  elementsIn,
  objectIdentifierOf,
  partsOf,
  readDer,
  unsignedOf,
  writeDer,
  type Asn1,
} from './asn1';
import type { Certificates } from './certificates';
import { TooManyRounds, withBoundedDerivation } from './keyDerivation';

const { pki, pkcs12 } = forge;

/** The content of a PKCS#12 file. */
export interface ParsedPkcs12 {
  /** In the order of the file. */
  readonly certificates: Certificates;
  readonly key: KeyObject;
  /** The outdated ciphers that the file is encrypted with, by OpenSSL's names; mostly empty. */
  readonly legacyCiphers: string[];
}

/** Outdated ciphers of PKCS#12 (RFC 7292, appendix C) by their object identifiers. */
const LEGACY_CIPHERS: Partial<Record<string, string>> = {
  '1.2.840.113549.1.12.1.1': 'RC4-128',
  '1.2.840.113549.1.12.1.2': 'RC4-40',
  '1.2.840.113549.1.12.1.3': '3DES',
  '1.2.840.113549.1.12.1.4': '3DES with two keys',
  '1.2.840.113549.1.12.1.5': 'RC2-128',
  '1.2.840.113549.1.12.1.6': 'RC2-40',
};

/**
 * Reads a PKCS#12 file (RFC 7292) that is encrypted with AES, as OpenSSL 3 does it, or with RC2-40 or 3DES, as older programs do.
 *
 * @param given the file in base64; line breaks, quotes and a `data:` URL are accepted
 * @param field the field's name, for the message
 * @throws OpenBankingError `field-missing`, `pkcs12-malformed`, `encryption-unsupported`, `passphrase-wrong`
 */
export function parsePkcs12(
  given: string | undefined,
  passphrase: string | undefined,
  field: string,
): ParsedPkcs12 {
  if (!given?.trim()) {
    throw new OpenBankingError('field-missing', {
      problem: 'empty',
      values: { field },
      description:
        'Paste the file with certificate and key (.p12 or .pfx) in base64: "openssl base64 -A -in file.p12" prints it.',
    });
  }
  const file = readFile(given, field);
  const pfx = open(file, passphrase, field);
  const bags = pfx.safeContents.flatMap(({ safeBags }) => safeBags);
  const key = keyOf(
    bags.find(({ type }) => type === pki.oids.keyBag || type === pki.oids.pkcs8ShroudedKeyBag),
    field,
  );
  const [first, ...rest] = bags
    .filter(({ type }) => type === pki.oids.certBag)
    .map((bag) => certificateOf(bag, field));
  if (!first) throw malformed(field, 'certificate');
  return { certificates: [first, ...rest], key, legacyCiphers: legacyCiphersOf(file) };
}

function readFile(given: string, field: string): Asn1 {
  const base64 = given
    .replace(/^\ufeff/, '')
    .trim()
    .replace(/^data:[^,]{0,100},/, '')
    // Windows programs put such lines around every base64.
    .replace(/-----(BEGIN|END) [A-Z\d ]{1,40}-----/g, '')
    .replace(/\\{1,2}[rn]|\s+|["']/g, '');
  const isPem = given.includes('-----BEGIN ');
  const otherwise = isPem ? 'pem' : 'unreadable';
  if (!/^[A-Za-z\d+/]+={0,2}$/.test(base64)) {
    throw malformed(field, isPem ? 'pem' : 'base64');
  }
  let file: Asn1;
  try {
    file = readDer(Buffer.from(base64, 'base64'));
  } catch {
    throw malformed(field, otherwise);
  }
  // PFX (RFC 7292 §4): version, content, and the checksum.
  const [version, content, checksum] = partsOf(file);
  if (unsignedOf(version) !== 3 || objectIdentifierOf(partsOf(content)[0]) !== pki.oids.data) {
    throw malformed(field, otherwise);
  }
  if (!checksum) throw malformed(field, 'checksum');
  return file;
}

function open(file: Asn1, passphrase: string | undefined, field: string): forge.pkcs12.Pkcs12Pfx {
  // No passphrase and an empty one differ in PKCS#12 (RFC 7292, appendix B.1); people cannot know which of them a file has.
  const passphrases = passphrase ? [passphrase] : ['', undefined];
  let failure = '';
  for (const candidate of passphrases) {
    try {
      return withBoundedDerivation(() => pkcs12.pkcs12FromAsn1(file, false, candidate));
    } catch (error) {
      if (error instanceof TooManyRounds) {
        const values = { field, rounds: error.rounds };
        throw new OpenBankingError('encryption-unsupported', { problem: 'rounds', values });
      }
      failure = (error as Error).message;
    }
  }
  if (/MAC could not be verified/.test(failure)) throw notOpened(passphrase, field);
  if (/unsupported/i.test(failure)) {
    const cipher = legacyCiphersOf(file).join(', ');
    throw cipher
      ? new OpenBankingError('encryption-unsupported', {
          problem: 'cipher',
          values: { field, cipher },
        })
      : new OpenBankingError('encryption-unsupported', { problem: 'unknown', values: { field } });
  }
  // The checksum is right and the content does not decrypt: node-forge encodes a non-ASCII passphrase in the same way for both.
  if (passphrase && /[^\x20-\x7e]/.test(passphrase)) throw notOpened(passphrase, field);
  throw malformed(field);
}

function notOpened(passphrase: string | undefined, field: string): OpenBankingError {
  if (!passphrase) {
    return new OpenBankingError('passphrase-wrong', {
      problem: 'missing',
      values: { field },
    });
  }
  const error = new OpenBankingError('passphrase-wrong', {
    problem: 'wrong',
    values: { field },
  });
  if (/^[\x20-\x7e]+$/.test(passphrase)) return error;
  return error.with({
    description: `${error.description} Few programs agree on passphrases with characters beyond ASCII: if it is right, export the file again with another passphrase.`,
  });
}

function keyOf(bag: forge.pkcs12.Bag | undefined, field: string): KeyObject {
  if (!bag) throw malformed(field, 'key');
  try {
    // If node-forge cannot parse a key (EC, Ed25519), it leaves the element as it was.
    const info = bag.key ? pki.wrapRsaPrivateKey(pki.privateKeyToAsn1(bag.key)) : bag.asn1;
    return createPrivateKey({ key: writeDer(info), format: 'der', type: 'pkcs8' });
  } catch {
    throw malformed(field);
  }
}

function certificateOf(bag: forge.pkcs12.Bag, field: string): X509Certificate {
  try {
    const certificate = bag.cert ? pki.certificateToAsn1(bag.cert) : bag.asn1;
    return new X509Certificate(writeDer(certificate));
  } catch {
    throw malformed(field);
  }
}

/** Names of the outdated ciphers that stand in the file unencrypted: they protect key and certificates. */
function legacyCiphersOf(file: Asn1): string[] {
  const names = elementsIn(file).flatMap(
    (element) => LEGACY_CIPHERS[objectIdentifierOf(element) ?? ''] ?? [],
  );
  return [...new Set(names)];
}

function malformed(
  field: string,
  problem: ProblemOf<'pkcs12-malformed'> = 'unreadable',
): OpenBankingError {
  return new OpenBankingError('pkcs12-malformed', { problem, values: { field } });
}
