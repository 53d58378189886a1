import { bankError } from '../../../core/oauth/messages/errorResponse';
import { answer } from './answer';

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

it('knows an error although a secret is equal to its code', () => {
  const body = Buffer.from('{"error":"invalid_client","error_description":"said k3y-1"}');
  const response = { status: 401, headers: {}, body, receivedAt: new Date() };
  const error = bankError(response, ['client', 'invalid_client', 'k3y-1']);
  expect(error.code).toBe('invalid-client');
  expect(error.message).not.toContain('k3y-1');
});
