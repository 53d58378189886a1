import { createPrivateKey, createPublicKey } from 'node:crypto';

/** A secret, or a part of one, that is searched for. */
export interface Mark {
  /** Its name in the report. */
  name: string;
  bytes: Buffer;
  /** Whether the output of some nodes has it by design, so that n8n's database contains it. */
  isHandedOut: boolean;
}

/** Length of the parts of long secrets: a text that was cut is found by the parts that are left. */
const PART = 16;

/** The secrets of a run: those that the test makes, and those that the bank sees and issues. */
export class Marks {
  readonly all: Mark[] = [];
  readonly #known = new Set<string>();

  /** Adds a text that nobody may see. */
  never(name: string, text: string): string {
    this.#add(name, text, false);
    return text;
  }

  /** Adds a code or token, which the output of an operation may contain. */
  handedOut(name: string, text: string): string {
    this.#add(name, text, true);
    return text;
  }

  /** Adds the signature of a JWT: its beginning and its end stand for it. */
  signature(name: string, jwt: string, isHandedOut = false): void {
    const signature = jwt.split('.')[2] ?? '';
    for (const part of [signature.slice(0, 2 * PART), signature.slice(-PART)]) {
      if (signature) this.#add(name, part, isHandedOut);
    }
  }

  /**
   * Adds a private key in PEM: the lines of the text, and the bytes of the key. The bytes stand for each other form of the key: lines of
   * another length, the members of a JWK, DER.
   */
  privateKey(name: string, pem: string, passphrase?: string, isHandedOut = false): string {
    const key = createPrivateKey({ key: pem, passphrase });
    const open = createPublicKey(key).export({ type: 'spki', format: 'der' });
    const secret = (bytes: Buffer) => !open.includes(bytes);
    const [first = '', ...lines] = pem
      .split('\n')
      .filter((line) => line && !line.startsWith('-----'));
    // All keys of a kind begin in the same way.
    for (const line of [first.slice(3 * PART), ...lines]) {
      const parts = partsOf(Buffer.from(line));
      parts
        .filter((part) => secret(Buffer.from(part.toString(), 'base64')))
        .forEach((part) => this.#put(`a line of ${name}`, part, isHandedOut));
    }
    partsOf(key.export({ type: 'pkcs8', format: 'der' }).subarray(2 * PART))
      .filter(secret)
      .forEach((part) => this.#put(`bytes of ${name}`, part, isHandedOut));
    return pem;
  }

  #add(name: string, text: string, isHandedOut: boolean): void {
    const bytes = Buffer.from(text, 'utf8');
    if (bytes.length < PART) throw new Error(`${name} is too short to be found: ${text}`);
    partsOf(bytes).forEach((part) => this.#put(name, part, isHandedOut));
  }

  #put(name: string, bytes: Buffer, isHandedOut: boolean): void {
    const id = bytes.toString('hex');
    // The last part of a key in PEM may be short.
    if (bytes.length < 12 || this.#known.has(id)) return;
    this.#known.add(id);
    this.all.push({ name, bytes, isHandedOut });
  }
}

/** A secret in parts, the last of which overlaps the one before. */
function partsOf(bytes: Buffer): Buffer[] {
  if (bytes.length < 2 * PART) return [bytes];
  const parts: Buffer[] = [];
  for (let at = 0; at + PART <= bytes.length; at += PART) {
    parts.push(bytes.subarray(at, at + PART));
  }
  return bytes.length % PART ? [...parts, bytes.subarray(-PART)] : parts;
}
