import { displayText } from '../../core/lib/displayText';

describe('displayText', () => {
  it.each<[string, unknown, string]>([
    [
      'white space and control characters with one space',
      ' a\r\n\tb\u0000\u202ec\u2028d ',
      'a b c d',
    ],
    [
      'a JWT',
      'token eyJhbGciOiJub25lIn0.eyJhIjoxfQ.c2ln was refused',
      'token [hidden] was refused',
    ],
    ['a number with its digits', 42, '42'],
    ['an object with nothing', { error: 'x' }, ''],
    ['null with nothing', null, ''],
  ])('replaces %s', (_, value, text) => {
    expect(displayText(value, [])).toBe(text);
  });

  it('hides secrets, also as they are encoded in a form', () => {
    expect(displayText('got s/cret and s%2Fcret', ['s/cret'])).toBe('got [hidden] and [hidden]');
  });

  it('does not hide values of fewer than four characters, which could be parts of words', () => {
    expect(displayText('a code', ['cod'])).toBe('a code');
  });

  it('cuts a text at 500 characters, and hides a secret that crosses the cut', () => {
    expect(displayText('x'.repeat(600), [])).toHaveLength(500);
    expect(displayText(`${'x'.repeat(495)}secret`, ['secret'])).toBe(`${'x'.repeat(495)}[hidd`);
  });
});
