import { bankError } from '../../../core/oauth/messages/errorResponse';
import { answer } from './answer';

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
