import { isAboutTheRefreshToken, isUnreadableRefusal } from '../../../core/oauth/grants/refusals';
import { bankError } from '../../../core/oauth/messages/errorResponse';

const refusal = (status: number, body: unknown) =>
  bankError(
    {
      status,
      headers: {},
      body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
      receivedAt: new Date(),
    },
    [],
  );

it.each<[string, number, unknown, boolean]>([
  ['an empty 400', 400, '', true],
  ['an empty 403', 403, '', true],
  ['a web page with 403', 403, '<title>Forbidden</title>', true],
  ['a web page with 401', 401, '<title>Sign in</title>', true],
  ['a redirect', 302, '', true],
  ['JSON without "error"', 400, {}, true],
  ['JSON of another dialect', 400, { timestamp: 1, path: '/token' }, true],
  ['an OAuth error of null', 400, { error: null }, true],
  ['an empty 401', 401, '', false],
  ['a web page with 500', 500, '<html>', false],
  ['a web page with 429', 429, '<html>', false],
  ['an OAuth error', 400, { error: 'invalid_grant' }, false],
  ['a refusal of the gateway', 403, { code: 900908, message: 'Forbidden' }, false],
  ['known words as a text', 401, 'Client credentials are invalid.', false],
])('isUnreadableRefusal says whether %s names no cause', (_, status, body, expected) => {
  expect(isUnreadableRefusal(refusal(status, body))).toBe(expected);
});

it.each<[string, number, object, boolean]>([
  ['invalid_grant', 400, { error: 'invalid_grant' }, true],
  ['an expired one', 400, { error_description: 'Refresh token is expired.' }, true],
  [
    'an unknown one',
    400,
    { error: 'invalid_grant', error_description: 'Persisted access token data not found' },
    true,
  ],
  ['invalid_client', 401, { error: 'invalid_client' }, false],
  ['invalid_grant with status 503', 503, { error: 'invalid_grant' }, false],
  ['invalid_grant with status 429', 429, { error: 'invalid_grant' }, false],
  [
    'another certificate',
    400,
    { error: 'invalid_grant', error_description: 'Fingerprints mismatch' },
    false,
  ],
])('isAboutTheRefreshToken says whether %s refuses the refresh token', (_, status, body, is) => {
  expect(isAboutTheRefreshToken(refusal(status, body))).toBe(is);
});
