import { furtherParametersOf } from '../../../core/oauth/authorization/furtherParameters';

const entry = (name: string, value: string) => ({ name, value });

it('reads parameters by their names, without white space around the names', () => {
  expect(furtherParametersOf([entry(' login_hint ', 'alex@bank.example')])).toEqual({
    login_hint: 'alex@bank.example',
  });
  expect(furtherParametersOf([])).toEqual({});
});

it('collects several resources (RFC 8707 §2)', () => {
  const entries = [entry('resource', 'https://a.example'), entry('resource', 'https://b.example')];
  expect(furtherParametersOf(entries)).toEqual({
    resource: ['https://a.example', 'https://b.example'],
  });
});

it.each([
  ...['response_type', 'response_mode', 'client_id', 'scope', 'redirect_uri', 'state', 'nonce'],
  ...['code_challenge', 'code_challenge_method', 'prompt', 'max_age', 'claims', 'Client_ID'],
  ...['authorization_details', 'request', 'request_uri', 'iss', 'aud', 'exp', 'nbf', 'iat', 'jti'],
])('refuses "%s", which the node sets itself', (name) => {
  expect(() => furtherParametersOf([entry(name, 'x')])).toThrow(
    expect.objectContaining({
      code: 'field-malformed',
      message: `"Further Parameters" contains "${name}", which the node sets itself`,
    }),
  );
});

it.each([
  ...['client_secret', 'client_assertion', 'client_assertion_type', 'code', 'code_verifier'],
  ...['access_token', 'refresh_token', 'id_token', 'grant_type', 'password', 'error', 'response'],
  'sub',
])('refuses "%s", which no authorization request has', (name) => {
  expect(() => furtherParametersOf([entry(name, 'x')])).toThrow(
    expect.objectContaining({
      code: 'field-malformed',
      message: `"Further Parameters" holds "${name}", which has no place in an authorization request`,
    }),
  );
});

it.each([
  [entry('login hint', 'x'), '"login hint", which is no name of a parameter'],
  [entry('__proto__', 'x'), '"__proto__", which is no name of a parameter'],
  [entry('zoë', 'x'), '"zoë", which is no name of a parameter'],
])('refuses %j', (given, content) => {
  expect(() => furtherParametersOf([given])).toThrow(
    expect.objectContaining({
      code: 'field-malformed',
      message: `"Further Parameters" holds ${content}`,
    }),
  );
});

it.each([
  [[entry('', 'x')], 'Further Parameters → Name'],
  [[entry('login_hint', ' ')], 'Further Parameters → login_hint'],
])('refuses %j, which is not complete', (given, input) => {
  expect(() => furtherParametersOf(given)).toThrow(
    expect.objectContaining({ code: 'input-missing', message: `"${input}" is empty` }),
  );
});

it('refuses a parameter that is there twice (RFC 6749 §3.1)', () => {
  const twice = [entry('login_hint', 'a'), entry('login_hint', 'b')];
  expect(() => furtherParametersOf(twice)).toThrow(
    expect.objectContaining({ message: '"Further Parameters" holds "login_hint" twice' }),
  );
});
