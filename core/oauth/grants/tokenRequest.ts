import type { HttpRequest } from '../../transport/send';
import type { Endpoint } from '../../profile/endpoints';
import {
  clientIdParameters,
  formRequest,
  proofParameters,
  type ClientAuthentication,
  type Parameters,
} from '../messages/formRequest';

/** A grant with which tokens are requested. */
export type Grant =
  | {
      type: 'authorization_code';
      code: string;
      redirectUri: string;
      scope: string;
      /** The PKCE verifier (RFC 7636 §4.5), if the authorization request had a challenge. */
      codeVerifier?: string;
    }
  | { type: 'refresh_token'; refreshToken: string }
  | { type: 'client_credentials'; scope: string };

/**
 * The token request of a grant (RFC 6749 §4.1.3, §6, §4.4.2; RFC 7523 §2.2), with the parameters in the order of WSO2's documents.
 * An empty scope is left out.
 */
export function tokenRequest(
  endpoint: Endpoint,
  grant: Grant,
  authentication: ClientAuthentication,
): HttpRequest {
  const proof = proofParameters(authentication);
  const client = clientIdParameters(authentication);
  const parameters: Parameters = [['grant_type', grant.type]];
  switch (grant.type) {
    case 'authorization_code':
      parameters.push(...proof, ['code', grant.code], ['scope', grant.scope]);
      parameters.push(['redirect_uri', grant.redirectUri], ...client);
      parameters.push(['code_verifier', grant.codeVerifier ?? '']);
      break;
    case 'refresh_token':
      parameters.push(['refresh_token', grant.refreshToken], ...client, ...proof);
      break;
    case 'client_credentials':
      parameters.push(['scope', grant.scope], ...client, ...proof);
      break;
  }
  return formRequest(endpoint, parameters);
}
