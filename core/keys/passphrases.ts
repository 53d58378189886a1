import { OpenBankingError } from '../errors/OpenBankingError';
import { KeyDerivation, TooManyRounds, unicodePassphrase } from './keyDerivation';
import { NotDecrypted, UnknownEncryption, type Passphrase } from './passphraseEncryption';

/** A passphrase to try. */
interface Attempt {
  readonly passphrase: Passphrase;
  /** The change to the text of the field, as a clause; `undefined` if it is tried as it was given. */
  readonly repair?: string;
  /** The passphrase as a text. */
  readonly text: string;
}

/** The outcome of an attempt that opened the content. */
export interface Opened<Content> {
  readonly content: Content;
  /** The passphrase that opened it. */
  readonly passphrase: string;
  /** Repairs of the passphrase, as clauses; mostly empty. */
  readonly repairs: string[];
}

/**
 * Opens a content that a passphrase protects: first with the passphrase as it is given, then without a line end or blanks, which files and secret
 * stores add, and then in the encodings of older programs.
 *
 * @param open throws NotDecrypted if the passphrase is wrong
 * @param derivation the one of the field, if the field holds other contents, too
 * @throws OpenBankingError `passphrase-wrong`, `encryption-unsupported`, and whatever `open` throws besides
 */
export async function withPassphrase<Content>(
  given: string | undefined,
  field: string,
  open: (passphrase: Passphrase, derivation: KeyDerivation) => Content | Promise<Content>,
  derivation = new KeyDerivation(),
): Promise<Opened<Content>> {
  for (const { passphrase, text, repair } of attempts(given)) {
    try {
      const content = await open(passphrase, derivation);
      return { content, passphrase: text, repairs: repair ? [repair] : [] };
    } catch (error) {
      if (!(error instanceof NotDecrypted)) throw unsupported(error, field);
    }
  }
  throw notOpened(given, field);
}

function unsupported(error: unknown, field: string): unknown {
  if (error instanceof TooManyRounds) {
    const values = { field, rounds: error.rounds };
    return new OpenBankingError('encryption-unsupported', { problem: 'rounds', values });
  }
  if (error instanceof UnknownEncryption) {
    const { algorithm } = error;
    return algorithm
      ? new OpenBankingError('encryption-unsupported', {
          problem: 'cipher',
          values: { field, cipher: algorithm },
        })
      : new OpenBankingError('encryption-unsupported', { problem: 'unknown', values: { field } });
  }
  return error;
}

function attempts(given: string | undefined): Attempt[] {
  // No passphrase and an empty one differ in PKCS#12 (RFC 7292, appendix B.1); people cannot know which of them a file has.
  if (!given) return ['', undefined].map((text) => ({ passphrase: encoded(text), text: '' }));
  const texts = new Map<string, string | undefined>([[given, undefined]]);
  for (const [text, repair] of [
    [given.replace(/[\r\n]+$/, ''), 'the line end after it was left out'],
    [given.trim(), 'blanks around it were left out'],
  ] as const) {
    if (text && !texts.has(text)) texts.set(text, repair);
  }
  return [...texts].flatMap(([text, repair]) =>
    encodings(text).map((passphrase) => ({ passphrase, text, repair })),
  );
}

function encoded(text: string | undefined): Passphrase {
  return { unicode: unicodePassphrase(text), bytes: Buffer.from(text ?? '') };
}

/** Characters beyond ASCII have several encodings: today's, that of OpenSSL before 1.1, and that of Windows. */
function encodings(text: string): Passphrase[] {
  const today = encoded(text);
  if (!hasOtherCharacters(text)) return [today];
  const [utf8, latin1] = [Buffer.from(text), Buffer.from(text, 'latin1')];
  return [
    today,
    { unicode: unicodePassphrase(utf8.toString('latin1')), bytes: utf8 },
    { unicode: today.unicode, bytes: latin1 },
  ];
}

/** The error for a passphrase that does not open the content. */
export function notOpened(given: string | undefined, field: string): OpenBankingError {
  const problem = given ? 'wrong' : 'missing';
  const error = new OpenBankingError('passphrase-wrong', { problem, values: { field } });
  if (!given || !hasOtherCharacters(given)) return error;
  return error.with({
    description: `${error.description} Few programs agree on passphrases with characters beyond ASCII: if it is right, export the file again with another passphrase.`,
  });
}

function hasOtherCharacters(text: string): boolean {
  return /[^\s\x20-\x7e]/.test(text);
}
