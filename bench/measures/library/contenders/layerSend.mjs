/** The bare program's assertion, sent by this package with its time limits, limits of the answer, and names of failures. */
import { built, packageSettings } from '../package.mjs';
import { rawForm, rawSigner } from '../rawAssertion.mjs';

export async function prepare(order) {
  const { send } = built('core/transport/send');
  const { clientOf } = built('core/oauth/client');
  const { identity, timeouts } = (await clientOf(packageSettings(order))).profile;
  const sign = rawSigner(order);
  const headers = {
    'Cache-Control': 'no-cache',
    'Content-Type': 'application/x-www-form-urlencoded',
    Accept: 'application/json',
  };
  return {
    async token(refreshToken) {
      const body = rawForm(order.clientId, refreshToken, sign());
      const request = { method: 'POST', url: order.tokenEndpoint, headers, body };
      return JSON.parse((await send(request, identity, timeouts)).body).access_token;
    },
  };
}
