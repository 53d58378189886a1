/** A block of a PEM text (RFC 7468), or of its older form with headers (RFC 1421), which OpenSSL used for encrypted keys. */
export interface PemBlock {
  /** The word after BEGIN, for example `CERTIFICATE`. */
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
 * or other text around it, without its BEGIN and END lines, or encoded in base64 again.
 *
 * @param kindOfBare returns the kind of a block without BEGIN and END lines, from its content in DER
 */
export function readPem(given: string, kindOfBare: (der: Buffer) => string): PemText {
  const repairs = new Set<string>();
  const text = withoutWrapping(given, repairs);
  if (!text.includes('-----BEGIN ')) {
    const bare = blockOf('', text);
    if (!bare || !isDerSequence(bare.der)) return { blocks: [], broken: [], repairs: [] };
    return {
      blocks: [blockOf(kindOfBare(bare.der), text)!],
      broken: [],
      repairs: [...repairs, 'the lines BEGIN and END were added'],
    };
  }

  const [before = '', ...chunks] = text.split('-----BEGIN ');
  const blocks: PemBlock[] = [];
  const broken: string[] = [];
  let around = before;
  chunks.forEach((chunk, index) => {
    const kind = /^([A-Z\d ]{1,40})-----/.exec(chunk)?.[1] ?? '';
    const end = chunk.indexOf(`-----END ${kind}-----`);
    const body = chunk.slice(kind.length + 5, Math.max(end, 0));
    const block = kind && end > 0 ? blockOf(kind, body) : undefined;
    if (!block) {
      broken.push(kind);
      return;
    }
    blocks.push(block);
    const after = chunk.slice(end + kind.length + '-----END -----'.length);
    const isGlued = index < chunks.length - 1 && !after.includes('\n');
    if (isGlued || !hasLineBreaks(body)) repairs.add('its line breaks were restored');
    around += after;
  });
  if (around.trim()) repairs.add('other text around it was left out');
  return { blocks, broken, repairs: [...repairs] };
}

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
  return text.trim();
}

/** `Proc-Type` and `DEK-Info`. The content may follow the initialisation vector without a line break. */
const HEADERS =
  /^\s*Proc-Type:\s*4,\s*ENCRYPTED\s*DEK-Info:\s*([A-Z\d-]{1,30}),\s*([\dA-F]{32}|[\dA-F]{16})/i;

function blockOf(kind: string, body: string): PemBlock | undefined {
  const [headers = '', cipher, vector = ''] = HEADERS.exec(body) ?? [];
  const base64 = body.slice(headers.length).replace(/\s+/g, '');
  if (!isBase64(base64)) return undefined;
  const lines = [
    ...(cipher ? ['Proc-Type: 4,ENCRYPTED', `DEK-Info: ${cipher},${vector}`, ''] : []),
    ...(base64.match(/.{1,64}/g) ?? []),
  ];
  return {
    kind,
    cipher,
    der: Buffer.from(base64, 'base64'),
    pem: [`-----BEGIN ${kind}-----`, ...lines, `-----END ${kind}-----`, ''].join('\n'),
  };
}

function isBase64(text: string): boolean {
  return /^[A-Za-z\d+/]+={0,2}$/.test(text);
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
