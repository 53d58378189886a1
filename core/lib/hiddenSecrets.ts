import { decodedText, type DecodedText } from './decodedText';
import { LetterIndex, lettersOf, type CommonRun, type Letters } from './letters';
import { placesOfShort } from './wholeWords';

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

/** Of a larger secret, this number of characters at each end is looked for in its encoded forms. It is looked for as it is in any case. */
const ENCODED_END = 8192;

const SPACE = /\s/;

/** Signs of base64 and URLs. Directly before or after a secret they are a part of it. */
const FOLLOWING = /[=+/_~-]/;
const PRECEDING = /[+/_~-]/;

/** Returns a text without the secrets. */
export type SecretHider = (text: string) => string;

/**
 * Makes a function that hides secrets in a text, in whatever form they come: in other case, escaped for a form, JSON or HTML (also more than
 * once), in base64, base64url or hexadecimal (also as a part of a longer encoded text), split by blanks or other characters, or cut. Any 12
 * consecutive characters of a secret are hidden, or any 20 if white space splits them. A secret of fewer than 12 letters is hidden as a whole,
 * and only where it stands alone if it is a mere word or number: it could be a part of many words.
 *
 * The time to make it, with its first use, is proportional to the length of the secrets, and the time of each use to that of the text. It is
 * made once for all texts of an answer: the bank chooses how many and how large they are.
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
  /** The letters of each form of long secrets; `undefined` if there are none. */
  readonly long: LetterIndex | undefined;
  /** The forms of short secrets, in lower case. */
  readonly short: readonly string[];
}

function formsOf(secrets: readonly string[]): Forms {
  const long: Letters[] = [];
  const short = new Set<string>();
  // The shortest first, so that no large one keeps them from being looked at.
  for (const secret of [...new Set(secrets)].sort((one, other) => one.length - other.length)) {
    if (secret.length < SHORTEST) continue;
    const decoded = decodedText(secret).text;
    const letters = lettersOf(decoded);
    if (letters.values.length < LONG) {
      for (const form of shortForms(secret, decoded)) short.add(form.toLowerCase());
    } else long.push(letters, ...endsOf(secret).flatMap(encodedForms).map(lettersOf));
  }
  return { long: long.length > 0 ? new LetterIndex(long) : undefined, short: [...short] };
}

function endsOf(secret: string): string[] {
  if (secret.length <= 2 * ENCODED_END) return [secret];
  return [secret.slice(0, ENCODED_END), secret.slice(-ENCODED_END)];
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

/** Signs with which escapes begin. */
const ESCAPED = /[%\\&]/;

function textWithout(text: string, { long, short }: Forms): string {
  const isSearched = long !== undefined && (ESCAPED.test(text) || long.mayShare(text));
  if (!isSearched && short.length === 0) return text;
  const decoded = decodedText(text);
  let marks: Uint8Array | undefined;
  const mark = (start: number, end: number) => {
    marks ??= new Uint8Array(decoded.text.length);
    marks.fill(1, start, end);
  };
  if (isSearched) markLong(decoded.text, long, mark);
  const lower = short.length > 0 ? decoded.text.toLowerCase() : '';
  for (const form of short) {
    for (const at of placesOfShort(lower, form)) mark(at, at + form.length);
  }
  return marks ? withoutMarked(text, decoded, marks) : text;
}

type Mark = (start: number, end: number) => void;

function markLong(text: string, forms: LetterIndex, mark: Mark): void {
  const letters = lettersOf(text);
  if (letters.values.length < PIECE.letters) return;
  const isPiece = (run: CommonRun, { letters: least, size }: Piece) =>
    run.length >= least && forms.sizeOf(run) >= size;
  const beforeSpace = lettersBeforeSpace(text, letters);
  /** The end of the letters that are marked without a gap from a letter that came before. */
  let markedTo = 0;
  forms.forEachRun(letters, (run) => {
    if (run.at + run.length <= markedTo) return;
    const isLarge = isPiece(run, SPLIT_PIECE) || forms.isWhole(run);
    if (!isLarge && !isPiece(run, PIECE)) return;
    const parts = isLarge
      ? [run]
      : withoutSpaces(beforeSpace, run).filter((part) => isPiece(part, PIECE));
    for (const { at, length } of parts) {
      mark(letters.places[at]!, letters.places[at + length - 1]! + 1);
      if (at === run.at) markedTo = at + length;
    }
  });
}

/** For each letter, 1 if white space stands between it and the next one. */
function lettersBeforeSpace(text: string, { places }: Letters): Uint8Array {
  const before = new Uint8Array(places.length);
  let letter = 0;
  for (let at = text.search(SPACE); at >= 0 && at < text.length; at++) {
    if (!SPACE.test(text[at]!)) continue;
    while (letter < places.length && places[letter]! < at) letter++;
    if (letter > 0) before[letter - 1] = 1;
  }
  return before;
}

/** The parts of a run that white space separates in the text. */
function withoutSpaces(beforeSpace: Uint8Array, run: CommonRun): CommonRun[] {
  const parts: CommonRun[] = [];
  let first = 0;
  for (let letter = 1; letter <= run.length; letter++) {
    if (letter < run.length && !beforeSpace[run.at + letter - 1]) continue;
    parts.push({ at: run.at + first, atOwn: run.atOwn + first, length: letter - first });
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
