/** Number of characters of a piece. A shorter piece of a random secret could be in any text by chance. */
const PIECE = 12;

/** The secrets of a case, as all their pieces of twelve characters, in the forms that programs write them in. */
export class SecretPieces {
  readonly #pieces = new Set<string>();

  /** Texts that contain no piece. Most messages come thousands of times. */
  readonly #innocent = new Set<string>();

  /** @param secrets random texts, or PEM, whose lines BEGIN and END are no secret */
  constructor(secrets: readonly string[]) {
    for (const secret of secrets.flatMap(randomParts)) {
      for (const form of formsOf(secret)) {
        for (const piece of piecesOf(form)) this.#pieces.add(piece);
      }
    }
  }

  /** The first piece of a secret in a text; `undefined` if there is none. */
  findIn(text: string): string | undefined {
    if (this.#innocent.has(text)) return undefined;
    for (const reading of readingsOf(text)) {
      for (const piece of piecesOf(reading)) if (this.#pieces.has(piece)) return piece;
    }
    this.#innocent.add(text);
    return undefined;
  }
}

function randomParts(secret: string): string[] {
  // The header of a JWT names algorithm and key, and is no secret.
  if (/^eyJ[\w-]+\./.test(secret)) return secret.split('.').slice(1).filter(Boolean);
  if (!secret.includes('-----')) return [secret];
  return secret
    .split(/\r?\n/)
    .filter((line) => /^[\w+/=]+$/.test(line))
    .concat(secret.replace(/-----[^-]*-----|\s/g, ''));
}

/** A secret as it is, and in base64, base64url, hexadecimal and percent encoding. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // In base64, the letters depend on the number of bytes before. The first and the last letters also contain bits of the text around.
  const base64 = [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .slice(4, -4),
  );
  return [
    secret,
    encodeURIComponent(secret),
    bytes.toString('hex'),
    ...base64,
    ...base64.map((form) => form.replaceAll('+', '-').replaceAll('/', '_')),
  ];
}

/** A text as it is, and with its escapes undone: of JSON, of HTML, and percent encoding. */
function readingsOf(text: string): Set<string> {
  const character = (code: string, radix: number) => String.fromCharCode(parseInt(code, radix));
  return new Set([
    text,
    text.replace(/\\u([\da-f]{4})/gi, (_, code: string) => character(code, 16)),
    text
      .replace(/&#x([\da-f]{1,4});?/gi, (_, code: string) => character(code, 16))
      .replace(/&#(\d{1,5});?/g, (_, code: string) => character(code, 10)),
    text.replace(/%([\da-f]{2})/gi, (_, code: string) => character(code, 16)),
  ]);
}

/** The pieces of a text in lower case. */
function* piecesOf(text: string): Generator<string> {
  for (const [run] of text.toLowerCase().matchAll(/[^\s"'<>()[\]{},]{12,}/g)) {
    for (let at = 0; at + PIECE <= run.length; at++) yield run.slice(at, at + PIECE);
  }
}
