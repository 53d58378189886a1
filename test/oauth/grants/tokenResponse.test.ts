import { readTokenResponse } from '../../../core/oauth/grants/tokenResponse';
import { tokenSet } from '../../../core/oauth/grants/tokenSet';

const receivedAt = new Date('2026-01-02T03:04:05.678Z');
const answer = (body: unknown, { status = 200, type = 'application/json' } = {}) => ({
  status,
  headers: { 'content-type': type },
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  receivedAt,
});
const tokens = { access_token: 'a', token_type: 'Bearer', expires_in: 3600, refresh_token: 'r' };

describe('a token response', () => {
  it('is returned as the bank sent it, with additional parameters', () => {
    const body = { ...tokens, scope: 'accounts', 'http://openbanking.org.uk/x': 1 };
    const response = readTokenResponse(answer(body), []);
    expect(response).toEqual({ parameters: body, receivedAt, remarks: [] });
  });

  it('names no token and no secret of the request in its remarks', () => {
    const body = {
      ...tokens,
      access_token: 'opaque-access-token',
      token_type: 'code-of-the-request opaque-access-token',
      'opaque-access-token code-of-the-request': [[...'x'.repeat(70_000)]],
    };
    const { remarks } = readTokenResponse(answer(body), ['code-of-the-request']);
    expect(remarks).toHaveLength(2);
    expect(remarks.join()).not.toMatch(/opaque|code-of/);
  });

  it.each([
    ['absent members that are null', { expires_in: null, scope: null, refresh_token: null }],
    ['absent members that are empty', { expires_in: '', scope: '', refresh_token: '' }],
    ['an ID token of null', { ...tokens, id_token: null }],
    ['an empty ID token', { ...tokens, id_token: '' }],
    ['a parameter of the bank that is null', { ...tokens, cdr_arrangement_id: null }],
    ['names of this package that are null', { ...tokens, error: null, consent: '' }],
  ])('has no violation and no remark if it has %s', (_, change) => {
    const { parameters, violation, remarks } = readTokenResponse(
      answer({ access_token: 'a', token_type: 'Bearer', ...change }),
      [],
    );
    const there = Object.entries(change).filter(([, value]) => value !== null && value !== '');
    expect(parameters).toEqual({
      access_token: 'a',
      token_type: 'Bearer',
      ...Object.fromEntries(there),
    });
    expect({ violation, remarks }).toEqual({ violation: undefined, remarks: [] });
  });

  it.each(['Bearer', 'bearer', 'BEARER', ' Bearer ', '', null, undefined])(
    'is accepted without a remark with the token type %j',
    (type) => {
      const { violation, remarks } = readTokenResponse(answer({ ...tokens, token_type: type }), []);
      expect({ violation, remarks }).toEqual({ violation: undefined, remarks: [] });
    },
  );

  it.each([
    ['the token type "BearerToken"', { token_type: 'BearerToken' }, '"BearerToken"', true],
    ['the token type "mac"', { token_type: 'mac' }, '"mac"', true],
    ['a token type that is no text', { token_type: 7 }, 'token type', true],
    ['an expiry that is no number', { expires_in: '300abc' }, '"expires_in"', false],
    ['an expiry before now', { expires_in: -1 }, '"expires_in"', false],
    ['an expiry that is true', { expires_in: true }, '"expires_in"', false],
    ['an expiry in a list', { expires_in: [3600] }, '"expires_in"', false],
    ['a scope that is a list', { scope: ['accounts'] }, '"scope"', false],
    ['a refresh token that is a number', { refresh_token: 1 }, '"refresh_token"', false],
  ])('is accepted with a remark if it has %s', (_, change, named, isThere) => {
    const { parameters, violation, remarks } = readTokenResponse(
      answer({ ...tokens, ...change }),
      [],
    );
    const [name, value] = Object.entries(change)[0]!;
    expect(violation).toBeUndefined();
    expect(remarks).toEqual([expect.stringContaining(named)]);
    expect(parameters[name]).toEqual(isThere ? value : undefined);
    expect(tokenSet({ parameters, receivedAt, remarks }, 'old', false)).toMatchObject({
      authorization: 'Bearer a',
      refresh_token: name === 'refresh_token' ? 'old' : 'r',
    });
  });

  it.each([
    ['no access token', { access_token: undefined }],
    ['an access token of null', { access_token: null }],
    ['an empty access token', { access_token: '' }],
    ['an access token that is a number', { access_token: 1 }],
  ])('has a violation if it has %s beside the refresh token', (_, change) => {
    const { parameters, violation } = readTokenResponse(answer({ ...tokens, ...change }), []);
    expect(parameters.refresh_token).toBe('r');
    expect(violation).toMatchObject({ code: 'response-invalid', outcome: 'received' });
  });

  it.each([
    ...['authorization', 'consent', 'consent_id', 'error', 'failed_check'],
    ...['certificate_expires_at', 'obtained_at', 'refresh_token_rotated', 'expires_at'],
  ])('cannot set "%s", which is a name of this package', (name) => {
    const response = readTokenResponse(answer({ ...tokens, [name]: 'Bearer of-the-bank' }), []);
    const { parameters, violation, remarks } = response;
    expect(parameters).toEqual(tokens);
    expect(violation).toBeUndefined();
    expect(remarks).toEqual(name === 'expires_at' ? [] : [expect.stringContaining(`"${name}"`)]);
    expect(JSON.stringify(tokenSet(response, 'old', true))).not.toContain('of-the-bank');
  });

  it('cannot set "__proto__"', () => {
    const body = JSON.stringify(tokens).replace('{', '{"__proto__":{"authorization":"x"},');
    const { parameters } = readTokenResponse(answer(body), []);
    expect(Object.keys(parameters)).toEqual(Object.keys(tokens));
    expect(parameters.authorization).toBeUndefined();
  });

  const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
  const withMember = (member: string) => JSON.stringify(tokens).replace('{', `{"x":${member},`);

  it.each([
    ['21 levels', nested(21), 'deep'],
    ['5,000 levels', nested(5000), 'deep'],
    ['100,000 levels', nested(100_000), 'deep'],
    ['more than 64 KiB', JSON.stringify('y'.repeat(64 * 1024)), '64 KiB'],
    ['a list of more than 64 KiB', JSON.stringify(Array(20_000).fill('y')), '64 KiB'],
  ])('is returned without a member of %s, and with a remark', (_, member, words) => {
    const response = readTokenResponse(answer(withMember(member)), []);
    expect(response.violation).toBeUndefined();
    expect(Object.keys(response.parameters)).toEqual(Object.keys(tokens));
    expect(response.remarks).toEqual([expect.stringContaining(words)]);
    expect(JSON.stringify(tokenSet(response, 'old', false)).length).toBeLessThan(500);
  });

  it('is returned with a member of 20 levels, and with tokens of more than 64 KiB', () => {
    const large = 'x'.repeat(100_000);
    const body = { access_token: large, refresh_token: large, id_token: large };
    expect(readTokenResponse(answer(body), []).parameters).toEqual(body);
    expect(readTokenResponse(answer(withMember(nested(20))), [])).toMatchObject({
      parameters: { x: JSON.parse(nested(20)) as unknown },
      remarks: [],
    });
  });

  it('hides secrets of the request in the name of a member that is left out', () => {
    const body = JSON.stringify(tokens).replace('{', `{"secret-code":${nested(30)},`);
    const { remarks } = readTokenResponse(answer(body), ['secret-code']);
    expect(remarks).toEqual([expect.stringContaining('"[hidden]"')]);
  });

  it('may begin with a byte order mark', () => {
    const { parameters } = readTokenResponse(answer(`\ufeff${JSON.stringify(tokens)}`), []);
    expect(parameters).toEqual(tokens);
  });

  it('is accepted with a remark if it has another status or media type', () => {
    const { violation, remarks } = readTokenResponse(
      answer(tokens, { status: 201, type: 'text/html' }),
      [],
    );
    expect(violation).toBeUndefined();
    expect(remarks).toEqual([
      'The bank sent tokens with status 201 instead of 200.',
      'The bank sent tokens as "text/html" instead of "application/json".',
    ]);
  });

  it.each([
    ['', 'response-empty'],
    ['<html>', 'response-unexpected'],
    ['[]', 'response-invalid'],
    ['null', 'response-invalid'],
    ['{}', 'response-invalid'],
    ['{"access_token":""}', 'response-invalid'],
    ['{"access_token":null,"refresh_token":null,"error":null}', 'response-invalid'],
    ['{"access_token":1}', 'response-invalid'],
    ['{"foo":"bar"}', 'response-invalid'],
    ['{"error":"invalid_grant"}', 'invalid-grant'],
  ])('is rejected if it is "%s", with the code %s', (body, code) => {
    expect(() => readTokenResponse(answer(body), [])).toThrow(
      expect.objectContaining({ code }) as Error,
    );
  });
});

describe('the token set', () => {
  const of = (parameters: object, used?: string, failed?: Error) =>
    tokenSet({ parameters: { ...parameters }, receivedAt, remarks: [] }, used, failed as never);

  it('adds header, dates and rotation', () => {
    expect(of(tokens)).toEqual({
      ...tokens,
      authorization: 'Bearer a',
      obtained_at: '2026-01-02T03:04:05.678Z',
      expires_at: '2026-01-02T04:04:05.678Z',
      refresh_token_rotated: false,
    });
  });

  it('has the old refresh token if a refresh returned none', () => {
    const kept = { refresh_token: 'old', refresh_token_rotated: false };
    expect(of({ access_token: 'a' }, 'old')).toMatchObject(kept);
    expect(of({ access_token: 'a', refresh_token: 'old' }, 'old')).toMatchObject(kept);
  });

  it('has the new refresh token if the bank rotates it', () => {
    expect(of(tokens, 'old')).toMatchObject({ refresh_token: 'r', refresh_token_rotated: true });
  });

  it('has no "authorization" if a check failed', () => {
    const set = of(tokens, 'old', new Error());
    expect(set).not.toHaveProperty('authorization');
    expect(set).toMatchObject({ access_token: 'a', refresh_token: 'r' });
  });

  it.each([
    ['3600', '2026-01-02T04:04:05.678Z'],
    [undefined, undefined],
    [9e15, undefined],
    ['abc', undefined],
  ])('has the right "expires_at" for "expires_in" %s', (expiresIn, expiresAt) => {
    expect(of({ ...tokens, expires_in: expiresIn }).expires_at).toBe(expiresAt);
  });
});

it('keeps scope, type and lifetime of a token although a secret is equal to a word of them', () => {
  const sent = {
    access_token: 'abc',
    token_type: 'Bearer',
    expires_in: '3600',
    scope: 'openid accounts',
  };
  expect(readTokenResponse(answer(sent), ['accounts', 'Bearer', '3600']).parameters).toEqual(sent);
});

it('leaves out what is beyond 2,000 values, and says so in few remarks', () => {
  const deep = Array.from(
    { length: 8000 },
    (_, at) => `"p${at}":${'['.repeat(21)}${']'.repeat(21)}`,
  );
  const list = JSON.stringify(Array.from({ length: 2100 }, () => 'abcdef'));
  const token = 'x'.repeat(400_000);
  const text = `{"access_token":"${token}","list":${list},${deep.join(',')},"last":"abc"}`;
  const started = process.cpuUsage();
  const { parameters, remarks } = readTokenResponse(answer(text), ['r'.repeat(300_000)]);
  const { user, system } = process.cpuUsage(started);
  // If the secrets were read anew for each parameter, it would take minutes.
  expect((user + system) / 1000).toBeLessThan(5000);
  expect(parameters).toEqual({ access_token: token, last: 'abc' });
  expect(remarks.filter((remark) => remark.includes('left out'))).toHaveLength(11);
  expect(remarks[0]).toContain('"list", with which the answer has more than 2000 values');
  expect(remarks.at(-1)).toContain('7991 more parameters');
});
