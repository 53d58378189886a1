import { wordsIn } from './entry';

/** Words of WSO2 Identity Server and API Manager, 5.11 to 7.1, and of WSO2's modules for open banking. */
export const wso2Words = [
  ...wordsIn('wso2-extensions/identity-inbound-auth-oauth, c4c32bb: grant handlers', {
    'code-used': [
      'Inactive authorization code received from token request',
      'Expired or Revoked authorization code received from token request',
    ],
    'code-unknown': ['Invalid authorization code received from token request'],
    'redirect-uri-mismatch': ['Callback url mismatch'],
    'pkce-failed': ['PKCE validation failed'],
    'refresh-token-unknown': [
      'Persisted access token data not found',
      'Invalid refresh token value in the request',
      'Invalid refresh token state',
    ],
    'refresh-token-expired': ['Refresh token is expired'],
    'certificate-binding-mismatch': [
      'Invalid token binding value is present in the request',
      'Token binding validation failed',
    ],
  }),
  ...wordsIn(
    'wso2-extensions/identity-inbound-auth-oauth, c4c32bb: OAuthClientAuthnService, OAuth2TokenEndpoint, EndpointUtil',
    {
      'request-altered': [
        'Missing parameters: *',
        'Missing grant_type',
        'Invalid request with repeated parameters',
      ],
      'assertion-claim': ['Error while parsing the JWT'],
      'client-credentials-invalid': [
        'Client credentials are invalid',
        'Client Authentication failed',
      ],
      'client-unknown': [
        'A valid OAuth client could not be found',
        'Oauth application is not in active state',
      ],
      'client-authentication-unsupported': [
        'Unsupported client authentication mechanism',
        'Unsupported client authentication method',
        'No valid authenticators found',
      ],
      'secret-in-url': ['with sensitive data in the URL'],
    },
  ),
  ...wordsIn('wso2-extensions/identity-oauth-addons: JWTValidator.java', {
    'assertion-audience': ['Failed to match audience values', 'multiple audience values'],
    'assertion-time': [
      'JWT Token is expired',
      'The jwt is too old to use',
      'The token is used before the nbf claim value',
    ],
    'request-altered': ['JWT Token with jti: * has been replayed'],
    'assertion-claim': ['is missing in the JWT assertion', 'is found in the JWT'],
  }),
  ...wordsIn(
    'wso2/financial-services-accelerator, 77cffcf: filters of the token endpoint, and tests',
    {
      'assertion-algorithm': [
        'Signature algorithm used in the request is invalid',
        'Registered algorithm does not match with the token signed algorithm',
        'Token signing algorithm not registered',
      ],
      'transport-certificate-refused': [
        'Transport certificate not found in the request',
        'Client certificate is expired',
        'Invalid transport certificate',
      ],
    },
  ),
];
