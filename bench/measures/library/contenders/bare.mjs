/** The bare program: both parts of the physical limit, one after the other on one thread. */
import { rawForm, rawSigner } from '../rawAssertion.mjs';
import { rawPost } from '../rawConnections.mjs';

export function prepare(order) {
  const post = rawPost(order);
  const sign = rawSigner(order);
  return {
    async token(refreshToken) {
      const answer = await post(rawForm(order.clientId, refreshToken, sign()));
      return JSON.parse(answer).access_token;
    },
  };
}
