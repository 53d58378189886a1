import fc from 'fast-check';
import { fixed, placed, type Change } from './change';
import { percentEncoded } from './parameters';

/** Splits a text at two places. */
function cut(text: string, from: number, to: number): [string, string, string] {
  const [start, end] = [Math.floor(from * text.length), Math.floor(to * text.length)];
  return [text.slice(0, start), text.slice(start, end), text.slice(end)];
}

const fragment = fc.oneof(
  fc.string({ maxLength: 8, unit: 'binary' }),
  fc.constantFrom(
    ...['-----BEGIN ', '-----END ', '-----', '\\n', '\\', '"', '\ufeff', '\r\n', '\0', '=', '{'],
    ...['%', '%zz', '&', '#', '+', '\ud800', '\u202e', '\u2028', '<', '__proto__', '.', ','],
    ...['-----BEGIN CERTIFICATE-----', '-----BEGIN EC PRIVATE KEY-----', 'Proc-Type: 4,ENCRYPTED'],
  ),
);

const letter = fc.constantFrom(...'ABCDwxyz0189+/=-_. "\n');

/** Changes of a text of any kind. */
export const textChange: fc.Arbitrary<Change<string>> = fc.oneof(
  placed('a part removed', fc.constant(undefined), (text: string, from, to) => {
    const [before, , after] = cut(text, from, to);
    return before + after;
  }),
  placed('cut off', fc.constant(undefined), (text: string, from) => cut(text, from, from)[0]),
  placed('a part repeated', fc.nat(40), (text: string, from, to, times) => {
    const [before, between, after] = cut(text, from, to);
    return before + between.repeat(times) + after;
  }),
  placed('inserted', fragment, (text: string, from, _to, inserted) =>
    cut(text, from, from).join(inserted),
  ),
  placed('a letter replaced', letter, (text: string, from, _to, replacement) => {
    const [before, , after] = cut(text, from, from);
    return before.slice(0, -1) + replacement + after;
  }),
  placed('parts exchanged', fc.constant(undefined), (text: string, from, to) => {
    const [before, between, after] = cut(text, from, to);
    return between + before + after;
  }),
  fixed<string>('upper case', (text) => text.toUpperCase()),
  fixed<string>('base64', (text) => Buffer.from(text).toString('base64')),
  fixed<string>('quoted', (text) => `"${text}"`),
  fixed<string>('JSON text', (text) => JSON.stringify(text)),
  fixed<string>('line breaks written out', (text) => text.replaceAll('\n', '\\n')),
  fixed<string>('without line breaks', (text) => text.replaceAll('\n', '')),
  fixed<string>('percent-encoded', percentEncoded),
);
