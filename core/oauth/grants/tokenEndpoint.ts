import { OpenBankingError } from '../../errors/OpenBankingError';
import type { Endpoints } from '../../profile/endpoints';
import type { Profile } from '../../profile/profile';
import type { HttpResponse } from '../../transport/send';
import { authenticatedPost } from '../jwt/authenticatedPost';
import { explainedRefusal } from '../messages/sentRequest';
import { explainedGrant } from './explainedGrant';
import { tokenRequest, type Grant } from './tokenRequest';
import { holdsToken, readTokenResponse, type TokenResponse } from './tokenResponse';

/** Options of a token request. */
export interface TokenRequestOptions {
  /** See `HttpRequest.beforeHandOver`. */
  readonly beforeHandOver?: () => void;
  /** Called with the answer, before it is read. */
  readonly onAnswer?: (response: HttpResponse) => void;
}

/**
 * Requests tokens, once: a refresh at the refresh endpoint, everything else at the token endpoint.
 *
 * @throws OpenBankingError as `send` and `readTokenResponse`, and `wrong-server`; the errors of `beforeHandOver`
 */
export async function requestTokens(
  profile: Profile,
  endpoints: Endpoints,
  grant: Grant,
  { beforeHandOver, onAnswer }: TokenRequestOptions = {},
): Promise<TokenResponse> {
  const endpoint = grant.type === 'refresh_token' ? endpoints.refresh : endpoints.token;
  const { response, sent } = await authenticatedPost(profile, endpoints, {
    endpoint,
    request: (authentication) => ({
      ...tokenRequest(endpoint, grant, authentication),
      isWanted: holdsToken,
      // A code is sent once, whatever becomes of the connection.
      needsNewConnection: grant.type === 'authorization_code',
      beforeHandOver,
    }),
  });
  onAnswer?.(response);
  try {
    return readTokenResponse(response, sent.secrets);
  } catch (error) {
    throw error instanceof OpenBankingError
      ? explainedGrant(explainedRefusal(error, sent), grant)
      : error;
  }
}
