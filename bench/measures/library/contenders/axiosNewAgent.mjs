/** axios with a new https.Agent for each request, as n8n's own request helper uses it if a client certificate is set. */
import { Agent } from 'node:https';
import axios from 'axios';
import { refreshForm, signer } from '../assertion.mjs';

export function prepare(order) {
  const { tokenEndpoint, pem } = order;
  const sign = signer(order);
  return {
    async token(refreshToken) {
      const form = new URLSearchParams(refreshForm(order, refreshToken, await sign()));
      const { data } = await axios.post(tokenEndpoint, form, {
        httpsAgent: new Agent({
          cert: pem.clientCertificate,
          key: pem.clientKey,
          ca: pem.certificateAuthority,
        }),
        proxy: false,
      });
      return data.access_token;
    },
  };
}
