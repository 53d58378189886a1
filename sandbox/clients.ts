import { createPublicKey } from 'node:crypto';
import { calculateJwkThumbprint, type JWK } from 'jose';
import type { ClientMetadata } from 'oidc-provider';
import type { Certificates, Identity } from './certificates';
import { sha1ThumbprintOf, subjectOf, thumbprintOf } from './certificates';

/** Client that authenticates with `private_key_jwt`. */
export const CLIENT_ID = 'open-banking-sandbox-client';
/** Client that authenticates with `tls_client_auth` and the certificate of `CLIENT_ID`. */
export const TLS_CLIENT_ID = 'open-banking-sandbox-tls-client';
/** A second `private_key_jwt` client with a certificate of its own. */
export const OTHER_CLIENT_ID = 'open-banking-sandbox-other-client';
/** Scope that all clients have registered. */
export const SCOPE = 'openid accounts';

/** A third party: its registration at the bank, and its private key. */
export interface RegisteredClient {
  clientId: string;
  /** Name that the customer sees. */
  name: string;
  authentication: 'private_key_jwt' | 'tls_client_auth';
  identity: Identity;
}

/** The third parties that the bank has registered. */
export function registeredClients(certificates: Certificates): RegisteredClient[] {
  return [
    {
      clientId: CLIENT_ID,
      name: 'Ledger Sync',
      authentication: 'private_key_jwt',
      identity: certificates.client,
    },
    {
      clientId: TLS_CLIENT_ID,
      name: 'Ledger Sync (TLS)',
      authentication: 'tls_client_auth',
      identity: certificates.client,
    },
    {
      clientId: OTHER_CLIENT_ID,
      name: 'Other Third Party',
      authentication: 'private_key_jwt',
      identity: certificates.otherClient,
    },
  ];
}

/** Key ID of a client: WSO2 expects the SHA-1 thumbprint of the certificate. */
export function keyIdOf(identity: Identity): string {
  return sha1ThumbprintOf(identity.leaf);
}

/** Registration of a client at the authorization server (RFC 7591, FAPI 1.0 Advanced, RFC 8705). */
export async function clientMetadata(
  client: RegisteredClient,
  redirectUri: string,
): Promise<ClientMetadata> {
  return {
    client_id: client.clientId,
    client_name: client.name,
    // oidc-provider demands the implicit grant if an ID token comes in the redirect.
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials', 'implicit'],
    response_types: ['code id_token', 'code'],
    redirect_uris: [redirectUri],
    scope: SCOPE,
    jwks: { keys: await publicKeys(client.identity) },
    token_endpoint_auth_method: client.authentication,
    ...(client.authentication === 'private_key_jwt'
      ? { token_endpoint_auth_signing_alg: 'PS256' }
      : { tls_client_auth_subject_dn: subjectOf(client.identity.leaf) }),
    tls_client_certificate_bound_access_tokens: true,
    require_signed_request_object: true,
    request_object_signing_alg: 'PS256',
    id_token_signed_response_alg: 'PS256',
    authorization_signed_response_alg: 'PS256',
  };
}

/** The same public key with each key ID that banks accept, so that a client may use any of the key IDs. */
async function publicKeys(identity: Identity): Promise<JWK[]> {
  const key = createPublicKey(identity.key).export({ format: 'jwk' }) as JWK;
  const keyIds = [
    sha1ThumbprintOf(identity.leaf),
    thumbprintOf(identity.leaf),
    await calculateJwkThumbprint(key),
  ];
  return keyIds.map((kid) => ({ ...key, kid, alg: 'PS256', use: 'sig' }));
}
