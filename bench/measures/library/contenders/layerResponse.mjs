/** A token request of this package, and its validation of the answer; without single use, and without the credential's fields. */
import { built, requester } from '../package.mjs';

export async function prepare(order) {
  const request = await requester(order);
  const { readTokenResponse } = built('./core/oauth/grants/tokenResponse');
  const { tokenSet } = built('./core/oauth/grants/tokenSet');
  return {
    async token(refreshToken) {
      const response = await readTokenResponse(await request(refreshToken), [refreshToken]);
      if (response.violation) throw response.violation;
      return tokenSet(response, refreshToken, false).access_token;
    },
  };
}
