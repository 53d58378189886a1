import { bankError } from '../../../core/oauth/messages/errorResponse';

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

describe('the words of WSO2', () => {
  const codeOf = (status: number, body: object | string) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return bankError(answer(status, text, ''), []);
  };

  // As they stand in WSO2's source and integration tests, written out: what is recognised must not follow what the catalogue says.
  it.each([
    [
      400,
      'invalid_grant',
      'Invalid authorization code received from token request',
      'code-unknown',
    ],
    [400, 'invalid_grant', 'Inactive authorization code received from token request', 'code-used'],
    [
      400,
      'invalid_grant',
      'Expired or Revoked authorization code received from token request',
      'code-expired',
    ],
    [400, 'invalid_grant', 'Callback url mismatch', 'redirect-uri-mismatch'],
    [400, 'invalid_grant', 'Persisted access token data not found', 'refresh-token-unknown'],
    [400, 'invalid_grant', 'Refresh token is expired.', 'refresh-token-expired'],
    [400, 'invalid_request', 'Missing parameters: code', 'parameter-missing'],
    [400, 'invalid_request', 'Missing parameters: refresh_token', 'parameter-missing'],
    [400, 'invalid_request', 'JWT Token is expired.', 'assertion-expired'],
    [401, 'invalid_client', 'Client credentials are invalid.', 'client-credentials-invalid'],
    [
      401,
      'invalid_client',
      'A valid OAuth client could not be found for client_id: abc',
      'client-unknown',
    ],
    [
      401,
      'invalid_client',
      'Unsupported client authentication mechanism',
      'client-authentication-unsupported',
    ],
    [
      401,
      'invalid_client',
      'Signature algorithm used in the request is invalid.',
      'assertion-algorithm',
    ],
    [401, 'invalid_client', 'Failed to match audience values.', 'assertion-audience'],
    [
      400,
      'invalid_request',
      'Transport certificate not found in the request',
      'transport-certificate-missing',
    ],
    [
      401,
      undefined,
      'Invalid mutual TLS request. Client certificate is expired',
      'transport-certificate-expired',
    ],
    [400, 'invalid_request', 'Invalid request with repeated parameters.', 'parameter-repeated'],
    [400, 'invalid_request', 'Invalid request with sensitive data in the URL.', 'secret-in-url'],
    [
      400,
      'invalid_client',
      'Invalid transport certificate. Certificate passed through the request not valid',
      'transport-certificate-invalid',
    ],
    [
      401,
      'invalid_client',
      'Registered algorithm does not match with the token signed algorithm',
      'assertion-algorithm',
    ],
  ])('%i %s: %s', (status, error, error_description, code) => {
    const failure = codeOf(status, { error, error_description });
    expect(failure).toMatchObject({ code, outcome: 'refused' });
    expect(failure.message).toContain(error_description);
  });

  it('are known without JSON around them, too', () => {
    const words = 'Invalid mutual TLS request. Client certificate is expired';
    const failure = codeOf(401, words);
    expect(failure).toMatchObject({ code: 'transport-certificate-expired' });
    expect(failure.message).toContain(words);
  });

  it.each([
    ['900901', 'gateway-token-invalid'],
    ['900902', 'gateway-token-missing'],
    ['900908', 'gateway-not-subscribed'],
    ['900909', 'gateway-not-subscribed'],
    ['900910', 'gateway-scope'],
    ['900912', 'gateway-claim-mismatch'],
    ['900800', 'gateway-refused'],
  ])('gateway: %s', (code, expected) => {
    const message = 'Words that tell nothing';
    for (const body of [{ code, message }, { errors: [{ code, message }] }]) {
      expect(codeOf(403, body).code).toBe(expected);
    }
    expect(codeOf(403, { fault: { code: Number(code), message } }).code).toBe(expected);
  });

  it('gateway: the scope, in words', () => {
    const description = 'The access token does not allow you to access the requested resource';
    const body = { errors: [{ code: '403', message: 'Forbidden', description }] };
    expect(codeOf(403, body).code).toBe('gateway-scope');
  });

  it('gateway: throttled', () => {
    const fault = { code: 900802, message: 'Resource level throttle out' };
    expect(codeOf(429, { fault }).code).toBe('too-many-requests');
  });
});
