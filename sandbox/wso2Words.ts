import { decodeJwt } from 'jose';
import type { errors } from 'oidc-provider';
import { single, type Form } from './form';
import type { Refusal } from './wso2Rules';

/** WSO2's words for an authorization code that was used, or deactivated by an earlier error. */
export const INACTIVE_CODE: Refusal = invalidGrant(
  'Inactive authorization code received from token request',
);

/** oidc-provider's reasons for refusing a code, and WSO2's words for them. */
const CODE_WORDS: Record<string, Refusal> = {
  'authorization code not found': invalidGrant(
    'Invalid authorization code received from token request',
  ),
  'client mismatch': invalidGrant('Invalid authorization code received from token request'),
  'authorization code is expired': invalidGrant(
    'Expired or Revoked authorization code received from token request',
  ),
  'grant not found': invalidGrant(
    'Expired or Revoked authorization code received from token request',
  ),
  'authorization code already consumed': INACTIVE_CODE,
  'authorization code redirect_uri mismatch': invalidGrant('Callback url mismatch'),
  'code_verifier must be provided': invalidGrant('PKCE validation failed'),
  'code_verifier does not match code_challenge': invalidGrant('PKCE validation failed'),
};

/** oidc-provider's reasons for refusing a refresh token, and WSO2's words for them. */
const REFRESH_WORDS: Record<string, Refusal> = {
  'refresh token not found': invalidGrant('Persisted access token data not found'),
  'client mismatch': invalidGrant('Persisted access token data not found'),
  'grant not found': invalidGrant('Persisted access token data not found'),
  'refresh token already used': invalidGrant('Persisted access token data not found'),
  'refresh token is expired': invalidGrant('Refresh token is expired.'),
  'grant is expired': invalidGrant('Refresh token is expired.'),
  'failed x5t#S256 verification': invalidGrant(
    'Invalid token binding value is present in the request.',
  ),
};

/** A refusal of the authorization server in WSO2's words; `undefined` if WSO2 has no words for it. */
export function inWso2Words(error: errors.OIDCProviderError, form: Form): Refusal | undefined {
  const detail = error.error_detail ?? '';
  switch (error.error) {
    case 'invalid_client':
      return detail === 'client assertion tokens must only be used once'
        ? replayed(form)
        : {
            status: 401,
            error: 'invalid_client',
            error_description: 'Client credentials are invalid.',
          };
    case 'invalid_grant':
      return single(form, 'grant_type') === 'refresh_token'
        ? REFRESH_WORDS[detail]
        : CODE_WORDS[detail];
    case 'invalid_request':
      return missingParameters(error.error_description ?? '');
    case 'unsupported_grant_type':
      return { status: 400, error: error.error, error_description: 'Unsupported grant_type value' };
    default:
      return undefined;
  }
}

function replayed(form: Form): Refusal {
  const { jti } = decodeJwt(single(form, 'client_assertion') ?? '');
  return {
    status: 400,
    error: 'invalid_request',
    error_description: `JWT Token with jti: ${jti} has been replayed`,
  };
}

function missingParameters(description: string): Refusal | undefined {
  if (!description.startsWith('missing required parameter')) return undefined;
  const names = [...description.matchAll(/'([^']+)'/g)].map(([, name]) => name);
  return {
    status: 400,
    error: 'invalid_request',
    error_description:
      names.join() === 'grant_type'
        ? 'Missing grant_type parameter value'
        : `Missing parameters: ${names.join(' ')}`,
  };
}

function invalidGrant(error_description: string): Refusal {
  return { status: 400, error: 'invalid_grant', error_description };
}
