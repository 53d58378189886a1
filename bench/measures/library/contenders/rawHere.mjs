/** Both halves of the bound in one program: signed on the thread that also sends. */
import { rawForm, rawSigner } from '../rawAssertion.mjs';
import { rawPost } from '../rawConnections.mjs';

export function prepare(order) {
  const post = rawPost(order);
  const { here } = rawSigner(order);
  return {
    async token(refreshToken) {
      const answer = await post(rawForm(order.clientId, refreshToken, here()));
      return JSON.parse(answer).access_token;
    },
  };
}
