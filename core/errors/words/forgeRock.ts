import { wordsIn } from './entry';

const CORE = 'OpenIdentityPlatform/OpenAM, openam-oauth2/src/main/java/org/forgerock';

/** Words of ForgeRock Access Management and its open successor. */
export const forgeRockWords = [
  ...wordsIn(`${CORE}/oauth2/core/AuthorizationCodeGrantTypeHandler.java`, {
    'code-unknown': ["Authorization code doesn't exist"],
    'code-used': ['Authorization code expired'],
    'redirect-uri-mismatch': ['Invalid parameter: redirect_uri'],
    'pkce-failed': ['code_verifier parameter required'],
  }),
  ...wordsIn(`${CORE}/oauth2/core/AccessTokenService.java`, {
    'refresh-token-unknown': [
      'RefreshToken does not exist',
      'Token was issued to a different client',
    ],
  }),
  ...wordsIn(`${CORE}/openam/oauth2/ClientCredentialsReader.java`, {
    'assertion-audience': ['Audience validation failed'],
    'assertion-time': [['invalid_client', 'JWT has expired']],
    'assertion-claim': [['invalid_client', 'JWT is not valid']],
    'client-authentication-unsupported': [
      'Invalid authentication method for accessing this endpoint',
    ],
  }),
];
