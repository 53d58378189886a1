/** Texts that could be a word of the bank, or a part of one: mere letters, or mere digits. */
const WORD = /^(?:[a-z]+|\d+)$/;

/** The end of a text before which a word begins: it is no letter, digit or underscore, or it is an escape of JSON as "\n". */
const BEFORE = /(?:^|\W|\\[bfnrt])$/;

const AFTER = /^(?:\W|$)/;

/**
 * The places where a short secret stands in a text. One that could be a word is only found where it stands alone: "client" is a part of
 * "invalid_client".
 *
 * @param text in lower case, as is the secret
 */
export function placesOfShort(text: string, secret: string): number[] {
  if (secret.length > text.length) return [];
  const isWord = WORD.test(secret);
  const places: number[] = [];
  for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1)) {
    const end = at + secret.length;
    const isAlone = () =>
      BEFORE.test(text.slice(Math.max(0, at - 2), at)) && AFTER.test(text.slice(end, end + 1));
    if (!isWord || isAlone()) places.push(at);
  }
  return places;
}
