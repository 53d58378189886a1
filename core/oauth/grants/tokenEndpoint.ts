import { OpenBankingError } from '../../errors/OpenBankingError';
import { send, type HttpResponse } from '../../transport/send';
import { clientAssertion } from '../jwt/clientAssertion';
import type { Endpoint, Endpoints } from '../../profile/endpoints';
import type { Profile } from '../../profile/profile';
import { tokenRequest, type Grant } from './tokenRequest';
import { readTokenResponse, type TokenResponse } from './tokenResponse';
import { explainedByServer } from '../messages/wrongServer';

/** What is done around a token request. */
export interface TokenRequestOptions {
  /** Values of the request that no message may show, beside the assertion. */
  readonly secrets?: readonly string[];
  /** Called when nothing is left to be done but to send. */
  readonly beforeSend?: () => void;
  /** Called with the answer, before it is read. */
  readonly onAnswer?: (response: HttpResponse) => void;
}

/**
 * Asks for tokens, once, with an assertion of its own: a refresh at the refresh endpoint, everything else at the token endpoint.
 *
 * @throws OpenBankingError as `send` and `readTokenResponse`, and `wrong-server`
 */
export async function requestTokens(
  profile: Profile,
  endpoints: Endpoints,
  grant: Grant,
  { secrets = [], beforeSend, onAnswer }: TokenRequestOptions = {},
): Promise<TokenResponse> {
  const endpoint = grant.type === 'refresh_token' ? endpoints.refresh : endpoints.token;
  const { response, assertion } = await sendGrant(profile, endpoints, endpoint, grant, beforeSend);
  onAnswer?.(response);
  try {
    return readTokenResponse(response, assertion ? [...secrets, assertion] : secrets);
  } catch (error) {
    throw error instanceof OpenBankingError ? explainedByServer(error, endpoint) : error;
  }
}

async function sendGrant(
  profile: Profile,
  endpoints: Endpoints,
  endpoint: Endpoint,
  grant: Grant,
  beforeSend?: () => void,
): Promise<{ response: HttpResponse; assertion?: string }> {
  const { signer, clientId, identity, timeouts } = profile;
  const audience = profile.audience(endpoints, endpoint.url);
  const assertion = signer && (await clientAssertion(signer, clientId, audience));
  const request = tokenRequest(endpoint, grant, { clientId, assertion });
  beforeSend?.();
  return { response: await send(request, identity, timeouts), assertion };
}
