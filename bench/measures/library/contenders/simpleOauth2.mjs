/** simple-oauth2 with a kept-alive Agent. It cannot sign, so jose signs. */
import { Agent } from 'node:https';
import { AuthorizationCode } from 'simple-oauth2';
import { signer } from '../assertion.mjs';

export function prepare(order) {
  const { tokenEndpoint, clientId, pem } = order;
  const { origin, pathname } = new URL(tokenEndpoint);
  const sign = signer(order);
  const client = new AuthorizationCode({
    // simple-oauth2 also sends the empty secret; it has no option to leave it out.
    client: { id: clientId, secret: '' },
    auth: { tokenHost: origin, tokenPath: pathname },
    options: { authorizationMethod: 'body' },
    http: {
      agent: new Agent({
        keepAlive: true,
        cert: pem.clientCertificate,
        key: pem.clientKey,
        ca: pem.certificateAuthority,
      }),
    },
  });
  return {
    async token(refreshToken) {
      const known = client.createToken({ refresh_token: refreshToken });
      const { token } = await known.refresh({
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: await sign(),
      });
      return token.access_token;
    },
  };
}
