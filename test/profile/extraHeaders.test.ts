import type { OpenBankingError } from '../../core/errors/OpenBankingError';
import { extraHeadersOf } from '../../core/profile/extraHeaders';
import { createProfile } from '../../core/profile/profile';
import { customCredential } from '../support/bank/credential';
import { failureOf } from '../support/failure';

describe('extra headers', () => {
  it.each<[string, string | undefined, object]>([
    ['an empty field', undefined, {}],
    ['white space', ' \n\n ', {}],
    ['one line', 'x-api-key: 123', { 'x-api-key': '123' }],
    ['no space after the colon', 'x-api-key:123', { 'x-api-key': '123' }],
    ['a colon in a value', 'X-Url: https://a.example:1/b', { 'X-Url': 'https://a.example:1/b' }],
    ['lines', 'x-api-key: 1 2\r\n\r\nX_b: "3"\n', { 'x-api-key': '1 2', X_b: '"3"' }],
    [
      'lines with spaces before them',
      '  x-a: 1\n  x-b: 2\n x-c:3',
      { 'x-a': '1', 'x-b': '2', 'x-c': '3' },
    ],
    [
      'lines whose breaks were lost',
      'x-a: 1 2   x-b: 3 x-c:\t4',
      { 'x-a': '1 2', 'x-b': '3', 'x-c': '4' },
    ],
    [
      'another user agent',
      'User-Agent: Mozilla/5.0 (X11; a:b)',
      { 'User-Agent': 'Mozilla/5.0 (X11; a:b)' },
    ],
    ['an authorization', 'Authorization: Basic dTpw', { Authorization: 'Basic dTpw' }],
  ])('are read from %s', (_, text, headers) => {
    expect(extraHeadersOf(text)).toEqual(headers);
  });

  it.each([
    ['of JSON', '{ "x-api-key": "hunter2" }', 'line 1: it is JSON'],
    ['without a colon', 'x-ok: 1\n\nhunter2', 'line 3: it has no colon'],
    ['with a folded value', 'x-ok: 1\n  hunter2:', 'line 2: it begins with a space'],
    ['with a name that has a space', 'x-ok: 1\nhunter2 b: 1', 'line 2: its name has characters'],
    ['without a name', ': hunter2', 'line 1: its name has characters'],
    ['without a value', 'hunter2:', 'line 1: its value is empty'],
    ['with a control character', 'x-ok: hunter2\u0000', 'line 1: its value has characters'],
    ['with letters beyond ASCII', 'x-ok: hunter2é', 'line 1: its value has characters'],
    ['of a name that was there', 'X-Hunter2: 1\nx-hunter2: 2', 'line 2: its name is there twice'],
    ...['Host', 'content-length', 'Content-Type', 'TRANSFER-ENCODING', 'Connection', 'Accept'].map(
      (name) => [
        `that sets ${name}`,
        `${name}: hunter2`,
        `line 1: "${name}" is set by this package`,
      ],
    ),
  ])('are rejected with a line %s, which is not shown', (_, text, fault) => {
    const { code, message, description } = thrownBy(() => extraHeadersOf(text));
    expect(code).toBe('field-malformed');
    expect(message).toContain(`"Extra Headers" cannot be used because of ${fault}`);
    expect(`${message}${description}`.toLowerCase()).not.toContain('hunter2');
  });

  it('are rejected with more than 8,000 characters', () => {
    expect(thrownBy(() => extraHeadersOf(`x-a: ${'1'.repeat(8000)}`)).message).toContain('8000');
  });

  it('are a part of the profile', async () => {
    const settings = {
      ...(await customCredential('https://bank.example')),
      extraHeaders: 'x-a: 1',
    };
    expect((await createProfile(settings)).extraHeaders).toEqual({ 'x-a': '1' });
    const refused = failureOf(createProfile({ ...settings, extraHeaders: 'hunter2' }));
    expect(await refused).toMatchObject({ code: 'field-malformed', stage: 'configuration' });
  });
});

function thrownBy(act: () => unknown): OpenBankingError {
  try {
    act();
  } catch (error) {
    return error as OpenBankingError;
  }
  throw new Error('Nothing was thrown');
}
