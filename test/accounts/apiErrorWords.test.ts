import { refused } from './refusal';

describe('the words of the bank', () => {
  it.each<[string, number, unknown, string]>([
    [
      'Open Banking UK v3.1, the identifier apart',
      403,
      {
        Code: '403 Forbidden',
        Id: 'e-1',
        Message: 'Forbidden',
        Errors: [{ ErrorCode: 'UK.OBIE.Reauthenticate', Message: 'Reauthentication required' }],
      },
      'with status 403: 403 Forbidden – UK.OBIE.Reauthenticate – Reauthentication required',
    ],
    [
      'Open Banking UK v4.0, with the name of its code',
      403,
      { Id: 'e-1', Errors: [{ ErrorCode: 'U028' }] },
      'with status 403: U028 (UK.OBIE.Reauthenticate)',
    ],
    [
      'WSO2',
      400,
      {
        error: {
          code: 'Forbidden',
          message: 'Consent Enforcement Error',
          description: 'Provided consent is expired',
        },
      },
      'with status 400: Forbidden – Consent Enforcement Error – Provided consent is expired',
    ],
    [
      'a title',
      503,
      '<html><title>Down</title><p>x</p></html>',
      'with status 503 and a web page: "Down"',
    ],
    [
      'a page without a title, its tags and scripts left out',
      503,
      '<html><script>let a = 1 < 2;</script><body>No server\n is <b>available</b></body>',
      'with status 503 and a web page: "No server is available"',
    ],
    ['a text', 502, 'upstream\u200b down', 'with status 502 and a text: "upstream down"'],
    ['no words', 500, {}, 'with status 500 and JSON without words'],
    ['no body', 403, '', 'with status 403 and an empty body'],
    ['no text', 500, '\u0000\u0001\u0002', 'with status 500 and a body that is no text'],
  ])('%s', (_, status, body, answer) => {
    expect(refused(status, body).message).toContain(`it answered ${answer}`);
  });

  it('come from WWW-Authenticate if the body has none', () => {
    const challenge =
      'Bearer realm="x", error="invalid_token", error_description="The token is old"';
    const error = refused(401, '', {}, { 'www-authenticate': challenge });
    expect(error.message).toContain('with status 401: invalid_token – The token is old');
  });

  it('are cut at 500 characters', () => {
    const { message } = refused(400, { message: 'word '.repeat(4000) });
    expect(message.length).toBeLessThan(700);
  });

  it('contain no secret, in whatever form, also not in the identifier', () => {
    const token = 'at-7Hq2Lk9Zp0Xc4Vb8Nm1';
    const secrets = [token, 'Bearer api-key-of-the-bank'];
    const body = {
      Id: token,
      message: `Token ${token} and ${Buffer.from(token).toString('base64')}`,
      detail: 'Bearer api-key-of-the-bank',
    };
    for (const given of [body, JSON.stringify(body).slice(1), `<html>${token}</html>`, token]) {
      const { text } = refused(403, given, { secrets });
      expect(text).not.toContain('7Hq2Lk9Zp0');
      expect(text).not.toContain('api-key-of-the-bank');
      expect(text).not.toContain(Buffer.from(token).toString('base64').slice(0, 20));
    }
  });
});
