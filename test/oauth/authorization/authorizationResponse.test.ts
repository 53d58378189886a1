import { readAuthorizationResponse } from '../../../core/oauth/authorization/authorizationResponse';
import type { RedirectExpectations } from '../../../core/oauth/authorization/verifiedRedirect';
import type { Endpoints } from '../../../core/profile/endpoints';
import { createClient, type BankClient } from '../../../core/oauth/client';
import { clientCertificate } from '../../support/keys/certificates';

let client: BankClient;
let endpoints: Endpoints;
beforeAll(async () => {
  const { certificate, privateKey } = await clientCertificate({ key: 'rsa' });
  client = await createClient({
    host: 'bank.example',
    issuer: 'https://bank.example/oauth2/token',
    clientId: 'client-1',
    transportCertificate: certificate,
    transportPrivateKey: privateKey,
  });
  endpoints = await client.endpoints();
});

const codeIn = async (
  input: string,
  expected?: RedirectExpectations,
  changes?: Partial<Endpoints>,
): Promise<string> =>
  (await readAuthorizationResponse(input, client, { ...endpoints, ...changes }, expected)).code;
const refusal = (code: string) => expect.objectContaining({ code }) as Error;

describe('readAuthorizationResponse with a code', () => {
  it.each([
    ['a bare code', '4dc73435-eee5-3486-ba3b-29b49be04f21', '4dc73435-eee5-3486-ba3b-29b49be04f21'],
    ['a code with white space around it', '  abc-1 \n', 'abc-1'],
    ['a percent-encoded code', 'a%2Fb%3D%3D', 'a/b=='],
    ['a code with padding', 'YWJj==', 'YWJj=='],
    ['the query of a URL', 'https://app.example/cb?code=a%2Fb&state=s', 'a/b'],
    ['the fragment of a URL', 'https://app.example/cb#session_state=1&code=07e2&state=s', '07e2'],
    ['query and fragment together', 'https://app.example/cb?tenant=1#code=07e2', '07e2'],
    ['a URL with an equals sign in its path', 'https://app.example/a=b?code=07e2', '07e2'],
    ['a fragment alone', '#code=07e2&state=s', '07e2'],
    ['parameters alone', 'state=s&code=07e2', '07e2'],
    [
      'a query with "+" that is not encoded',
      'https://app.example/cb?code=ab+cd/ef==',
      'ab+cd/ef==',
    ],
    ['a fragment with "+" that is not encoded', '#state=s&code=a+b%2Bc', 'a+b+c'],
    ['a URL with the scheme of an app', 'com.example.app://cb?code=07e2', '07e2'],
  ])('reads the code from %s', async (_, input, code) => expect(await codeIn(input)).toBe(code));

  it('decodes an encoded code exactly once', async () => {
    expect(await codeIn('a%252Fb')).toBe('a%2Fb');
    expect(await codeIn('https://app.example/cb?code=a%252Fb')).toBe('a%2Fb');
  });
});

describe('readAuthorizationResponse without a valid code', () => {
  it.each([
    ['', 'input-missing'],
    ['   ', 'input-missing'],
    ['https://app.example/cb?code=', 'input-missing'],
    ['https://app.example/cb?state=1', 'code-malformed'],
    ['state=1', 'code-malformed'],
    ['#id_token=e.y.J', 'code-malformed'],
    ['https://app.example/cb?code=1&code=2', 'redirect-malformed'],
    ['https://app.example/cb?code=1#code=2', 'redirect-malformed'],
    ['https://app.example/cb?response=1&response=2', 'redirect-malformed'],
    ['https://app.example/cb?code=1&response=2', 'redirect-malformed'],
    ['abc%zz%2F', 'code-malformed'],
    ['abc%00', 'code-malformed'],
    ['two words', 'code-malformed'],
    ['https://app.example/cb?code=two%20words', 'code-malformed'],
    ['cödé', 'code-malformed'],
    ['https://app.example/cb#error=access_denied&error_description=No', 'access-denied'],
    ['https://app.example/cb#error=login_required', 'bank-refused'],
  ])('rejects "%s" with %s', async (input, code) => {
    await expect(codeIn(input)).rejects.toThrow(refusal(code));
  });

  it.each([
    ['https://app.example/cb?code=two%20words', 'a space'],
    ['two\u200bwords', 'a zero-width or invisible character (U+200B)'],
    ['cödé', '"ö"'],
  ])('names the first character that no code has: %s', async (input, character) => {
    await expect(codeIn(input)).rejects.toThrow(`the first of them ${character}`);
  });

  it('rejects a redirect with an error, with the description of the bank', async () => {
    await expect(
      codeIn('https://a.example#error=access_denied&error_description=User+said+no'),
    ).rejects.toThrow('The bank answered "access_denied": User said no');
  });

  it('rejects a malformed code without its text in the message', async () => {
    const error = await codeIn('s3cr3t-code%zz%41').catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(Error);
    expect(JSON.stringify(error) + String(error)).not.toContain('s3cr3t');
  });

  it.each([
    ['parameters', `https://app.example/cb#${'a=b&'.repeat(250_000)}`],
    ['percent signs', `https://app.example/cb#code=${'%'.repeat(1_000_000)}é`],
    ['letters', 'a'.repeat(1_000_000)],
  ])('rejects a million %s within seconds', async (_, input) => {
    const started = performance.now();
    await expect(codeIn(input)).rejects.toThrow(refusal('redirect-too-large'));
    // A regular expression with catastrophic backtracking would take minutes.
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe('readAuthorizationResponse with expected values', () => {
  const redirect =
    'https://app.example/cb?code=1&state=right&iss=https%3A%2F%2Fbank.example%2Foauth2%2Ftoken';

  it('accepts the expected state and issuer', async () => {
    expect(await codeIn(redirect, { state: 'right' })).toBe('1');
  });

  it('accepts a state whose "+" is not encoded', async () => {
    expect(await codeIn('https://a.example?code=1&state=a+b', { state: 'a+b' })).toBe('1');
    expect(await codeIn('https://a.example?code=1&state=a+b', { state: 'a b' })).toBe('1');
  });

  it('warns about a "+" that is not encoded, and names the parameter', async () => {
    const remarksOf = async (input: string) =>
      (await readAuthorizationResponse(input, client, endpoints)).remarks;
    expect(await remarksOf('https://a.example?code=a+b&scope=a+b')).toEqual([
      expect.stringMatching(/^The redirect has "\+" in "code"/),
    ]);
    expect(await remarksOf('https://a.example?code=a%2Bb&scope=a+b')).toEqual([]);
  });

  it('rejects another state, also if the redirect reports an error', async () => {
    const refused = refusal('state-mismatch');
    await expect(codeIn(redirect, { state: 'wrong' })).rejects.toThrow(refused);
    for (const other of ['https://a.example?error=x', 'https://a.example?code=1']) {
      await expect(codeIn(other, { state: 'right' })).rejects.toThrow(refused);
    }
  });

  it('rejects another issuer (RFC 9207)', async () => {
    await expect(codeIn(redirect, {}, { issuer: 'https://other.example' })).rejects.toThrow(
      refusal('issuer-mismatch'),
    );
  });

  it('rejects a missing issuer if the metadata promises one', async () => {
    const without = 'https://app.example/cb?code=1';
    expect(await codeIn(without)).toBe('1');
    await expect(codeIn(without, {}, { namesIssuer: true })).rejects.toThrow(
      refusal('issuer-mismatch'),
    );
  });

  it('accepts a bare code without a state', async () => {
    expect(await codeIn('abc', { state: 'right' }, { namesIssuer: true })).toBe('abc');
  });
});
