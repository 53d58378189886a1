import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import type { ProblemOf } from '../errors/catalogue';
import { OpenBankingError } from '../errors/OpenBankingError';
import {
  contentOf,
  objectIdentifierOf,
  octetsOf,
  partsOf,
  readDer,
  writeDer,
  type Asn1,
} from './asn1';
import { assertWithinLimits, type Certificates } from './certificates';
import { foreignContentError } from './foreignContent';
import type { KeyDerivation } from './keyDerivation';
import { KEY_LIMITS, tooManyKeys } from './keyLimits';
import {
  decrypted,
  NotDecrypted,
  UnknownEncryption,
  type Passphrase,
} from './passphraseEncryption';
import { withPassphrase } from './passphrases';
import { binaryIn } from './pastedBytes';
import { hasRightMac } from './pkcs12Mac';
import { isSameKey } from './sameKey';

/** The content of a PKCS#12 file. */
export interface ParsedPkcs12 {
  /** In the order of the file, with the bytes that they have there. */
  readonly certificates: Certificates;
  /** At least one. */
  readonly keys: readonly KeyObject[];
  /** The outdated ciphers that the file is encrypted with, by OpenSSL's names; mostly empty. */
  readonly legacyCiphers: string[];
  /** Repairs of the text of the file, as clauses. */
  readonly repairs: string[];
  /** Repairs of the passphrase, as clauses. */
  readonly passphraseRepairs: string[];
}

const DATA = '1.2.840.113549.1.7.1';
const SIGNED_DATA = '1.2.840.113549.1.7.2';
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6';

const BAGS = '1.2.840.113549.1.12.10.1.';
const KEY_BAG = `${BAGS}1`;
const SHROUDED_KEY_BAG = `${BAGS}2`;
const CERTIFICATE_BAG = `${BAGS}3`;
const NESTED_BAGS = `${BAGS}6`;
const X509_CERTIFICATE = '1.2.840.113549.1.9.22.1';

/**
 * Reads a PKCS#12 file (RFC 7292), also of the last fifteen years: see `decrypted` for the ways of encryption. Certificates keep their
 * bytes. Bags that hold neither a private key nor a certificate (secret keys, revocation lists) are left out.
 *
 * @param given the file in base64 or hex; line breaks, quotes and a `data:` URL are accepted
 * @param field the field's name, for the message
 * @throws OpenBankingError `field-missing`, `pkcs12-malformed`, `certificate-malformed`, `private-key-malformed`,
 * `encryption-unsupported`, `passphrase-wrong`
 */
export async function parsePkcs12(
  given: string | undefined,
  passphrase: string | undefined,
  field: string,
): Promise<ParsedPkcs12> {
  if (!given?.trim()) {
    throw new OpenBankingError('field-missing', {
      problem: 'empty',
      values: { field },
      description:
        'Paste the file with certificate and key (.p12 or .pfx) in base64: "openssl base64 -A -in file.p12" prints it.',
    });
  }
  const { file, repairs } = readFile(given, field);
  const opened = await withPassphrase(passphrase, field, (candidate, derivation) =>
    open(file, candidate, derivation, field),
  );
  const { certificates, keys, legacyCiphers, unknownKeys } = opened.content;
  if (unknownKeys && keys.length === 0) {
    const values = { field, kind: 'unknown' };
    throw new OpenBankingError('key-unsupported', { problem: 'kind', values });
  }
  const [first, ...rest] = certificates;
  if (keys.length === 0) throw malformed(field, 'key');
  if (!first) throw malformed(field, 'certificate');
  return {
    certificates: [first, ...rest],
    keys,
    legacyCiphers: [...legacyCiphers],
    repairs,
    passphraseRepairs: opened.repairs,
  };
}

/** The parts of a PFX (RFC 7292 §4). */
interface Pfx {
  /** The bytes that the checksum protects: the DER of an AuthenticatedSafe. */
  readonly content: Buffer;
  /** `undefined` if the file has no checksum. */
  readonly mac?: Asn1;
}

function readFile(given: string, field: string): { file: Pfx; repairs: string[] } {
  const { bytes, repairs } = binaryIn(given);
  const foreign = () =>
    foreignContentError(given, 'pkcs12', field) ??
    malformed(field, bytes ? 'unreadable' : 'base64');
  if (!bytes) throw foreign();
  let pfx: Asn1;
  try {
    pfx = readDer(bytes);
  } catch {
    throw foreign();
  }
  const [, authSafe, mac] = partsOf(pfx);
  const [type, wrapped] = partsOf(authSafe);
  const identifier = objectIdentifierOf(type);
  if (identifier === SIGNED_DATA && objectIdentifierOf(partsOf(pfx)[0]) === undefined) {
    throw malformed(field, 'signed');
  }
  const content = octetsOf(partsOf(wrapped)[0]);
  if (identifier !== DATA || !content) throw foreign();
  return { file: { content, mac }, repairs };
}

/** Certificates and keys as they are found. */
interface Found {
  readonly certificates: X509Certificate[];
  readonly keys: KeyObject[];
  readonly legacyCiphers: Set<string>;
  /** Keys of kinds that OpenSSL does not know. */
  unknownKeys: number;
}

/** @throws NotDecrypted, UnknownEncryption, TooManyRounds; OpenBankingError if the file holds more than a credential needs */
async function open(
  { content, mac }: Pfx,
  passphrase: Passphrase,
  derivation: KeyDerivation,
  field: string,
): Promise<Found> {
  if (mac && !(await hasRightMac(mac, content, passphrase, derivation))) throw new NotDecrypted();
  const found: Found = { certificates: [], keys: [], legacyCiphers: new Set(), unknownKeys: 0 };
  let closedKeys = 0;
  let entries = 0;
  const count = (added: Asn1[]) => {
    entries += added.length;
    if (entries > KEY_LIMITS.entries) throw tooManyEntries(field);
    return added;
  };
  let keyBags = 0;
  const decrypt = async (algorithm: Asn1 | undefined, encrypted: Buffer) => {
    const { content, legacyCipher } = await decrypted(algorithm, encrypted, passphrase, derivation);
    if (legacyCipher) found.legacyCiphers.add(legacyCipher);
    return content;
  };
  const readBag = async (bag: Asn1): Promise<void> => {
    const [type, wrapped] = partsOf(bag);
    const [value] = partsOf(wrapped);
    const identifier = value && objectIdentifierOf(type);
    // Before a key is derived, which takes its time.
    if (identifier === KEY_BAG || identifier === SHROUDED_KEY_BAG) {
      if (++keyBags > KEY_LIMITS.keys) throw tooManyKeys(field);
    }
    switch (identifier) {
      case KEY_BAG:
        return addKey(writeDer(value!), found);
      case SHROUDED_KEY_BAG: {
        const [algorithm, encrypted] = partsOf(value);
        try {
          addKey(await decrypt(algorithm, octetsOf(encrypted) ?? Buffer.alloc(0)), found);
        } catch (error) {
          if (!(error instanceof NotDecrypted)) throw error;
          // In a keystore of Java, a key may have a passphrase of its own.
          closedKeys++;
        }
        return;
      }
      case CERTIFICATE_BAG: {
        const [certificateType, octets] = partsOf(value);
        const der = octetsOf(partsOf(octets)[0]);
        if (der && objectIdentifierOf(certificateType) === X509_CERTIFICATE) {
          addCertificate(der, found, field);
        }
        return;
      }
      case NESTED_BAGS:
        for (const nested of count(partsOf(value))) await readBag(nested);
        return;
      default:
        return;
    }
  };
  for (const info of count(partsOf(derIn(content)))) {
    for (const bag of count(partsOf(await safeContents(info, decrypt)))) await readBag(bag);
  }
  if (closedKeys && found.keys.length === 0) throw new NotDecrypted();
  return found;
}

type Decrypt = (algorithm: Asn1 | undefined, encrypted: Buffer) => Promise<Buffer>;

/** The bags in a ContentInfo; `undefined` if it is of another kind. */
async function safeContents(info: Asn1, decrypt: Decrypt): Promise<Asn1 | undefined> {
  const [type, wrapped] = partsOf(info);
  const [content] = partsOf(wrapped);
  switch (objectIdentifierOf(type)) {
    case DATA:
      return derIn(octetsOf(content) ?? Buffer.alloc(0));
    case ENCRYPTED_DATA: {
      // EncryptedData: version, EncryptedContentInfo (type, algorithm, [0] IMPLICIT content).
      const [, algorithm, encrypted] = partsOf(partsOf(content)[1]);
      return derIn(await decrypt(algorithm, encrypted ? contentOf(encrypted) : Buffer.alloc(0)));
    }
    default:
      throw new UnknownEncryption('a public key');
  }
}

/** Bytes that decrypt to no DER were decrypted with a wrong passphrase. */
function derIn(bytes: Buffer): Asn1 {
  try {
    return readDer(bytes);
  } catch {
    throw new NotDecrypted();
  }
}

function addKey(pkcs8: Buffer, found: Found): void {
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  } catch {
    derIn(pkcs8);
    // A key of a kind that OpenSSL does not know.
    found.unknownKeys++;
    return;
  }
  if (!found.keys.some((other) => isSameKey(other, key))) found.keys.push(key);
}

function addCertificate(der: Buffer, found: Found, field: string): void {
  try {
    found.certificates.push(new X509Certificate(der));
  } catch {
    // Java stores other things as certificates, too; without a usable one the file is refused.
    return;
  }
  assertWithinLimits(
    found.certificates.map(({ raw }) => raw),
    field,
  );
}

function malformed(
  field: string,
  problem: Exclude<ProblemOf<'pkcs12-malformed'>, 'foreign' | 'count'>,
): OpenBankingError {
  return new OpenBankingError('pkcs12-malformed', { problem, values: { field } });
}

function tooManyEntries(field: string): OpenBankingError {
  return new OpenBankingError('pkcs12-malformed', {
    problem: 'count',
    values: { field, maximum: KEY_LIMITS.entries },
    description:
      'Leave only the key that the bank knows in it, its certificate, and the certificates of its issuers.',
  });
}
