import { AuthorizationResponseError, skipStateCheck, validateJwtAuthResponse } from 'oauth4webapi';
import { decryptedJwt, libraryFailure, responseJwtKind, verificationOf } from './bankJwt';
import type { Endpoints } from '../../profile/endpoints';
import type { Profile } from '../../profile/profile';

/**
 * The parameters of a redirect that come in a signed and perhaps encrypted JWT (JARM §2.4): signature against the bank's keys,
 * the expected `alg`, `iss`, `aud`, `exp`. The parameters themselves are not looked at.
 *
 * @param response the parameter of this name
 * @throws OpenBankingError `response-jwt-…`, `jwks-…`, of the outcome `not-sent`
 */
export async function responseJwtParameters(
  response: string,
  profile: Profile,
  endpoints: Endpoints,
): Promise<URLSearchParams> {
  const kind = responseJwtKind;
  const jws = await decryptedJwt(response, profile, kind);
  const { server, client, options } = await verificationOf(jws, profile, endpoints, kind);
  try {
    return await validateJwtAuthResponse(
      server,
      client,
      new URLSearchParams({ response: jws }),
      skipStateCheck,
      options,
    );
  } catch (error) {
    // The bank reports a failure, in a JWT that is valid.
    if (error instanceof AuthorizationResponseError) return error.cause;
    throw libraryFailure(error, kind);
  }
}
