import { bankError } from '../../oauth/errorResponse';

const answer = (status: number, body: unknown, type = 'application/json') => ({
  status,
  headers: { 'content-type': type },
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  receivedAt: new Date(),
});

describe('OAuth errors (RFC 6749 §5.2)', () => {
  it.each([
    ['invalid_client', 'invalid-client'],
    ['invalid_grant', 'invalid-grant'],
    ['invalid_request', 'invalid-request'],
    ['invalid_scope', 'invalid-scope'],
    ['unauthorized_client', 'unauthorized-client'],
    ['unsupported_grant_type', 'unsupported-grant-type'],
    ['server_error', 'server-error'],
    ['temporarily_unavailable', 'server-error'],
    ['invalid_banking', 'bank-refused'],
  ])('%s → %s', (error, code) => {
    const description = 'The words of the bank.';
    expect(bankError(answer(400, { error, error_description: description }), [])).toMatchObject({
      code,
      stage: 'authorization-server',
      status: 400,
      message: `The bank answered "${error}": ${description}`,
    });
  });

  it('are read whatever their status, media type and challenge', () => {
    const body = { error: 'invalid_grant', error_description: 'x' };
    expect(bankError(answer(401, body), []).code).toBe('invalid-grant');
    expect(bankError(answer(503, body), []).code).toBe('invalid-grant');
    expect(bankError(answer(400, body, 'text/html'), []).code).toBe('invalid-grant');
  });

  it('leave open what became of the request where the bank had a fault', () => {
    expect(bankError(answer(503, { error: 'server_error' }), []).outcome).toBe('unknown');
    expect(bankError(answer(400, { error: 'invalid_grant' }), []).outcome).toBe('refused');
  });
});

describe("the gateway's refusals", () => {
  const inner = { code: '900901', message: 'Invalid Credentials', description: 'Access failure' };
  it.each([
    ['Open Banking format', { errors: [inner] }],
    ['plain', inner],
    ['fault', { fault: { ...inner, code: 900901 } }],
  ])('%s', (_, body) => {
    expect(bankError(answer(401, body), [])).toMatchObject({
      code: 'gateway-token-invalid',
      message: "The bank's gateway answered 900901 – Invalid Credentials – Access failure",
      outcome: 'refused',
    });
  });
});

describe('what is no OAuth error', () => {
  it('names a web page by its title', () => {
    const page = '<!doctype html><title>502 Bad\n Gateway</title><p>sorry';
    expect(bankError(answer(502, page, 'text/html'), [])).toMatchObject({
      code: 'server-error',
      message: 'The bank answered with status 502 and a web page titled "502 Bad Gateway"',
      outcome: 'unknown',
    });
    expect(bankError(answer(404, page, 'text/html'), []).code).toBe('response-not-json');
  });

  it.each([
    [400, '', 'response-empty'],
    [401, '', 'client-refused-silently'],
    [429, '', 'too-many-requests'],
    [418, 'teapot', 'response-not-json'],
    [400, '[]', 'bank-refused'],
    [400, '{"error":{"nested":true}}', 'bank-refused'],
    [500, '', 'server-error'],
  ])('%i "%s" → %s', (status, body, code) => {
    expect(bankError(answer(status, body, 'text/plain'), []).code).toBe(code);
  });
});

describe('the words of the bank', () => {
  const message = (description: string, secrets: string[] = []) =>
    bankError(answer(400, { error: 'invalid_grant', error_description: description }), secrets)
      .message;

  it('lose control characters and what forges lines', () => {
    expect(message('a\u0000b\r\nc\u001b[31m\u202ed\u2028e')).toMatch(/: a b c \[31m d e$/);
  });

  it('are cut at 500 characters', () => {
    expect(message('x'.repeat(10_000)).length).toBe(
      500 + 'The bank answered "invalid_grant": '.length,
    );
  });

  it('are not searched through where there is a megabyte of them', () => {
    const started = Date.now();
    message('eyJ-'.repeat(250_000));
    bankError(answer(400, '<title'.repeat(170_000), 'text/html'), []);
    // Searched as a whole they would take minutes, in which nothing else in n8n goes on.
    expect(Date.now() - started).toBeLessThan(5000);
  });

  it('do not give back what was sent in secret', () => {
    const secrets = ['code/with+sign=', 'refresh-token-1'];
    const shown = message(
      `${secrets.join(' ')} code%2Fwith%2Bsign%3D eyJhbGciOiJQUzI1NiJ9.eyJzdWIi.BVPqL4-7`,
      secrets,
    );
    expect(shown).toBe('The bank answered "invalid_grant": [hidden] [hidden] [hidden] [hidden]');
  });
});
