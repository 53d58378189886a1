import { OpenBankingError } from '../errors/OpenBankingError';
import { kindOfDer, type DerKind } from './derKind';
import { binaryIn } from './pastedBytes';
import { readPem } from './pem';

/** A content that is not the one that the field is for. */
interface ForeignContent {
  /** With its article, for example "a public key". */
  readonly name: string;
  /** The next step. */
  readonly advice: string;
}

/** The content that a field is for. */
type Wanted = 'certificate' | 'privateKey' | 'decryptionKey' | 'pkcs12';

const CONVERT_KEYSTORE =
  'Turn it into a PKCS#12 file: "keytool -importkeystore -srckeystore file.jks -destkeystore file.p12 -deststoretype PKCS12". Choose "PKCS #12" as "Key Format", and paste that file in base64 ("openssl base64 -A -in file.p12").';
const OWN_FIELD =
  'Paste it into its own field, and paste here what this field is for. If other people could see this field, treat the key as known to them.';
const ANOTHER = 'Paste what this field is for. A public key alone is never needed.';

const KINDS: Record<DerKind, { name: string; advice?: string }> = {
  CERTIFICATE: { name: 'a certificate' },
  'CERTIFICATE REQUEST': {
    name: 'a request for a certificate (CSR)',
    advice: 'Paste the certificate that the authority issued for this request.',
  },
  'X509 CRL': { name: 'a list of revoked certificates (CRL)' },
  PKCS7: {
    name: 'a PKCS#7 file',
    advice:
      'It holds certificates without a private key: "openssl pkcs7 -print_certs -in file.p7b" turns it into PEM certificates (with "-inform DER" if it is binary).',
  },
  PKCS12: {
    name: 'a PKCS#12 file',
    advice: 'Choose "PKCS #12" as "Key Format", and paste the file into "PKCS #12 File".',
  },
  'PUBLIC KEY': { name: 'a public key', advice: ANOTHER },
  'RSA PUBLIC KEY': { name: 'a public key', advice: ANOTHER },
  'PRIVATE KEY': { name: 'a private key', advice: OWN_FIELD },
  'ENCRYPTED PRIVATE KEY': { name: 'a private key', advice: OWN_FIELD },
  'RSA PRIVATE KEY': { name: 'a private key', advice: OWN_FIELD },
  'EC PRIVATE KEY': { name: 'a private key', advice: OWN_FIELD },
  'DSA PRIVATE KEY': { name: 'a DSA key', advice: 'Use an RSA, EC or Ed25519 key.' },
};

/** Labels of PEM that have no structure of their own, by a part of the label. */
const LABELS: readonly (readonly [part: string, name: string, advice?: string])[] = [
  [
    'OPENSSH',
    'a key in the format of OpenSSH',
    '"ssh-keygen -p -m PKCS8 -f key.pem" turns it into PEM, in the same file.',
  ],
  ['SSH2', 'a public key of SSH', ANOTHER],
  ['PGP', 'a key or message of PGP'],
  [
    'TRUSTED',
    'a certificate in a format of OpenSSL alone',
    '"openssl x509 -in file -out certificate.pem" turns it into PEM.',
  ],
  ['REQUEST', KINDS['CERTIFICATE REQUEST'].name, KINDS['CERTIFICATE REQUEST'].advice],
  ['PKCS7', KINDS.PKCS7.name, KINDS.PKCS7.advice],
  ['PKCS #7', KINDS.PKCS7.name, KINDS.PKCS7.advice],
  ['CMS', KINDS.PKCS7.name, KINDS.PKCS7.advice],
  ['CRL', KINDS['X509 CRL'].name],
  ['PUBLIC KEY', 'a public key', ANOTHER],
  ['PARAMETERS', 'parameters of a key, without the key'],
];

/** First bytes of files that are no DER. */
const MAGIC: readonly (readonly [hex: string, name: string, advice?: string])[] = [
  ['feedfeed', 'a keystore of Java (JKS)', CONVERT_KEYSTORE],
  ['cececece', 'a keystore of Java (JCEKS)', CONVERT_KEYSTORE],
  ['0000000200000014', 'a keystore of Bouncy Castle (BKS)', CONVERT_KEYSTORE],
  ['0000000100000014', 'a keystore of Bouncy Castle (BKS)', CONVERT_KEYSTORE],
  ['504b0304', 'a ZIP file', 'Unpack it, and paste the file that is in it.'],
  ['1f8b08', 'a file that is compressed with gzip', 'Unpack it, and paste the file that is in it.'],
];

/** Forms of text that are neither PEM nor base64. */
const TEXTS: readonly (readonly [pattern: RegExp, name: string, advice?: string])[] = [
  [/^(ssh-(rsa|dss|ed25519)|ecdsa-sha2-\S{1,30}) AAAA/, 'a public key of SSH', ANOTHER],
  [
    /^PuTTY-User-Key-File/,
    'a key in the format of PuTTY',
    'PuTTYgen turns it into PEM: Conversions, "Export OpenSSH key". Then "ssh-keygen -p -m PKCS8 -f key.pem" turns that into PKCS#8.',
  ],
  [/^\s*\{\s*"keys"\s*:/, 'a set of keys (JWKS)'],
  [/^\s*\{[^]{0,2000}"kty"\s*:/, 'a key as JSON (JWK)'],
  [/^eyJ[\w-]+\./, 'a token (JWT)'],
  [/^\{\{/, 'the text of an expression, not its result', 'Switch the field to Expression.'],
  [
    /^Certificate:\s/,
    'the description of a certificate, without the certificate',
    'Paste the lines from "-----BEGIN CERTIFICATE-----" to "-----END CERTIFICATE-----".',
  ],
  [/^<(!DOCTYPE|html|\?xml)/i, 'a web page or XML'],
  [
    /^(file:\/\/|~?\/|\.{1,2}\/|[A-Za-z]:\\|\\\\)[^\n]{1,400}$/,
    'the path of a file',
    'Paste the content of the file: n8n does not read files for a credential.',
  ],
  [
    /^[\w .()-]{1,100}\.(pem|crt|cer|der|key|p12|pfx|jks|p7b|jwk|p8|keystore)$/i,
    'the name of a file',
    'Paste the content of the file: n8n does not read files for a credential.',
  ],
  [/^https?:\/\/\S+$/i, 'an address'],
];

/**
 * Names a content that is in the wrong field, or in a form that is not read. The name contains nothing of the content.
 *
 * @param wanted the content that the field is for; it is not named
 * @returns `undefined` if it is not recognized
 */
function foreignContent(given: string, wanted: Wanted): ForeignContent | undefined {
  const text = given.replace(/^\ufeff/, '').trim();
  const found =
    pemContent(text) ?? binaryContent(text) ?? entryOf(TEXTS, ([pattern]) => pattern.test(text));
  if (!found) return undefined;
  const isWanted =
    (wanted === 'certificate' && found.name === KINDS.CERTIFICATE.name) ||
    ((wanted === 'privateKey' || wanted === 'decryptionKey') &&
      found.name === KINDS['PRIVATE KEY'].name) ||
    (wanted === 'pkcs12' && found.name === KINDS.PKCS12.name);
  if (isWanted) return undefined;
  // The field takes all forms of keys, and "Key Format" does not matter to it.
  if (wanted === 'decryptionKey') return { name: found.name, advice: GENERAL.decryptionKey };
  const isPem = wanted === 'pkcs12' && text.includes('-----BEGIN ');
  return { name: found.name, advice: isPem ? PEM_AS_PKCS12 : (found.advice ?? GENERAL[wanted]) };
}

const CODES = {
  certificate: 'certificate-malformed',
  privateKey: 'private-key-malformed',
  decryptionKey: 'private-key-malformed',
  pkcs12: 'pkcs12-malformed',
} as const;

/**
 * The error for a content that is in the wrong field, or in a form that is not read.
 *
 * @param field the field's name, for the message
 * @returns `undefined` if the content is not recognized
 */
export function foreignContentError(
  given: string,
  wanted: Wanted,
  field: string,
): OpenBankingError | undefined {
  const content = foreignContent(given, wanted);
  return (
    content &&
    new OpenBankingError(CODES[wanted], {
      problem: 'foreign',
      values: { field, content: content.name },
      description: content.advice,
    })
  );
}

const GENERAL: Record<Wanted, string> = {
  certificate:
    'Paste the certificate in PEM, from "-----BEGIN CERTIFICATE-----" to "-----END CERTIFICATE-----".',
  privateKey:
    'Paste the private key in PEM, from "-----BEGIN PRIVATE KEY-----" to "-----END PRIVATE KEY-----".',
  decryptionKey:
    'Paste private keys in PEM, a private JWK or a set of them, or a PKCS#12 file in base64 ("openssl base64 -A -in file.p12"). A keystore of Java in another format is first turned into PKCS#12 with "keytool -importkeystore".',
  pkcs12:
    'Paste the whole .p12 or .pfx file in base64 ("openssl base64 -A -in file.p12"). If you have PEM, choose PEM as "Key Format".',
};

const PEM_AS_PKCS12 =
  'Choose "PEM" as "Key Format", and paste certificate and private key into the fields that appear. Or paste the whole .p12 or .pfx file in base64 here.';

interface Named {
  readonly name: string;
  readonly advice?: string;
}

function pemContent(text: string): Named | undefined {
  const { blocks, broken } = readPem(text);
  const kinds = [...blocks.map(({ kind }) => kind), ...broken];
  // A private key is named first: it is what must not stay in a wrong field.
  const key = kinds.find((kind) => /^(RSA |EC |DSA |ENCRYPTED )?PRIVATE KEY$/.test(kind));
  if (key) return KINDS[key as DerKind] ?? KINDS['PRIVATE KEY'];
  for (const kind of kinds) {
    const named = entryOf(LABELS, ([part]) => kind.includes(part)) ?? KINDS[kind as DerKind];
    if (named) return named;
  }
  return undefined;
}

function binaryContent(text: string): Named | undefined {
  // A binary file that was pasted as text: characters that are no text, also those that stand for bytes that are none.
  if (/[\0-\x08\x0e-\x1f\x80-\x9f\ufffd]/.test(text.slice(0, 200))) {
    return {
      name: 'a binary file as text',
      advice: 'Paste the file in base64: "openssl base64 -A -in file" prints it.',
    };
  }
  const { bytes } = binaryIn(text);
  if (!bytes) return undefined;
  const hex = bytes.toString('hex', 0, 8);
  const magic = entryOf(MAGIC, ([start]) => hex.startsWith(start));
  if (magic) return magic;
  const kind = kindOfDer(bytes);
  return kind && KINDS[kind];
}

function entryOf<Start>(
  entries: readonly (readonly [start: Start, name: string, advice?: string])[],
  matches: (entry: readonly [start: Start, ...unknown[]]) => boolean,
): Named | undefined {
  const [, name, advice] = entries.find(matches) ?? [];
  return name === undefined ? undefined : { name, advice };
}
