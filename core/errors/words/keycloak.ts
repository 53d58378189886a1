import { wordsIn } from './entry';

const SERVICES = 'keycloak/keycloak, services/src/main/java/org/keycloak';

/** Words of Keycloak. They are constants in its source. */
export const keycloakWords = [
  ...wordsIn(`${SERVICES}/protocol/oidc/grants/AuthorizationCodeGrantType.java`, {
    'code-used': ['Code not valid', 'Code is expired'],
    'code-unknown': ['Found different client_id in clientSession'],
    'redirect-uri-mismatch': ['Incorrect redirect_uri'],
    'consent-withdrawn': ['Client no longer has requested consent from user'],
    'customer-disabled': ['User disabled'],
    'unauthorized-client': ['Client not allowed to exchange code'],
    'invalid-grant': ['Session not active', 'User session not found'],
  }),
  ...wordsIn(`${SERVICES}/protocol/oidc/utils/PkceUtils.java`, {
    'pkce-failed': [
      'PKCE code verifier not specified',
      'PKCE code verifier specified but challenge not present in authorization',
      'PKCE verification failed',
    ],
  }),
  ...wordsIn(`${SERVICES}/protocol/oidc/TokenManager.java`, {
    'refresh-token-unknown': [
      ['invalid_grant', 'Invalid refresh token'],
      "Token client and authorized client don't match",
      'Maximum allowed refresh token reuse exceeded',
      'Stale token',
    ],
    'refresh-token-expired': [['invalid_grant', 'Token is not active'], 'Refresh token expired'],
  }),
  ...wordsIn(`${SERVICES}/services/util/MtlsHoKTokenUtil.java and protocol/oidc/grants`, {
    'certificate-binding-mismatch': [
      'Client certificate missing, or its thumbprint and one in the * did NOT match',
    ],
    'transport-certificate-refused': ['Client Certification missing for MTLS HoK Token Binding'],
  }),
  ...wordsIn(`${SERVICES}/authentication/authenticators/client/AbstractBaseJWTValidator.java`, {
    'assertion-audience': ['Invalid token audience', 'Multiple audiences not allowed'],
    'assertion-algorithm': ['Invalid signature algorithm'],
    'assertion-time': [
      ['invalid_client', 'Token is not active'],
      'Token was issued in the future',
      'Token was issued too far in the past to be used now',
    ],
    'assertion-claim': [
      'Token exp claim is required',
      'Token jti claim is required',
      'Token expiration is too far in the future',
    ],
    'request-altered': ['Token reuse detected'],
  }),
  ...wordsIn(`${SERVICES}/authentication/authenticators/client/AbstractJWTClientValidator.java`, {
    'client-authentication-unsupported': [
      'Parameter client_assertion_type is missing',
      'client_assertion parameter missing',
    ],
    'assertion-claim': [
      'Token sub claim is required',
      'client_id parameter does not match sub claim',
    ],
  }),
  ...wordsIn(`${SERVICES}/authentication/authenticators/client/JWTClientAuthenticator.java`, {
    'assertion-key': ['Unable to load public key'],
    'client-credentials-invalid': ['Signature on JWT token failed validation'],
  }),
  ...wordsIn(`${SERVICES}/authentication/AuthenticationProcessor.java`, {
    'client-credentials-invalid': ['Invalid client or Invalid client credentials'],
  }),
  ...wordsIn(`${SERVICES}/services/util/DPoPUtil.java`, {
    'dpop-wanted': ['DPoP proof is missing'],
  }),
];
