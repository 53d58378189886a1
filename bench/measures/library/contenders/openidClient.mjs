/** openid-client with undici's fetch. */
import { Configuration, customFetch, PrivateKeyJwt, refreshTokenGrant } from 'openid-client';
import { importSigningKey, mutualTlsFetch } from '../undiciFetch.mjs';

export async function prepare(order) {
  const { tokenEndpoint, clientId, keyId } = order;
  const key = await importSigningKey(order);
  const configuration = new Configuration(
    { issuer: tokenEndpoint, token_endpoint: tokenEndpoint },
    clientId,
    undefined,
    PrivateKeyJwt({ key, kid: keyId }),
  );
  configuration[customFetch] = mutualTlsFetch(order);
  return {
    async token(refreshToken) {
      const { access_token } = await refreshTokenGrant(configuration, refreshToken);
      return access_token;
    },
  };
}
