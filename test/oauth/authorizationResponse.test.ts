import { authorizationCode } from '../../oauth/authorizationResponse';

const issuer = 'https://bank.example/oauth2/token';

describe('what an exchange accepts as its code', () => {
  it.each([
    ['a bare code', '4dc73435-eee5-3486-ba3b-29b49be04f21', '4dc73435-eee5-3486-ba3b-29b49be04f21'],
    ['white space around it', '  abc-1 \n', 'abc-1'],
    ['a percent-encoded code', 'a%2Fb%3D%3D', 'a/b=='],
    ['a code with padding', 'YWJj==', 'YWJj=='],
    ['the query of a URL', 'https://app.example/cb?code=a%2Fb&state=s', 'a/b'],
    ['the fragment of a URL', 'https://app.example/cb#id_token=e.y.J&code=07e2&state=s', '07e2'],
    ['query and fragment', 'https://app.example/cb?tenant=1#code=07e2', '07e2'],
    ['an equals sign in the path', 'https://app.example/a=b?code=07e2', '07e2'],
    ['a fragment alone', '#code=07e2&state=s', '07e2'],
    ['parameters alone', 'state=s&code=07e2', '07e2'],
    ['an app scheme', 'com.example.app://cb?code=07e2', '07e2'],
  ])('%s', (_, input, code) => expect(authorizationCode(input)).toBe(code));

  it('decodes exactly once', () => {
    expect(authorizationCode('a%252Fb')).toBe('a%2Fb');
    expect(authorizationCode('https://app.example/cb?code=a%252Fb')).toBe('a%2Fb');
  });
});

describe('what it refuses', () => {
  it.each([
    ['', 'code-missing'],
    ['   ', 'code-missing'],
    ['https://app.example/cb?code=', 'code-missing'],
    ['https://app.example/cb?state=1', 'code-malformed'],
    ['https://app.example/cb?code=1&code=2', 'code-malformed'],
    ['https://app.example/cb?code=1#code=2', 'code-malformed'],
    ['abc%zz%2F', 'code-malformed'],
    ['abc%00', 'code-malformed'],
    ['two words', 'code-malformed'],
    ['cödé', 'code-malformed'],
    ['https://app.example/cb?response=eyJ.e.y', 'code-encrypted-or-signed'],
    ['https://app.example/cb#error=access_denied&error_description=No', 'access-denied'],
    ['https://app.example/cb#error=login_required', 'bank-refused'],
  ])('%s → %s', (input, code) =>
    expect(() => authorizationCode(input)).toThrow(expect.objectContaining({ code })),
  );

  it('says in the words of the bank why the customer did not consent', () => {
    expect(() =>
      authorizationCode('https://a.example#error=access_denied&error_description=User+said+no'),
    ).toThrow('The bank answered "access_denied": User said no');
  });

  it('never repeats the code', () => {
    try {
      authorizationCode('s3cr3t-code%zz%41');
      throw new Error('was accepted');
    } catch (error) {
      expect(JSON.stringify(error) + String(error)).not.toContain('s3cr3t');
    }
  });

  it('a million characters, at once', () => {
    const started = performance.now();
    expect(() => authorizationCode(`https://app.example/cb#${'a=b&'.repeat(250_000)}`)).toThrow(
      expect.objectContaining({ code: 'code-malformed' }),
    );
    expect(() =>
      authorizationCode(`https://app.example/cb#code=${'%'.repeat(1_000_000)}é`),
    ).toThrow(expect.objectContaining({ code: 'code-malformed' }));
    // Far from any honest figure: a pattern that runs away takes minutes.
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe('what a redirect is compared with', () => {
  const redirect =
    'https://app.example/cb?code=1&state=right&iss=https%3A%2F%2Fbank.example%2Foauth2%2Ftoken';

  it('accepts what agrees', () => {
    expect(authorizationCode(redirect, { state: 'right', issuer })).toBe('1');
  });

  it('refuses another state, also where the redirect reports an error', () => {
    const refused = expect.objectContaining({ code: 'state-mismatch' }) as Error;
    expect(() => authorizationCode(redirect, { state: 'wrong' })).toThrow(refused);
    expect(() => authorizationCode('https://a.example?error=x', { state: 'right' })).toThrow(
      refused,
    );
    expect(() => authorizationCode('https://a.example?code=1', { state: 'right' })).toThrow(
      refused,
    );
  });

  it('refuses another issuer (RFC 9207)', () => {
    expect(() => authorizationCode(redirect, { issuer: 'https://other.example' })).toThrow(
      expect.objectContaining({ code: 'issuer-mismatch' }),
    );
  });

  it('cannot compare the state of a bare code', () => {
    expect(authorizationCode('abc', { state: 'right', issuer })).toBe('abc');
  });
});
