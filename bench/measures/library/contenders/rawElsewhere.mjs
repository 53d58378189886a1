/** Both halves of the bound in one program: signed on the threads of Node.js, while this one sends. */
import { rawForm, rawSigner } from '../rawAssertion.mjs';
import { rawPost } from '../rawConnections.mjs';

export function prepare(order) {
  const post = rawPost(order);
  const { elsewhere } = rawSigner(order);
  return {
    async token(refreshToken) {
      const answer = await post(rawForm(order.clientId, refreshToken, await elsewhere()));
      return JSON.parse(answer).access_token;
    },
  };
}
