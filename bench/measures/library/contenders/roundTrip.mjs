/** The other half of the bound: one round trip over a kept-alive connection, with a form that was made before. */
import { rawForm, rawSigner } from '../rawAssertion.mjs';
import { rawPost } from '../rawConnections.mjs';

export function prepare(order) {
  const post = rawPost(order);
  const form = rawForm(order.clientId, 'rt-fixed', rawSigner(order).here());
  let last;
  return {
    isPartial: true,
    async token() {
      last = await post(form);
    },
    // Outside the clock: the bound has no reading of the answer.
    afterRound() {
      if (JSON.parse(last).access_token !== 'at-rt-fixed') throw new Error(`No token: ${last}`);
    },
  };
}
