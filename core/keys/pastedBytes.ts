/** Bytes that were pasted as text. */
export interface PastedBytes {
  /** `undefined` if the text is neither base64 nor hex. */
  readonly bytes?: Buffer;
  /** Repairs of the text, as clauses. */
  readonly repairs: string[];
}

/** Letters of base64, with its padding. */
export function isBase64(text: string): boolean {
  return /^[A-Za-z\d+/]+={0,2}$/.test(text);
}

/**
 * The bytes of a file that a person pasted in base64 or hex: with line breaks, also written out, quotes, a `data:` URL, lines BEGIN and END
 * around it, percent-encoded, or in base64 twice.
 */
export function binaryIn(given: string): PastedBytes {
  const repairs: string[] = [];
  let text = given
    .replace(/^\ufeff/, '')
    .trim()
    .replace(/^data:[^,]{0,100},/, '')
    // Windows programs put such lines around every base64.
    .replace(/-----(BEGIN|END) [A-Z\d ]{1,40}-----/g, '')
    .replace(/\\{1,2}[rn]|\s+|["']/g, '');
  const decoded = percentDecoded(text);
  if (decoded !== undefined) {
    text = decoded.replace(/\s+/g, '');
    repairs.push('percent-encoding was decoded');
  }
  const fromHex = hexIn(text);
  if (fromHex) return { bytes: fromHex, repairs: [...repairs, 'hex was decoded'] };
  if (!isBase64(text)) return { repairs: [] };
  let bytes: Buffer = Buffer.from(text, 'base64');
  // Base64 of base64 of a file: its letters begin with those of a SEQUENCE or of a keystore of Java.
  const again = /^(MI|\/u3\+|zs7O)/.test(bytes.toString('latin1', 0, 4))
    ? bytes.toString('latin1').replace(/\s+/g, '')
    : '';
  if (again && isBase64(again)) {
    bytes = Buffer.from(again, 'base64');
    repairs.push('base64 around it was decoded');
  }
  return { bytes, repairs };
}

/** The bytes of a text in hex, also with colons, blanks or a leading 0x; `undefined` if it is none, or shorter than a key. */
export function hexIn(text: string): Buffer | undefined {
  if (!/^\s*(0x)?[\da-f]{2}/i.test(text) || !/^(0x)?[\da-f:\s]+$/i.test(text)) return undefined;
  const digits = text.replace(/^\s*0x|[:\s]/gi, '');
  return digits.length >= 80 && digits.length % 2 === 0 ? Buffer.from(digits, 'hex') : undefined;
}

/** A percent-encoded text without its encoding; `undefined` if it is not percent-encoded. */
export function percentDecoded(text: string): string | undefined {
  // Neither PEM nor base64 has a percent sign, and a percent-encoded text has no blanks.
  if (!/%(2B|2F|3D|0A|0D|20|2D)/i.test(text) || / /.test(text.trim())) return undefined;
  // Forms encode a blank as "+", and then encode "+".
  const isForm = /%2B/i.test(text) || /(BEGIN|END)\+/.test(text);
  try {
    return decodeURIComponent(isForm ? text.replaceAll('+', ' ') : text);
  } catch {
    return undefined;
  }
}
