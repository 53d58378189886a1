import { send, type HttpResponse } from '../transport/send';
import { clientAssertion } from './clientAssertion';
import type { Endpoints } from './endpoints';
import type { Profile } from './profile';
import { tokenRequest, type Grant } from './tokenRequest';

/** An answer of a token endpoint that was not read yet. */
export interface TokenEndpointAnswer {
  readonly response: HttpResponse;
  /** The assertion that was sent: a secret for a minute. */
  readonly assertion?: string;
}

/** Token requests of this process whose answer is not there yet. */
let underWay = 0;

/**
 * Sends a token request, once, with an assertion of its own: a refresh to the refresh endpoint, everything else to the token endpoint.
 *
 * @param beforeSend called when nothing is left to be done but to send
 * @throws OpenBankingError of the stages `tls`, `request` and `response`, as `send`
 */
export async function sendTokenRequest(
  profile: Profile,
  endpoints: Endpoints,
  grant: Grant,
  beforeSend?: () => void,
): Promise<TokenEndpointAnswer> {
  const { signer, clientId, identity, timeouts } = profile;
  const endpoint = grant.type === 'refresh_token' ? endpoints.refresh : endpoints.token;
  const audience = profile.audience(endpoints, endpoint);
  underWay++;
  try {
    const isAlone = underWay === 1;
    const assertion = signer && (await clientAssertion(signer, clientId, audience, { isAlone }));
    const request = tokenRequest(endpoint, grant, { clientId, assertion });
    beforeSend?.();
    return { response: await send(request, identity, timeouts), assertion };
  } finally {
    underWay--;
  }
}
