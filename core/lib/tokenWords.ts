import { HIDDEN } from './hiddenSecrets';

/** Characters of a word that is long enough for a token. */
const LONG = 40;

/** Characters of a word that is long enough for a part of one. */
const PART = 10;

const GUIDS = /[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}/gi;

/** Changes between digits and letters, and from a small letter to a capital one. */
const CHANGES = /\d(?=[a-z])|[a-z](?=\d)|[a-z](?=[A-Z])|\d(?=[A-Z])|[A-Z](?=\d)/g;

/**
 * Hides words of 40 characters or more that look like a token or another random value. Names, paths, error codes, GUIDs and lines of signs
 * stay. A path of a URL is taken apart, so that only one of its parts is hidden.
 */
export function withoutTokenWords(text: string): string {
  return withoutRandomWords(text, LONG);
}

/** As {@link withoutTokenWords}, for a text that may be the rest of an answer with tokens: it also hides words of 10 characters or more. */
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
  const changes = rest.match(CHANGES)?.length ?? 0;
  // Random characters change in about every third place, and the words of a name in about every eighth. A short part may have fewer.
  return changes * (shortest < LONG ? 6 : 5) >= rest.length ? HIDDEN : word;
}
