/** The bare program with undici in place of its own HTTP, over one kept-alive connection. */
import { setImmediate } from 'node:timers/promises';
import { Agent } from 'undici';
import { rawForm, rawSigner } from '../rawAssertion.mjs';

export function prepare(order) {
  const sign = rawSigner(order);
  const { clientCertificate: cert, clientKey: key, certificateAuthority: ca } = order.pem;
  const agent = new Agent({ connect: { cert, key, ca }, allowH2: false, pipelining: 1 });
  const { origin, pathname: path } = new URL(order.tokenEndpoint);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return {
    async token(refreshToken) {
      const body = rawForm(order.clientId, refreshToken, sign());
      const answer = await new Promise((done, fail) => {
        const chunks = [];
        agent.dispatch(
          { origin, path, method: 'POST', headers, body, headersTimeout: 0, bodyTimeout: 0 },
          {
            onRequestStart() {},
            onResponseStart() {},
            onResponseData: (_controller, chunk) => chunks.push(chunk),
            onResponseEnd: () => done(Buffer.concat(chunks)),
            onResponseError: (_controller, error) => fail(error),
          },
        );
      });
      // undici can use the connection again only in the next turn of the event loop.
      await setImmediate();
      return JSON.parse(answer).access_token;
    },
  };
}
