import { bankError } from '../../../core/oauth/messages/errorResponse';

const answer = (
  status: number,
  body: unknown,
  type = 'application/json',
  headers: Record<string, string> = {},
) => ({
  status,
  headers: { 'content-type': type, ...headers },
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  receivedAt: new Date(),
});

describe('an OAuth error (RFC 6749 §5.2)', () => {
  it.each([
    ['invalid_client', 'invalid-client'],
    ['invalid_grant', 'invalid-grant'],
    ['invalid_request', 'bank-refused'],
    ['invalid_scope', 'invalid-scope'],
    ['unauthorized_client', 'unauthorized-client'],
    ['unsupported_grant_type', 'unauthorized-client'],
    ['server_error', 'server-error'],
    ['temporarily_unavailable', 'server-error'],
    ['invalid_banking', 'bank-refused'],
  ])('%s has the code %s', (error, code) => {
    const description = 'The words of the bank.';
    expect(bankError(answer(400, { error, error_description: description }), [])).toMatchObject({
      code,
      stage: 'authorization-server',
      status: 400,
      message: `The bank answered "${error}": ${description}`,
    });
  });

  it('is read with any status, media type and challenge', () => {
    const body = { error: 'invalid_grant', error_description: 'x' };
    expect(bankError(answer(401, body), []).code).toBe('invalid-grant');
    expect(bankError(answer(503, body), []).code).toBe('invalid-grant');
    expect(bankError(answer(400, body, 'text/html'), []).code).toBe('invalid-grant');
  });

  it.each([
    ['invalid_request', 'invalid-client'],
    ['unauthorized_client', 'invalid-client'],
    ['invalid_banking', 'invalid-client'],
    ['invalid_client', 'invalid-client'],
    ['invalid_scope', 'invalid-scope'],
    ['access_denied', 'access-denied'],
  ])('%s with status 401 has the code %s', (error, code) => {
    const body = { error, error_description: 'Unknown words' };
    expect(bankError(answer(401, body), []).code).toBe(code);
  });

  it('has an unknown outcome for server_error', () => {
    expect(bankError(answer(503, { error: 'server_error' }), []).outcome).toBe('unknown');
    expect(bankError(answer(400, { error: 'invalid_grant' }), []).outcome).toBe('refused');
  });
});

describe('a refusal of the API gateway', () => {
  const inner = { code: '900901', message: 'Invalid Credentials', description: 'Access failure' };
  it.each([
    ['format of Open Banking', { errors: [inner] }],
    ['plain format', inner],
    ['fault format', { fault: { ...inner, code: 900901 } }],
  ])('is read in the %s', (_, body) => {
    expect(bankError(answer(401, body), [])).toMatchObject({
      code: 'gateway-token-invalid',
      message: "The bank's gateway answered 900901 – Invalid Credentials – Access failure",
      outcome: 'refused',
    });
  });
});

describe('a response that is no OAuth error', () => {
  it('has a message with the title of the page if it is a web page', () => {
    const page = '<!doctype html><title>502 Bad\n Gateway</title><p>sorry';
    expect(bankError(answer(502, page, 'text/html'), [])).toMatchObject({
      code: 'server-error',
      message: 'The bank answered with status 502 and a web page titled "502 Bad Gateway"',
      outcome: 'unknown',
    });
    expect(bankError(answer(404, page, 'text/html'), []).code).toBe('response-unexpected');
  });

  it.each([
    [400, '', 'response-empty'],
    [401, '', 'invalid-client'],
    [429, '', 'too-many-requests'],
    [418, 'teapot', 'response-unexpected'],
    [400, '[]', 'response-unexpected'],
    [400, '{}', 'response-unexpected'],
    [400, '{"error":null,"error_description":""}', 'response-unexpected'],
    [400, '{"error":{"nested":true}}', 'response-unexpected'],
    [500, '', 'server-error'],
  ])('has the code for status %i with the body "%s": %s', (status, body, code) => {
    expect(bankError(answer(status, body, 'text/plain'), []).code).toBe(code);
  });
});

describe('an answer with status 429', () => {
  it.each<[string, unknown]>([
    ['an empty body', ''],
    ['a web page', '<html>'],
    ['an OAuth error', { error: 'temporarily_unavailable' }],
    ['an OAuth error with known words', { error: 'invalid_grant', error_description: 'expired' }],
    ['the words of a refused client', { error_description: 'Client credentials are invalid.' }],
    ['an error of the gateway', { fault: { code: 900802, message: 'Message throttled out' } }],
    ['other JSON', { detail: 'slow down' }],
  ])('is too-many-requests, and nothing was processed, with %s', (_, body) => {
    expect(bankError(answer(429, body), [])).toMatchObject({
      code: 'too-many-requests',
      outcome: 'refused',
      status: 429,
    });
  });
});

describe('"Retry-After"', () => {
  const pause = (value: string, status = 429, headers = {}) =>
    bankError(answer(status, '', 'text/plain', { 'retry-after': value, ...headers }), [])
      .retryAfter;

  it.each([
    ['7', 7000],
    [' 120 ', 120_000],
    ['0', 0],
    ['300', 300_000],
    ['301', 300_000],
    ['99999999999999999999', 300_000],
    ['', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['7, 7', undefined],
    ['2999-01-01', undefined],
    ['Thu, 99 Foo 2026 25:00:00 GMT', undefined],
  ])('of %j is heeded as %s milliseconds', (value, expected) => {
    expect(pause(value)).toBe(expected);
    expect(pause(value, 503)).toBe(expected);
  });

  it('as a date is compared with the date of the answer', () => {
    const date = 'Wed, 21 Oct 2015 07:28:00 GMT';
    expect(pause('Wed, 21 Oct 2015 07:28:10 GMT', 503, { date })).toBe(10_000);
    expect(pause('Wednesday, 21-Oct-15 07:28:10 GMT', 503, { date })).toBe(10_000);
    expect(pause('Wed Oct 21 07:28:10 2015 GMT', 503, { date })).toBe(10_000);
    expect(pause('Wed, 21 Oct 2015 07:00:00 GMT', 503, { date })).toBe(0);
    expect(pause('Thu, 22 Oct 2015 07:28:00 GMT', 503, { date })).toBe(300_000);
    const soon = pause(new Date(Date.now() + 60_000).toUTCString());
    expect(soon).toBeGreaterThan(55_000);
    expect(soon).toBeLessThanOrEqual(60_000);
  });

  it.each([400, 401, 500, 502])('is not heeded with status %i', (status) => {
    expect(pause('7', status)).toBeUndefined();
  });

  it('leaves the outcome as it is, and is part of the advice and of each copy', () => {
    const headers = { 'retry-after': '7' };
    const refused = bankError(answer(429, '', '', headers), []);
    expect(refused).toMatchObject({ outcome: 'refused', retryAfter: 7000 });
    expect(refused.description).toMatch(/^The bank asks for a pause of 7 seconds\. /);
    expect(refused.with({ description: 'x' }).retryAfter).toBe(7000);
    expect(bankError(answer(503, '', '', headers), [])).toMatchObject({
      code: 'server-error',
      outcome: 'unknown',
      retryAfter: 7000,
    });
    expect(bankError(answer(429, ''), []).retryAfter).toBeUndefined();
  });
});

describe('texts of the bank in a message', () => {
  const message = (description: string, secrets: string[] = []) =>
    bankError(answer(400, { error: 'invalid_grant', error_description: description }), secrets)
      .message;

  it('have no control characters and no line breaks', () => {
    expect(message('a\u0000b\r\nc\u001b[31m\u202ed\u2028e')).toMatch(/: a b c \[31m d e$/);
  });

  it('are cut at 500 characters', () => {
    expect(message('x'.repeat(10_000)).length).toBe(
      500 + 'The bank answered "invalid_grant": '.length,
    );
  });

  it('are searched for secrets only in part if they are a megabyte', () => {
    // A search of the whole text would take minutes and block n8n: the time limit of the test ends it.
    expect(message('eyJ-'.repeat(250_000))).toContain('status 400');
    const page = bankError(answer(400, '<title'.repeat(170_000), 'text/html'), []);
    expect(page.message).toContain('status 400');
  });

  it('do not show secrets of the request', () => {
    const secrets = ['code/with+sign=', 'refresh-token-1'];
    const shown = message(
      `${secrets.join(' ')} code%2Fwith%2Bsign%3D eyJhbGciOiJQUzI1NiJ9.eyJzdWIi.BVPqL4-7`,
      secrets,
    );
    expect(shown).toBe('The bank answered "invalid_grant": [hidden] [hidden] [hidden] [hidden]');
  });
});

describe('an error of WSO2', () => {
  const codeOf = (status: number, body: object | string) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return bankError(answer(status, text, ''), []);
  };

  // Literals from WSO2's source and integration tests, so that a mistake in the catalogue is noticed.
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
      'code-used',
    ],
    [400, 'invalid_grant', 'Callback url mismatch', 'redirect-uri-mismatch'],
    [400, 'invalid_grant', 'Persisted access token data not found', 'refresh-token-unknown'],
    [400, 'invalid_grant', 'Refresh token is expired.', 'refresh-token-expired'],
    [400, 'invalid_request', 'Missing parameters: code', 'request-altered'],
    [400, 'invalid_request', 'Missing parameters: refresh_token', 'request-altered'],
    [400, 'invalid_request', 'JWT Token is expired.', 'assertion-time'],
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
      'transport-certificate-refused',
    ],
    [
      401,
      undefined,
      'Invalid mutual TLS request. Client certificate is expired',
      'transport-certificate-refused',
    ],
    [400, 'invalid_request', 'Invalid request with repeated parameters.', 'request-altered'],
    [400, 'invalid_request', 'Invalid request with sensitive data in the URL.', 'secret-in-url'],
    [
      400,
      'invalid_client',
      'Invalid transport certificate. Certificate passed through the request not valid',
      'transport-certificate-refused',
    ],
    [
      401,
      'invalid_client',
      'Registered algorithm does not match with the token signed algorithm',
      'assertion-algorithm',
    ],
    [400, 'invalid_grant', 'PKCE validation failed', 'pkce-failed'],
    [
      400,
      'invalid_grant',
      'Invalid token binding value is present in the request.',
      'certificate-binding-mismatch',
    ],
    [
      400,
      'invalid_grant',
      'The token was issued to a different certificate',
      'certificate-binding-mismatch',
    ],
    [401, 'invalid_client', 'The jwt is too old to use.', 'assertion-time'],
    [401, 'invalid_client', 'The token is used before the nbf claim value.', 'assertion-time'],
    [400, 'invalid_request', 'JWT Token with jti: 3ac2-1 has been replayed', 'request-altered'],
    [400, 'invalid_request', 'Missing grant_type parameter value', 'request-altered'],
    [
      401,
      'invalid_client',
      'The parameter: aud is missing in the JWT assertion',
      'assertion-claim',
    ],
    [401, 'invalid_client', 'Error while parsing the JWT', 'assertion-claim'],
  ])('%i %s: %s', (status, error, error_description, code) => {
    const failure = codeOf(status, { error, error_description });
    expect(failure).toMatchObject({ code, outcome: 'refused' });
    expect(failure.message).toContain(error_description);
  });

  it('is also recognized without JSON', () => {
    const words = 'Invalid mutual TLS request. Client certificate is expired';
    const failure = codeOf(401, words);
    expect(failure).toMatchObject({ code: 'transport-certificate-refused' });
    expect(failure.message).toContain(words);
  });

  it.each([
    ['900901', 'gateway-token-invalid'],
    ['900902', 'gateway-token-missing'],
    ['900903', 'gateway-token-invalid'],
    ['900904', 'gateway-token-invalid'],
    ['900905', 'gateway-token-type'],
    ['900906', 'gateway-no-resource'],
    ['900907', 'gateway-not-subscribed'],
    ['900908', 'gateway-not-subscribed'],
    ['900909', 'gateway-not-subscribed'],
    ['900910', 'invalid-scope'],
    ['900912', 'gateway-token-type'],
    ['900800', 'gateway-refused'],
  ])('with the gateway code %s has the code %s', (code, expected) => {
    const message = 'Unknown words';
    for (const body of [{ code, message }, { errors: [{ code, message }] }]) {
      expect(codeOf(403, body).code).toBe(expected);
    }
    expect(codeOf(403, { fault: { code: Number(code), message } }).code).toBe(expected);
  });

  it('has the code invalid-scope if the gateway refuses because of the scope', () => {
    const description = 'The access token does not allow you to access the requested resource';
    const body = { errors: [{ code: '403', message: 'Forbidden', description }] };
    expect(codeOf(403, body).code).toBe('invalid-scope');
  });

  it('has the code too-many-requests if the gateway throttles', () => {
    const fault = { code: 900802, message: 'Resource level throttle out' };
    expect(codeOf(429, { fault }).code).toBe('too-many-requests');
  });
});

it('knows an error although a secret is equal to its code', () => {
  const body = Buffer.from('{"error":"invalid_client","error_description":"said k3y-1"}');
  const response = { status: 401, headers: {}, body, receivedAt: new Date() };
  const error = bankError(response, ['client', 'invalid_client', 'k3y-1']);
  expect(error.code).toBe('invalid-client');
  expect(error.message).not.toContain('k3y-1');
});
