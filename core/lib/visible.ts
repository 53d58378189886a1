/**
 * Characters that nobody sees, that look like the space (U+0020), or that change how the text around them looks: they could forge a line of a log, or another name. A part of
 * the character class of a regular expression.
 */
export const UNSEEN_CHARACTERS = String.raw`\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\xa0\u1680\u2000-\u200a\u202f\u205f\u3000`;

const UNSEEN = new RegExp(`[${UNSEEN_CHARACTERS}]`, 'u');

const SPACES = /[\t\n\v\f\r\x85\p{Zl}\p{Zp}]/u;

/** Characters that change the direction of writing (Unicode Bidirectional Algorithm, UAX #9 §2). */
const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** A text for a message or a log line, in which unseen characters show as their numbers. Line breaks and tabs become spaces. */
export function visible(text: string): string {
  return text.replace(new RegExp(UNSEEN, 'gu'), (character) =>
    SPACES.test(character) ? ' ' : `[${numberOf(character)}]`,
  );
}

/** The first unseen character of a text in words, for example `a zero-width or invisible character (U+200B)`; `undefined` if there is none. */
export function unseenCharacterIn(text: string): string | undefined {
  const [character] = UNSEEN.exec(text) ?? [];
  return character && `${kindOf(character)} (${numberOf(character)})`;
}

function kindOf(character: string): string {
  if (DIRECTION.test(character)) return 'a character that changes the direction of writing';
  if (/[\p{Zl}\p{Zp}\n\r\x85]/u.test(character)) return 'a line break or separator';
  if (/\p{Cc}/u.test(character)) return 'a control character';
  if (/\p{Cs}/u.test(character)) return 'half of a character';
  if (/\p{Zs}/u.test(character)) return 'another space than that of the keyboard';
  return 'a zero-width or invisible character';
}

function numberOf(character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
}
