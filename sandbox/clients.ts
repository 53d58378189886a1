import { createHash, createPublicKey } from 'node:crypto';
import { calculateJwkThumbprint, type JWK } from 'jose';
import type { ClientMetadata } from 'oidc-provider';
import type { Certificates, Identity } from './certificates';
import { sha1ThumbprintOf, subjectOf, thumbprintOf } from './certificates';
import type { AuthenticationMethod, Regime } from './regimes/regime';

/** Client that authenticates with `private_key_jwt`. */
export const CLIENT_ID = 'open-banking-sandbox-client';
/** Client that authenticates with `tls_client_auth` and the certificate of `CLIENT_ID`. */
export const TLS_CLIENT_ID = 'open-banking-sandbox-tls-client';
/** A second `private_key_jwt` client with a certificate of its own. */
export const OTHER_CLIENT_ID = 'open-banking-sandbox-other-client';
/** Client that authenticates with `client_secret_basic`. */
export const SECRET_BASIC_CLIENT_ID = 'open-banking-sandbox-basic-client';
/** Client that authenticates with `client_secret_post`. */
export const SECRET_POST_CLIENT_ID = 'open-banking-sandbox-post-client';
/** Client that authenticates with `self_signed_tls_client_auth`. */
export const SELF_SIGNED_CLIENT_ID = 'open-banking-sandbox-self-signed-client';
/** Scope that all clients have registered at WSO2. */
export const SCOPE = 'openid accounts';
/**
 * Secret of the clients that have one. No secret: each bank has the same, and it lives on this computer alone. `client_secret_basic` encodes
 * some of its characters.
 */
export const CLIENT_SECRET = 's3cret/+ %&=:~ of the sandbox bank only';

/** A third party: its registration at the bank, and its private key. */
export interface RegisteredClient {
  clientId: string;
  /** Name that the customer sees. */
  name: string;
  authentication: AuthenticationMethod;
  identity: Identity;
  /** Its next certificate and key. */
  next?: Identity;
  /** The key for which its ID tokens are encrypted: PKCS#8, PEM. */
  encryptionKey?: string;
}

/** The third parties that the bank has registered: those whose method of authentication its regime has. */
export function registeredClients(
  certificates: Certificates,
  { authenticationMethods }: Regime,
): RegisteredClient[] {
  const { client, nextClient: next, clientEncryptionKey: encryptionKey } = certificates;
  const ledgerSync = { identity: client, next, encryptionKey };
  const clients: RegisteredClient[] = [
    {
      clientId: CLIENT_ID,
      name: 'Ledger Sync',
      authentication: 'private_key_jwt',
      ...ledgerSync,
    },
    {
      clientId: TLS_CLIENT_ID,
      name: 'Ledger Sync (TLS)',
      authentication: 'tls_client_auth',
      ...ledgerSync,
    },
    {
      clientId: OTHER_CLIENT_ID,
      name: 'Other Third Party',
      authentication: 'private_key_jwt',
      identity: certificates.otherClient,
      encryptionKey,
    },
    {
      clientId: SECRET_BASIC_CLIENT_ID,
      name: 'Ledger Sync (Secret)',
      authentication: 'client_secret_basic',
      ...ledgerSync,
    },
    {
      clientId: SECRET_POST_CLIENT_ID,
      name: 'Ledger Sync (Secret in the Form)',
      authentication: 'client_secret_post',
      ...ledgerSync,
    },
    {
      clientId: SELF_SIGNED_CLIENT_ID,
      name: 'Self Signed',
      authentication: 'self_signed_tls_client_auth',
      identity: certificates.selfSignedClient,
      encryptionKey,
    },
  ];
  return clients.filter(({ authentication }) => authenticationMethods.includes(authentication));
}

/** Key ID of a client: WSO2 expects the SHA-1 thumbprint of the certificate. */
export function keyIdOf(identity: Identity): string {
  return sha1ThumbprintOf(identity.leaf);
}

/** The two signing keys of a client. */
export const CLIENT_KEYS = ['current', 'next'] as const;

export type ClientKey = (typeof CLIENT_KEYS)[number];

/** The registrations of clients at the authorization server. */
export class Registrations {
  private keys: readonly ClientKey[] = CLIENT_KEYS;

  constructor(
    private readonly clients: readonly RegisteredClient[],
    private readonly redirectUri: string,
    private readonly regime: Regime,
  ) {}

  /** Changes the signing keys that the bank knows of each client that has two. */
  registerKeys(keys: readonly ClientKey[]): void {
    this.keys = keys;
  }

  /** The registration of a client (RFC 7591, FAPI 1.0 Advanced, RFC 8705); `undefined` if there is none. */
  async find(clientId: string): Promise<ClientMetadata | undefined> {
    const client = this.clients.find((registered) => registered.clientId === clientId);
    if (!client) return undefined;
    const { responseTypes, requiresSignedRequests, requiresPar, encryptsIdTokens, scope } =
      this.regime;
    return {
      client_id: client.clientId,
      client_name: client.name,
      grant_types: [
        ...['authorization_code', 'refresh_token', 'client_credentials'],
        // oidc-provider demands the implicit grant if an ID token comes in the redirect.
        ...(responseTypes.includes('code id_token') ? ['implicit'] : []),
      ],
      response_types: [...responseTypes],
      redirect_uris: [this.redirectUri],
      scope,
      jwks: { keys: await this.publicKeys(client) },
      token_endpoint_auth_method: client.authentication,
      ...ofAuthentication(client),
      tls_client_certificate_bound_access_tokens: true,
      require_signed_request_object: requiresSignedRequests,
      require_pushed_authorization_requests: requiresPar,
      request_object_signing_alg: 'PS256',
      id_token_signed_response_alg: 'PS256',
      ...(encryptsIdTokens && {
        id_token_encrypted_response_alg: 'RSA-OAEP',
        id_token_encrypted_response_enc: 'A256GCM',
      }),
      ...(this.regime.offersJarm && { authorization_signed_response_alg: 'PS256' }),
    };
  }

  private async publicKeys({ identity, next, encryptionKey }: RegisteredClient): Promise<JWK[]> {
    const identities: Record<ClientKey, Identity | undefined> = {
      current: next && !this.keys.includes('current') ? undefined : identity,
      next: this.keys.includes('next') ? next : undefined,
    };
    const known = CLIENT_KEYS.flatMap((key) => identities[key] ?? []);
    const signing = await Promise.all(known.map(signingKeys));
    return [...signing.flat(), ...(encryptionKey ? [await encryptionJwk(encryptionKey)] : [])];
  }
}

function ofAuthentication({ authentication, identity }: RegisteredClient): Partial<ClientMetadata> {
  switch (authentication) {
    case 'private_key_jwt':
      return { token_endpoint_auth_signing_alg: 'PS256' };
    case 'tls_client_auth':
      return { tls_client_auth_subject_dn: subjectOf(identity.leaf) };
    case 'client_secret_basic':
    case 'client_secret_post':
      return { client_secret: CLIENT_SECRET };
    default:
      return {};
  }
}

/** The same public key with each key ID that banks accept, so that a client may use any of the key IDs. */
async function signingKeys(identity: Identity): Promise<JWK[]> {
  const key = createPublicKey(identity.key).export({ format: 'jwk' }) as JWK;
  const spki = createPublicKey(identity.key).export({ type: 'spki', format: 'der' });
  const keyIds = [
    sha1ThumbprintOf(identity.leaf),
    thumbprintOf(identity.leaf),
    await calculateJwkThumbprint(key),
    // Keycloak computes this one of a certificate that was imported.
    createHash('sha256').update(spki).digest('base64url'),
  ];
  const x5c = [identity.leaf.raw.toString('base64')];
  return keyIds.map((kid) => ({ ...key, kid, alg: 'PS256', use: 'sig', x5c }));
}

async function encryptionJwk(privateKey: string): Promise<JWK> {
  const key = createPublicKey(privateKey).export({ format: 'jwk' }) as JWK;
  return { ...key, kid: await calculateJwkThumbprint(key), alg: 'RSA-OAEP', use: 'enc' };
}
