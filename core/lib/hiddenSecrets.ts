import { decodedText, type DecodedText } from './decodedText';
import { LetterIndex, lettersOf, type CommonRun, type Letters } from './letters';

/** Stands in place of a secret. */
export const HIDDEN = '[hidden]';

/** A kind of piece of a secret. */
interface Piece {
  /** Number of consecutive characters that are hidden, also if the rest of the secret is missing. */
  readonly size: number;
  /** Minimum letters and digits in it. The other characters are not compared, because they change most with an encoding. */
  readonly letters: number;
}

/** A piece without white space in it. */
const PIECE: Piece = { size: 12, letters: 6 };

/** A piece that white space may split. A shorter one could be words of the bank: "refresh token" is also the beginning of some tokens. */
const SPLIT_PIECE: Piece = { size: 20, letters: 12 };

/** Minimum letters and digits of a secret that is looked for by its pieces. */
const LONG = 12;

/** Minimum characters of a short secret: a shorter one could be a part of any word. */
const SHORTEST = 4;

/** Signs of base64 and URLs that belong to a secret if they stand beside it. */
const FOLLOWING = /[=+/_~-]/;
const PRECEDING = /[+/_~-]/;

/** Returns a text without the secrets. */
export type SecretHider = (text: string) => string;

/**
 * Makes a function that hides secrets in a text, in whatever form they come: in other case, escaped for a form, JSON or HTML (also more than
 * once), in base64, base64url or hexadecimal (also as a part of a longer encoded text), split by blanks or other characters, or cut. Any 12
 * consecutive characters of a secret are hidden, or any 20 if white space splits them. A secret of fewer than 12 letters is hidden as a whole.
 *
 * The time is proportional to the length of the text and of the secrets.
 */
export function secretHider(secrets: readonly string[]): SecretHider {
  let forms: Forms | undefined;
  return (text) => {
    if (secrets.length === 0 || text.length < SHORTEST) return text;
    forms ??= formsOf(secrets);
    return textWithout(text, forms);
  };
}

/** The forms of some secrets. */
interface Forms {
  /** The letters of each form of long secrets. */
  readonly long: readonly Letters[];
  /** The forms of short secrets, in lower case. */
  readonly short: readonly string[];
}

function formsOf(secrets: readonly string[]): Forms {
  const long: Letters[] = [];
  const short = new Set<string>();
  for (const secret of new Set(secrets)) {
    if (secret.length < SHORTEST) continue;
    const decoded = decodedText(secret).text;
    const letters = lettersOf(decoded);
    if (letters.values.length < LONG) {
      for (const form of shortForms(secret, decoded)) short.add(form.toLowerCase());
    } else long.push(letters, ...encodedForms(secret).map(lettersOf));
  }
  return { long, short: [...short] };
}

function shortForms(secret: string, decoded: string): string[] {
  const bytes = Buffer.from(secret);
  const base64 = bytes.toString('base64').replace(/=+$/, '');
  const base64url = bytes.toString('base64url');
  return [decoded, decoded.replaceAll('+', ' '), base64, base64url, bytes.toString('hex')];
}

/** A secret in hexadecimal, and in base64 at each of the three places that it can have in a longer text. */
function encodedForms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const base64 = [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    // The first characters also encode the bytes before.
    return encoded.slice(Math.ceil((before * 8) / 6)).replace(/=*$/, '');
  });
  return [bytes.toString('hex'), ...base64];
}

function textWithout(text: string, { long, short }: Forms): string {
  const decoded = decodedText(text);
  const marks = new Uint8Array(decoded.text.length);
  let isFound = false;
  const mark = (start: number, end: number) => {
    isFound = true;
    marks.fill(1, start, end);
  };
  if (long.length > 0) markLong(decoded.text, long, mark);
  const lower = short.length > 0 ? decoded.text.toLowerCase() : '';
  for (const form of short) {
    for (let at = lower.indexOf(form); at >= 0; at = lower.indexOf(form, at + 1)) {
      mark(at, at + form.length);
    }
  }
  return isFound ? withoutMarked(text, decoded, marks) : text;
}

type Mark = (start: number, end: number) => void;

function markLong(text: string, forms: readonly Letters[], mark: Mark): void {
  const letters = lettersOf(text);
  if (letters.values.length < PIECE.letters) return;
  const index = new LetterIndex(letters);
  for (const form of forms) {
    index.forEachRun(form, (run) => {
      if (run.length < PIECE.letters) return;
      const isLarge = run.length === form.values.length || isPiece(run, form, SPLIT_PIECE);
      const parts = isLarge
        ? [run]
        : withoutSpaces(text, letters, run).filter((part) => isPiece(part, form, PIECE));
      for (const { at, length } of parts) {
        mark(letters.places[at]!, letters.places[at + length - 1]! + 1);
      }
    });
  }
}

/** Whether a part of a form is large enough. Characters that are no letters count if they are in it or beside it. */
function isPiece({ atOther, length }: CommonRun, { places }: Letters, piece: Piece): boolean {
  if (length < piece.letters) return false;
  const before = atOther > 0 ? places[atOther - 1]! : -1;
  return places[atOther + length]! - before - 1 >= piece.size;
}

/** The parts of a run that white space separates in the text. */
function withoutSpaces(text: string, { places }: Letters, run: CommonRun): CommonRun[] {
  const parts: CommonRun[] = [];
  let first = 0;
  for (let letter = 1; letter <= run.length; letter++) {
    const isEnd =
      letter === run.length ||
      /\s/.test(text.slice(places[run.at + letter - 1]! + 1, places[run.at + letter]));
    if (!isEnd) continue;
    parts.push({ at: run.at + first, atOther: run.atOther + first, length: letter - first });
    first = letter;
  }
  return parts;
}

/** The text with each marked part replaced. Signs of base64 beside a marked part are part of it. */
function withoutMarked(text: string, decoded: DecodedText, marks: Uint8Array): string {
  for (let at = 1; at < marks.length; at++) {
    if (marks[at - 1] && FOLLOWING.test(decoded.text[at]!)) marks[at] = 1;
  }
  for (let at = marks.length - 2; at >= 0; at--) {
    if (marks[at + 1] && PRECEDING.test(decoded.text[at]!)) marks[at] = 1;
  }
  const parts: string[] = [];
  let shownTo = 0;
  for (let at = 0; at < marks.length; at++) {
    if (!marks[at]) continue;
    let end = at;
    while (end < marks.length && marks[end]) end++;
    parts.push(text.slice(shownTo, decoded.starts[at]), HIDDEN);
    shownTo = decoded.ends[end - 1]!;
    at = end;
  }
  return parts.join('') + text.slice(shownTo);
}
