/** One part of the physical limit: a round trip over a kept-alive connection, with a form that was made before. */
import { rawForm, rawSigner } from '../rawAssertion.mjs';
import { rawPost } from '../rawConnections.mjs';

export function prepare(order) {
  const post = rawPost(order);
  const form = rawForm(order.clientId, 'rt-fixed', rawSigner(order)());
  let last;
  return {
    isPartial: true,
    async token() {
      last = await post(form);
    },
    // Checked after the clock has stopped, because the physical limit does not include parsing the answer.
    afterRound() {
      if (JSON.parse(last).access_token !== 'at-rt-fixed') throw new Error(`No token: ${last}`);
    },
  };
}
