import type { OpenBankingError } from '../../core/errors/OpenBankingError';
import { accountApiHeadersOf, extraHeadersOf } from '../../core/profile/extraHeaders';
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

describe('account API headers', () => {
  it('are read as extra headers are, and are a part of the profile', async () => {
    const accountApiHeaders = 'x-api-key: 123\r\nX-Channel: app ';
    const headers = { 'x-api-key': '123', 'X-Channel': 'app' };
    expect(accountApiHeadersOf(accountApiHeaders)).toEqual(headers);
    const settings = { ...(await customCredential('https://bank.example')), accountApiHeaders };
    const profile = await createProfile(settings);
    expect(profile).toMatchObject({ accountApiHeaders: headers, extraHeaders: {} });
    expect((await createProfile({ ...settings, accountApiHeaders: '' })).accountApiHeaders).toEqual(
      {},
    );
  });

  it.each([
    ...['Authorization', 'X-FAPI-Interaction-ID', 'x-fapi-financial-id', 'Accept', 'Host'],
    ...['x-fapi-customer-ip-address', 'x-fapi-auth-date'],
  ])('are rejected if they set %s, which comes from elsewhere', (name) => {
    const { code, message } = thrownBy(() => accountApiHeadersOf(`x-a: 1\n${name}: hunter2`));
    expect(code).toBe('field-malformed');
    expect(message).toBe(
      `"Account API Headers" cannot be used because of line 2: "${name}" is set by this package`,
    );
  });

  it.each([
    '{"x-api-key": "hunter2"}',
    'hunter2',
    'x-a: hunter2\u0000',
    `x-a: ${'1'.repeat(8000)}`,
  ])('are rejected as extra headers are, by the name of their field: %j', (text) => {
    const { code, message, description } = thrownBy(() => accountApiHeadersOf(text));
    expect(code).toBe('field-malformed');
    expect(message).toContain('"Account API Headers"');
    expect(`${message}${description}`).not.toContain('hunter2');
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
