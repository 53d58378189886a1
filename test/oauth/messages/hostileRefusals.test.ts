import { bankError, describeBody, oauthError } from '../../../core/oauth/messages/errorResponse';
import { answer } from './answer';

describe('a hostile refusal', () => {
  const nested = (depth: number) => '{"error":'.repeat(depth) + '"deep"' + '}'.repeat(depth);
  const manyTexts = (text: (n: string) => string) =>
    Array.from({ length: 500_000 }, (_, n) => text(n.toString(36))).join('');
  const manyWords = Array.from({ length: 500 }, (_, n) => `${n} `.repeat(1000));
  it.each<[string, string]>([
    ['deep', nested(5000)],
    [
      'wide',
      JSON.stringify(Object.fromEntries([...Array(40_000).keys()].map((n) => [`m${n}`, 'a b']))),
    ],
    ['of many words', JSON.stringify({ errors: Array(30_000).fill({ message: 'word' }) })],
    ['of one long word', JSON.stringify({ message: 'ab'.repeat(500_000) })],
    ['of JSON in JSON', JSON.stringify({ message: JSON.stringify({ message: nested(100) }) })],
    ['of open elements', '<a>'.repeat(300_000)],
    ['of an open title', `<html><title>${'x'.repeat(900_000)}`],
    ['of signs', `{"message":"${'%25'.repeat(300_000)}"}`],
    ['of a form', `error=${'a=b&'.repeat(200_000)}`],
    ['of a form in JSON', JSON.stringify(`error=a&${manyTexts((n) => `k${n}=1&`)}`)],
    ['of many names', `{${manyTexts((n) => `"k${n}":0,`)}"a":0}`],
    [
      'of long messages',
      JSON.stringify(Object.fromEntries(manyWords.map((word, n) => [`m${n}message`, word]))),
    ],
    ['of many megabytes', JSON.stringify({ message: 'x', more: 'y '.repeat(8_000_000) })],
    ['of open comments', `<a>${'<!--'.repeat(250_000)}`],
  ])('%s is read in part, and quickly', (_, body) => {
    const started = performance.now();
    const { message } = bankError(answer(400, body), ['secret-of-the-request-1']);
    expect(message.length).toBeLessThan(700);
    // Without a limit it would take minutes and block n8n.
    expect(performance.now() - started).toBeLessThan(5000);
  });

  const damaged = 'z"access_token":"at-1","refresh_token":"Zk3+Hb8/Jw6fPq1nXe5Us0Lc9Yg7"}';
  it.each<[string, string]>([
    ['cut off at its beginning', damaged],
    ['JSON in JSON', JSON.stringify(`{${damaged.slice(1)}`)],
    ['in capitals', damaged.toUpperCase()],
    ['percent-encoded', encodeURIComponent(damaged)],
    [
      'percent-encoded twice, in capitals',
      encodeURIComponent(encodeURIComponent(damaged)).toUpperCase(),
    ],
    ['cut off at its end', `{${damaged.slice(1, -3)}`],
    ['in a list', `[{${damaged.slice(1)}]`],
    ['as a form', 'access_token=at-1&refresh_token=Zk3Hb8Jw6fPq1nXe5Us0Lc9Yg7&error=none'],
  ])('shows nothing of a damaged token response: %s', (_, body) => {
    for (const status of [200, 400, 502]) {
      const { text } = bankError(answer(status, body), []);
      expect(`${text} ${describeBody(answer(status, body), [])}`).not.toMatch(/zk3|us0lc9yg7/i);
    }
  });

  it.each<[string, object]>([
    ['under another name', { error: 'Zk3+Hb8/Jw6fPq1nXe5Us0Lc9Yg7' }],
    ['in a list', [{ error: 'Zk3+Hb8/Jw6fPq1nXe5Us0Lc9Yg7' }]],
    ['broken, in capitals', { MESSAGE: 'ZK3+HB8/JW -----END 6FPQ1NXE5US0LC9YG7' }],
  ])('shows nothing of a token in a success: %s', (_, body) => {
    const response = answer(200, body);
    const { text } = bankError(response, []);
    expect(`${text} ${describeBody(response, [])}`).not.toMatch(/zk3|us0lc9yg7/i);
  });

  it('shows nothing of a token in a refusal, broken and in capitals', () => {
    const body = {
      ACCESS_TOKEN: 'ZK3+HB8/JW 6FPQ1NXE5US0LC9YG7',
      MESSAGE: 'NO TOKEN 6FPQ1NXE5US0',
    };
    expect(bankError(answer(401, body), []).message).toBe(
      'The bank answered with status 401: NO TOKEN [hidden]',
    );
    expect(bankError(answer(401, { ACCESS_TOKEN: body.ACCESS_TOKEN }), []).text).not.toMatch(
      /JW|6FPQ/,
    );
  });

  it('shows the words of a success that are names, numbers or GUIDs', () => {
    const said =
      'UK.OBIE.Field.Missing, INVALID_CLIENT, InvalidRequest400, 20261127, id 1b4e28ba-2fa1-4d2e-883f-0016d3cca427';
    expect(
      bankError(answer(200, { error: 'none', error_description: said }), []).message,
    ).toContain(said);
  });

  it('shows nothing of a code that a redirect has in the place of words', () => {
    const error = oauthError({ error_description: 'Vr8kPq3%25252FZt' }, undefined, []);
    expect(error?.text).not.toContain('Vr8kPq3');
  });

  it('cannot forge lines or hide characters', () => {
    const error = bankError(answer(400, { Message: 'a\nb\u202ec\u200bd', Code: 'x\u0007' }), []);
    expect(error.message).toBe('The bank answered with status 400: x – a b c d');
  });

  it('shows no secret of the request, in any member', () => {
    const secret = 'aB3dE6gH9jK2mN5pQ8sT1vW4';
    const echo = {
      tppMessages: [{ code: secret, text: `got ${encodeURIComponent(secret)}` }],
      [secret]: 'a b',
    };
    const { text } = bankError(answer(400, echo), [secret]);
    expect(text).not.toContain(secret.slice(0, 12));
    expect(text).toContain('got [hidden]');
  });
});
