/** A token request that this package makes and sends; its answer is only parsed. */
import { requester } from '../package.mjs';

export async function prepare(order) {
  const request = await requester(order);
  return {
    async token(refreshToken) {
      return JSON.parse((await request(refreshToken)).body).access_token;
    },
  };
}
