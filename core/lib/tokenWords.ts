import { HIDDEN } from './hiddenSecrets';

/** Words that are long enough for a token. A path of a URL is taken apart, so that only one of its parts is hidden. */
const LONG_WORDS = /(:\/\/[^\s"'<>?#]*)|[\w~+/=%.-]{40,}/g;

const LONG_SEGMENTS = /[\w~+=%.-]{40,}/g;

const GUIDS = /[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}/gi;

/** Changes between digits and letters, and from a small letter to a capital one. */
const CHANGES = /\d(?=[a-z])|[a-z](?=\d)|[a-z](?=[A-Z])|\d(?=[A-Z])|[A-Z](?=\d)/g;

/**
 * Hides words of 40 characters or more that look like a token or another random value. Names, paths, error codes, GUIDs and lines of signs
 * stay.
 */
export function withoutTokenWords(text: string): string {
  return text.replace(LONG_WORDS, (word, url: string | undefined) =>
    url === undefined ? hiddenIfRandom(word) : word.replace(LONG_SEGMENTS, hiddenIfRandom),
  );
}

function hiddenIfRandom(word: string): string {
  const rest = word.replace(GUIDS, '');
  if (rest.length < 40) return word;
  const changes = rest.match(CHANGES)?.length ?? 0;
  // Random characters change in about every second place, and the words of a name in about every eighth.
  return changes * 5 >= rest.length ? HIDDEN : word;
}
