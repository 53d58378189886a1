import { unseenCharacterIn, visible } from '../../core/lib/visible';

const texts: [string, string, string][] = [
  ['a\u0000b', 'a[U+0000]b', 'a control character (U+0000)'],
  ['a\u001bb', 'a[U+001B]b', 'a control character (U+001B)'],
  ['a\nb', 'a b', 'a line break or separator (U+000A)'],
  ['a\u0085b', 'a b', 'a line break or separator (U+0085)'],
  ['a\u2028b', 'a b', 'a line break or separator (U+2028)'],
  ['a\u202eb', 'a[U+202E]b', 'a character that changes the direction of writing (U+202E)'],
  ['a\u2066b', 'a[U+2066]b', 'a character that changes the direction of writing (U+2066)'],
  ['a\u200bb', 'a[U+200B]b', 'a zero-width or invisible character (U+200B)'],
  ['a\ufeffb', 'a[U+FEFF]b', 'a zero-width or invisible character (U+FEFF)'],
  ['a\u{e0041}b', 'a[U+E0041]b', 'a zero-width or invisible character (U+E0041)'],
  ...[0x115f, 0x3164, 0xfe0f, 0x34f, 0x2800].map((code): [string, string, string] => {
    const number = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
    const named = `a zero-width or invisible character (${number})`;
    return [`a${String.fromCodePoint(code)}b`, `a[${number}]b`, named];
  }),
  ['a\u00a0b', 'a[U+00A0]b', 'another space than that of the keyboard (U+00A0)'],
  ['a\u3000b', 'a[U+3000]b', 'another space than that of the keyboard (U+3000)'],
  ['a\ud800b', 'a[U+D800]b', 'half of a character (U+D800)'],
];

it.each(texts)('an unseen character shows as its number: case %#', (text, shown, named) => {
  expect(visible(text)).toBe(shown);
  expect(unseenCharacterIn(text)).toBe(named);
});

it.each(['a b', 'Ünïcode – “quotes” €', '東京', '😀', ''])(
  'a text without them stays: %s',
  (text) => {
    expect(visible(text)).toBe(text);
    expect(unseenCharacterIn(text)).toBeUndefined();
  },
);
