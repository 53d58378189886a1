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
    expect(response).toEqual({ parameters: body, receivedAt, violation: undefined, remarks: [] });
  });

  it.each([
    ['an expiry that is no number', { expires_in: '300abc' }, '"expires_in" is not a number'],
    ['an expiry before now', { expires_in: -1 }, '"expires_in"'],
    ['an expiry of null', { expires_in: null }, '"expires_in"'],
    ['an unknown token type', { token_type: 'mac' }, 'token_type'],
    ['no token type', { token_type: undefined }, '"token_type"'],
    ['a scope that is a list', { scope: ['accounts'] }, '"scope"'],
    ['a refresh token that is a number', { refresh_token: 1 }, '"refresh_token"'],
    ['a refresh token alone', { access_token: undefined }, '"access_token"'],
  ])('is returned with a violation if it has %s', (_, change, named) => {
    const { parameters, violation } = readTokenResponse(answer({ ...tokens, ...change }), []);
    expect(parameters).toMatchObject(
      JSON.parse(JSON.stringify({ ...tokens, ...change })) as object,
    );
    expect(violation).toMatchObject({ code: 'response-invalid', outcome: 'received' });
    expect(violation!.message).toContain(named);
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
    expect(of({ access_token: 'a', refresh_token: '' }, 'old')).toMatchObject(kept);
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
