import { body, type AnswerTokens, type Ending, type Fault } from './fault';

const members = (
  title: string,
  change: (tokens: AnswerTokens) => object,
  ends: Ending = 'tokens',
): Fault => body(title, ends, ({ tokens }) => JSON.stringify(change(tokens)));

const added = (title: string, more: object): Fault =>
  members(title, (tokens) => ({ ...tokens, ...more }));

const text = (
  title: string,
  made: (json: string) => string,
  ends: Ending = 'tokens',
  more: Partial<Fault> = {},
): Fault => body(title, ends, ({ json }) => made(json), more);

/** An object within an object, so many times. */
function nested(depth: number): object {
  let inner = {};
  for (let level = 0; level < depth; level++) inner = { inner };
  return inner;
}

/** JSON text of such an object, also where it is too deep for JSON.stringify. */
const nestedText = (depth: number) => '{"a":'.repeat(depth) + '1' + '}'.repeat(depth);

const withMember = (json: string, member: string) => `{${member},${json.slice(1)}`;

/** Bodies of answers with status 200. */
export const bodies: readonly Fault[] = [
  ...[
    'scope',
    'expires_in',
    'token_type',
    'id_token',
    'refresh_token_expires_in',
    'consent_id',
  ].map((name) => added(`sends null as "${name}"`, { [name]: null })),
  members('sends null as "refresh_token" if it has none', (tokens) => ({
    refresh_token: null,
    ...tokens,
  })),
  members('sends "" as "refresh_token" if it has none', (tokens) => ({
    refresh_token: '',
    ...tokens,
  })),
  ...['scope', 'expires_in', 'token_type', 'id_token'].map((name) =>
    added(`sends "" as "${name}"`, { [name]: '' }),
  ),
  added('sends "error" as null', { error: null }),
  added('sends "error" as ""', { error: '', error_description: '' }),
  added('sends "error" beside the tokens', { error: 'invalid_grant' }),
  ...[
    'bearer',
    'BEARER',
    ' Bearer ',
    'Bearer\n',
    'bearer token',
    'mac',
    'Basic',
    7,
    ['Bearer'],
  ].map((type) => added(`sends ${JSON.stringify(type)} as "token_type"`, { token_type: type })),
  members('sends no "token_type"', (tokens) => ({ ...tokens, token_type: undefined })),
  ...['3600', ' 3600 ', '3600.0', '1h', -1, 0.5, 1e99, true, {}, []].map((time) =>
    added(`sends ${JSON.stringify(time)} as "expires_in"`, { expires_in: time }),
  ),
  members('sends no "expires_in"', (tokens) => ({ ...tokens, expires_in: undefined })),
  ...[['accounts'], 7, {}].map((scope) =>
    added(`sends ${JSON.stringify(scope)} as "scope"`, { scope }),
  ),
  ...[7, {}, [], false].map((token) =>
    members(`sends ${JSON.stringify(token)} as "refresh_token" if it has none`, (tokens) => ({
      refresh_token: token,
      ...tokens,
    })),
  ),
  added('sends names of this package', {
    authorization: 'Bearer stolen',
    consent: 'another',
    failed_check: {},
    obtained_at: 'never',
    expires_at: 1,
    refresh_token_rotated: 'maybe',
    certificate_expires_at: 0,
  }),
  text('sends "__proto__"', (json) => withMember(json, '"__proto__":{"access_token":"stolen"}')),
  text('sends "constructor"', (json) => withMember(json, '"constructor":{"prototype":1}')),
  text('sends members twice', (json) => withMember(json, '"access_token":"first","scope":"x"')),
  added('sends a member of 21 levels', { deep: nested(21) }),
  text('sends a member of 5,000 levels', (json) => withMember(json, `"deep":${nestedText(5000)}`)),
  text('sends a member of 100,000 levels', (json) =>
    withMember(json, `"deep":${nestedText(100_000)}`),
  ),
  added('sends a member of 70 KiB', { large: 'x'.repeat(70 * 1024) }),
  added('sends a member of 900 KiB', { large: 'x'.repeat(900 * 1024) }),
  added(
    'sends 10,000 members',
    Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [n, n])),
  ),
  added('sends a lone surrogate', { odd: '\ud800' }),
  text('sends 2 MiB', (json) => json + ' '.repeat(2 * 1024 * 1024), 'unknown', {
    mayBeLost: true,
  }),
  text('sends white space in front and behind', (json) => `\r\n\t  ${json}\r\n\r\n`),
  text('sends a pretty object', (json) => JSON.stringify(JSON.parse(json), null, 4)),
  text('sends a NUL behind', (json) => `${json}\0`, 'tokens'),
  text('sends everything escaped', (json) =>
    json.replace(
      /"(\w+)":/g,
      (_, name: string) =>
        `"${[...name].map((letter) => `\\u00${letter.charCodeAt(0).toString(16)}`).join('')}":`,
    ),
  ),
  text('cuts the last brace off', (json) => json.slice(0, -1), 'unknown'),
  text('cuts the object in its middle', (json) => json.slice(0, 40), 'unknown'),
  text('puts the object into a list', (json) => `[${json}]`, 'unknown', { mayBeLost: true }),
  text('puts the object into a string', (json) => JSON.stringify(json), 'unknown'),
  text('puts the object into another one', (json) => `{"data":${json}}`, 'unknown', {
    mayBeLost: true,
  }),
  text('sends the object twice', (json) => json + json, 'unknown', { mayBeLost: true }),
  text('sends the object in a web page', (json) => `<pre>${json}</pre>`, 'unknown', {
    mayBeLost: true,
  }),
  text('sends a comma before the last brace', (json) => `${json.slice(0, -1)},}`, 'unknown'),
  text('sends single quotes', (json) => json.replaceAll('"', "'"), 'unknown'),
  text(
    'sends a form',
    (json) => new URLSearchParams(JSON.parse(json) as Record<string, string>).toString(),
    'unknown',
  ),
  ...['{}', '[]', 'null', 'true', '7', '""', '{"ok":true}', '<html/>', ' '].map((sent) =>
    text(`sends ${sent} in place of tokens`, () => sent, 'unknown'),
  ),
  ...[7, null, '', {}, true].map((token) =>
    members(
      `sends ${JSON.stringify(token)} as "access_token" and no other token`,
      () => ({ access_token: token, token_type: 'Bearer' }),
      'unknown',
    ),
  ),
];
