import { HIDDEN } from './hiddenSecrets';

/** Characters of a word that is long enough for a token. */
const LONG = 40;

/** Characters of a word that is long enough for a part of one. */
const PART = 10;

const GUIDS = /[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}/gi;

/** Letters with a short number behind them, or a number. */
const NAME_PART = /^(?:[a-z]*\d{0,3}|\d{1,8})$/i;

/** A small letter between capital ones, as no name has. */
const LONE_LETTER = /(?<![a-z])[a-z](?![a-z])/;

/** Changes between digits and letters, and from a small letter to a capital one. */
const CHANGES = /\d(?=[a-z])|[a-z](?=\d)|[a-z](?=[A-Z])|\d(?=[A-Z])|[A-Z](?=\d)/g;

/**
 * Hides words of 40 characters or more that look like a token or another random value. Names, paths, error codes, GUIDs and lines of signs
 * stay. A path of a URL is taken apart, so that only one of its parts is hidden.
 */
export function withoutTokenWords(text: string): string {
  return withoutRandomWords(text, LONG);
}

/**
 * As {@link withoutTokenWords}, for a text that may be the rest of an answer with tokens. Of words of 10 characters or more, only those stay
 * that are names or numbers: "invalid_client", "UK.OBIE.Field.Missing".
 */
export function withoutPartsOfTokens(text: string): string {
  return withoutRandomWords(text, PART);
}

function withoutRandomWords(text: string, shortest: number): string {
  const hide = (word: string) => hiddenIfRandom(word, shortest);
  const words = new RegExp(`(://[^\\s"'<>?#]*)|[\\w~+/=%.-]{${shortest},}`, 'g');
  const segments = new RegExp(`[\\w~+=%.-]{${shortest},}`, 'g');
  return text.replace(words, (word, url: string | undefined) =>
    url === undefined ? hide(word) : word.replace(segments, hide),
  );
}

function hiddenIfRandom(word: string, shortest: number): string {
  const rest = word.replace(GUIDS, '');
  if (rest.length < shortest) return word;
  if (shortest < LONG && !isName(rest)) return HIDDEN;
  const changes = rest.match(CHANGES)?.length ?? 0;
  // Random characters change in about every third place, and the words of a name in about every eighth. A short part may have fewer.
  return changes * (shortest < LONG ? 6 : 5) >= rest.length ? HIDDEN : word;
}

/** Whether each part of a word between its signs is a name or a number. */
function isName(word: string): boolean {
  return word.split(/[^a-z\d]+/i).every((part) => NAME_PART.test(part) && !LONE_LETTER.test(part));
}
