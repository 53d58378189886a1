import type { OpenBankingError } from '../../core/errors/OpenBankingError';
import { assertVisible, consentName, isUnmistakable } from '../../core/tokens/consentName';

it.each([
  ['a zero-width space', 'Müller\u200b 7', 'Müller 7'],
  ['a Hangul filler', 'Müller\u3164 7', 'Müller 7'],
  ['a variation selector', '東京\ufe0f', '東京'],
  ['a combining grapheme joiner', 'Ж\u034f1', 'Ж1'],
  ['a blank of Braille', 'Ж\u28001', 'Ж1'],
  ['a no-break space', 'Müller\u00a07', 'Müller 7'],
  ['an ideographic space', '東京\u30007', '東京 7'],
  ['an accent that is a character of its own', 'Mu\u0308ller', 'M\u00fcller'],
])('a new name with %s is refused, and the advice keeps all other letters', (_, name, repaired) => {
  // The tokens of a stored name stay within reach.
  expect(consentName(name)).toBe(name);
  const { code, description } = refusalOf(name);
  expect(code).toBe('consent-malformed');
  expect(description).toMatch(/^Type the name again by hand\. /);
  const [, expression] = /\{\{ \$json\.consent\.(.*?) \}\}/.exec(description)!;
  expect(applied(name, expression!)).toBe(repaired);
  expect(isUnmistakable(repaired)).toBe(true);
});

/** The text that n8n makes of the advised call of a method of strings. */
function applied(name: string, expression: string): string {
  const [, pattern, put] = /^replace\(\/(.*)\/gu, "(.*)"\)$/.exec(expression) ?? [];
  if (pattern !== undefined) return name.replace(new RegExp(pattern, 'gu'), put!);
  expect(expression).toBe('normalize("NFC")');
  return name.normalize('NFC');
}

it.each(['Müller & Söhne', '東京-7', 'Ж 1', 'عميل', '😀'])('a new name may be %s', (name) => {
  expect(() => assertVisible(name)).not.toThrow();
});

function refusalOf(name: string): OpenBankingError {
  try {
    assertVisible(name);
  } catch (error) {
    return error as OpenBankingError;
  }
  throw new Error('The name was accepted');
}
