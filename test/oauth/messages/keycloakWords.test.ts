import { bankError } from '../../../core/oauth/messages/errorResponse';
import { answer } from './answer';

const refusal = (status: number, error: string, error_description: string) =>
  bankError(answer(status, { error, error_description }), []);

describe('a refusal of Keycloak', () => {
  it.each<[number, string, string, string]>([
    [
      401,
      'unauthorized_client',
      'Client certificate missing, or its thumbprint and one in the refresh token did NOT match',
      'certificate-binding-mismatch',
    ],
    [
      400,
      'invalid_request',
      'Client Certification missing for MTLS HoK Token Binding',
      'transport-certificate-refused',
    ],
    [
      401,
      'unauthorized_client',
      'Invalid client or Invalid client credentials',
      'client-credentials-invalid',
    ],
    [401, 'invalid_request', 'Authentication failed.', 'invalid-client'],
    [400, 'invalid_client', 'Invalid token audience', 'assertion-audience'],
    [400, 'invalid_client', 'Invalid signature algorithm', 'assertion-algorithm'],
    [400, 'invalid_client', 'Unable to load public key', 'assertion-key'],
    [
      400,
      'invalid_client',
      'Signature on JWT token failed validation',
      'client-credentials-invalid',
    ],
    [
      400,
      'invalid_client',
      'Parameter client_assertion_type is missing',
      'client-authentication-unsupported',
    ],
    [400, 'invalid_client', 'Token is not active', 'assertion-time'],
    [400, 'invalid_grant', 'Token is not active', 'refresh-token-expired'],
    [400, 'invalid_grant', 'Incorrect redirect_uri', 'redirect-uri-mismatch'],
    [400, 'invalid_grant', 'PKCE verification failed: Code mismatch', 'pkce-failed'],
    [
      400,
      'invalid_grant',
      'Auth error: Found different client_id in clientSession',
      'code-unknown',
    ],
    [400, 'invalid_scope', 'Client no longer has requested consent from user', 'consent-withdrawn'],
    [400, 'invalid_grant', 'User disabled', 'customer-disabled'],
    [400, 'invalid_request', 'DPoP proof is missing', 'dpop-wanted'],
  ])('%i %s "%s" has the code %s', (status, error, description, code) => {
    expect(refusal(status, error, description)).toMatchObject({ code, outcome: 'refused', status });
  });

  it.each([
    ['certificate-binding-mismatch', 'certificate'],
    ['assertion-key', 'Public Key, SHA-256'],
    ['dpop-wanted', 'certificate-bound access tokens'],
    ['consent-withdrawn', 'took the consent back'],
    ['customer-disabled', 'tried again each hour'],
  ] as const)('with the code %s says what helps', (code, words) => {
    const phrases = {
      'certificate-binding-mismatch': [
        'unauthorized_client',
        'Client certificate missing, or its thumbprint and one in the token did NOT match',
      ],
      'assertion-key': ['invalid_client', 'Unable to load public key'],
      'dpop-wanted': ['invalid_request', 'DPoP proof is missing'],
      'consent-withdrawn': ['invalid_scope', 'Client no longer has requested consent from user'],
      'customer-disabled': ['invalid_grant', 'User disabled'],
    } as const;
    const [error, phrase] = phrases[code];
    expect(refusal(400, error, phrase).description).toContain(words);
  });
});
