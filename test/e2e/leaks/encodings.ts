/** Writes a secret in one of its forms. The results are bytes as `latin1`; several if the form depends on what is before the secret. */
type Encoding = (secret: Buffer) => string[];

const textOf = (secret: Buffer) => secret.toString('utf8');

const bytesOf = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

const escapedForHtml: Record<string, string> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
  ...{ '/': '&#x2F;', '=': '&#x3D;', '+': '&#x2B;' },
};

/** Base64 at each of the three offsets at which the secret may begin, without the characters that also depend on its neighbours. */
function base64(secret: Buffer, alphabet: 'base64' | 'base64url'): string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), secret]).toString(alphabet);
    const bits = (offset + secret.length) * 8;
    return encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(bits / 6));
  });
}

/** JSON in a string of JSON. */
const json = (text: string) => JSON.stringify(text).slice(1, -1);

/**
 * The forms in which secrets are searched for. The search ignores the case of letters, so each form also stands for itself in capitals and
 * in small letters.
 */
export const encodings = {
  raw: (secret) => [secret.toString('latin1')],
  url: (secret) => [bytesOf(encodeURIComponent(textOf(secret)))],
  form: (secret) => [new URLSearchParams([[textOf(secret), '']]).toString().slice(0, -1)],
  urlTwice: (secret) => [encodeURIComponent(encodeURIComponent(textOf(secret)))],
  json: (secret) => [
    bytesOf(json(textOf(secret))),
    bytesOf(json(textOf(secret)).replaceAll('/', '\\/')),
  ],
  jsonTwice: (secret) => [bytesOf(json(json(textOf(secret))))],
  html: (secret) => [
    bytesOf(textOf(secret).replace(/[&<>"'/=+]/g, (sign) => escapedForHtml[sign]!)),
  ],
  base64: (secret) => base64(secret, 'base64'),
  base64url: (secret) => base64(secret, 'base64url'),
  hex: (secret) => [secret.toString('hex')],
  /** As JSON shows a `Buffer`. */
  decimal: (secret) => [[...secret].join(',')],
  utf16: (secret) => [Buffer.from(textOf(secret), 'utf16le').toString('latin1')],
  reversed: (secret) => [Buffer.from(secret).reverse().toString('latin1')],
} satisfies Record<string, Encoding>;

/** The name of a form. */
export type EncodingName = keyof typeof encodings;

/** The names of all forms. */
export const encodingNames = Object.keys(encodings) as EncodingName[];
