import { kindOfDer } from './derKind';
import { hexIn, isBase64, percentDecoded } from './pastedBytes';

/** A block of a PEM text (RFC 7468), or of its older form with headers (RFC 1421), which OpenSSL used for encrypted keys. */
export interface PemBlock {
  /** The kind of the content, for example `CERTIFICATE`. It is the word after BEGIN unless the content is of another kind. */
  readonly kind: string;
  /** The cipher of an encrypted block of the older form (`DEK-Info`), for example `AES-256-CBC`. */
  readonly cipher?: string;
  /** The content, encrypted if the block is. */
  readonly der: Buffer;
  /** The block as OpenSSL writes it. */
  readonly pem: string;
}

/** The content of a PEM text. */
export interface PemText {
  readonly blocks: PemBlock[];
  /** Kinds of the blocks that have no end, or whose content is not base64. */
  readonly broken: string[];
  /** Repairs to the text, each as a clause; empty if the text was well-formed. */
  readonly repairs: string[];
}

/** Maximum number of characters of a line of base64: RFC 7468 §2 writes 64, and some programs write 76 (RFC 2045 §6.8). */
const LONGEST_LINE = 76;

/** "-----BEGIN" in base64: people encode PEM again to put it into environment variables. */
const ENCODED_TWICE = /^LS0tLS1CRUdJTi/;

/**
 * Reads PEM as people paste it: with line breaks written out or lost, in quotes, with a byte order mark, Windows line ends, bag attributes
 * or other text around it, without its BEGIN and END lines or with wrong ones, with dashes in place of hyphens, percent-encoded, in hex, or
 * encoded in base64 again.
 */
export function readPem(given: string): PemText {
  const repairs = new Set<string>();
  const text = withoutWrapping(given, repairs);
  if (!text.includes('-----BEGIN ')) return bareBlock(text, repairs);

  const [before = '', ...chunks] = text.split('-----BEGIN ');
  const blocks: PemBlock[] = [];
  const broken: string[] = [];
  let around = before;
  chunks.forEach((chunk, index) => {
    const label = /^([A-Z\d .#/]{1,40})-----/.exec(chunk)?.[1] ?? '';
    const end = chunk.indexOf(`-----END ${label}-----`);
    const body = chunk.slice(label.length + 5, Math.max(end, 0));
    const block = label && end > 0 ? blockOf(label, body) : undefined;
    if (!block) {
      broken.push(SAME_KIND[label] ?? label);
      return;
    }
    if (block.kind !== label && SAME_KIND[label] !== block.kind) repairs.add(CORRECTED);
    blocks.push(block);
    const after = chunk.slice(end + label.length + '-----END -----'.length);
    const isGlued = index < chunks.length - 1 && !after.includes('\n');
    if (isGlued || !hasLineBreaks(body)) repairs.add('its line breaks were restored');
    around += after;
  });
  if (around.trim()) repairs.add('other text around it was left out');
  return { blocks, broken, repairs: [...repairs] };
}

const CORRECTED = 'its lines BEGIN and END were corrected';

/** Other labels of the same content (RFC 7468 §5.1, §7). */
const SAME_KIND: Partial<Record<string, string>> = {
  'X509 CERTIFICATE': 'CERTIFICATE',
  'X.509 CERTIFICATE': 'CERTIFICATE',
  'NEW CERTIFICATE REQUEST': 'CERTIFICATE REQUEST',
};

/** The content of a text without BEGIN and END lines, in base64 or hex. */
function bareBlock(text: string, repairs: Set<string>): PemText {
  const hex = hexIn(text);
  if (hex) repairs.add('hex was decoded');
  const bare = blockOf('', hex ? hex.toString('base64') : text);
  if (!bare || !isDerSequence(bare.der)) return { blocks: [], broken: [], repairs: [] };
  return {
    blocks: [bare],
    broken: [],
    repairs: [...repairs, 'the lines BEGIN and END were added'],
  };
}

/** Hyphens, and what programs for texts make of them. */
const DASHES = '[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d]{1,5}';
const BOUNDARY = new RegExp(
  `${DASHES} ?(BEGIN|END) ([A-Z\\d][A-Z\\d .#/]{0,39}?) ?${DASHES}`,
  'gi',
);

/** Undoes changes that mail, environment variables, JSON and editors make to a text. */
function withoutWrapping(given: string, repairs: Set<string>): string {
  let text = given;
  const replace = (pattern: RegExp, replacement: string, repair: string) => {
    const replaced = text.replace(pattern, replacement);
    if (replaced !== text) repairs.add(repair);
    text = replaced;
  };
  replace(/\ufeff/g, '', 'a byte order mark was removed');
  text = text.trim();
  const compact = ENCODED_TWICE.test(text) ? text.replace(/\s+/g, '') : '';
  if (compact && isBase64(compact)) {
    text = Buffer.from(compact, 'base64').toString('utf8').trim();
    repairs.add('base64 around it was decoded');
  }
  replace(/^(["'`])([^]*)\1$/, '$2', 'quotes around it were removed');
  replace(/\\{1,2}r/g, '', 'line breaks that were written out ("\\n") were restored');
  replace(/\\{1,2}n/g, '\n', 'line breaks that were written out ("\\n") were restored');
  replace(/\r\n?/g, '\n', 'Windows line ends were replaced');
  const decoded = percentDecoded(text);
  if (decoded !== undefined) {
    text = decoded.replace(/\r\n?/g, '\n');
    repairs.add('percent-encoding was decoded');
  }
  const bounded = text.replace(
    BOUNDARY,
    (_, word: string, label: string) => `-----${word.toUpperCase()} ${label.toUpperCase()}-----`,
  );
  if (bounded !== text) repairs.add(CORRECTED);
  return bounded.trim();
}

/** `Proc-Type` and `DEK-Info`. The content may follow the initialisation vector without a line break. */
const HEADERS =
  /^\s*Proc-Type:\s*4,\s*ENCRYPTED\s*DEK-Info:\s*([A-Z\d-]{1,30}),\s*([\dA-F]{32}|[\dA-F]{16})/i;

/** @param label the word after BEGIN; empty if there is none */
function blockOf(label: string, body: string): PemBlock | undefined {
  const [headers = '', cipher, vector = ''] = HEADERS.exec(body) ?? [];
  const base64 = body.slice(headers.length).replace(/\s+/g, '');
  if (!isBase64(base64)) return undefined;
  const der = Buffer.from(base64, 'base64');
  // The content of an encrypted block has no form, and some contents have none that is known here.
  const kind = (cipher ? undefined : kindOfDer(der)) ?? SAME_KIND[label] ?? label;
  const lines = [
    ...(cipher ? ['Proc-Type: 4,ENCRYPTED', `DEK-Info: ${cipher},${vector}`, ''] : []),
    ...(base64.match(/.{1,64}/g) ?? []),
  ];
  return {
    kind,
    cipher,
    der,
    pem: [`-----BEGIN ${kind}-----`, ...lines, `-----END ${kind}-----`, ''].join('\n'),
  };
}

/** A certificate, key or PKCS#12 file is a SEQUENCE (X.690 §8.9). The smallest one, an Ed25519 key, has 48 bytes. */
function isDerSequence(der: Buffer): boolean {
  return der.length > 40 && der[0] === 0x30;
}

function hasLineBreaks(body: string): boolean {
  const [first = '', ...lines] = body.split('\n');
  if (first.trim()) return false;
  return lines.every(
    (line) =>
      /^(Proc-Type|DEK-Info):/.test(line) || (line.length <= LONGEST_LINE && !/\s/.test(line)),
  );
}
