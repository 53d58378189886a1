/** oauth4webapi with undici's fetch. */
import {
  customFetch,
  PrivateKeyJwt,
  processRefreshTokenResponse,
  refreshTokenGrantRequest,
} from 'oauth4webapi';
import { importSigningKey, mutualTlsFetch } from '../undiciFetch.mjs';

export async function prepare(order) {
  const { tokenEndpoint, clientId, keyId } = order;
  const server = { issuer: tokenEndpoint, token_endpoint: tokenEndpoint };
  const client = { client_id: clientId };
  const authentication = PrivateKeyJwt({ key: await importSigningKey(order), kid: keyId });
  const options = { [customFetch]: mutualTlsFetch(order) };
  return {
    async token(refreshToken) {
      const response = await refreshTokenGrantRequest(
        ...[server, client, authentication, refreshToken, options],
      );
      const { access_token } = await processRefreshTokenResponse(server, client, response);
      return access_token;
    },
  };
}
