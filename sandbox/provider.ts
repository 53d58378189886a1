import { randomBytes, webcrypto } from 'node:crypto';
import { exportJWK } from 'jose';
import type {
  AdapterPayload,
  Configuration,
  errors,
  KoaContextWithOIDC,
  default as Provider,
} from 'oidc-provider';
import { subjectOf, thumbprintOf } from './certificates';
import { clientMetadata, type RegisteredClient } from './clients';
import { connectionOf } from './listener';
import { renderRefusal } from './pages';
import { AlreadyConsumedError, Storage } from './storage';

/** Authentication context of the customer's log-in, in UK Open Banking's words. */
export const STRONG_AUTHENTICATION = 'urn:openbanking:psd2:sca';

/** Paths of the authorization server, as in WSO2. */
export const PATHS = {
  authorize: '/oauth2/authorize',
  token: '/oauth2/token',
  par: '/oauth2/par',
  revoke: '/oauth2/revoke',
  introspect: '/oauth2/introspect',
  jwks: '/oauth2/jwks',
  userinfo: '/oauth2/userinfo',
} as const;

export interface ProviderOptions {
  /** Origin of the identity server. */
  identityUrl: string;
  clients: RegisteredClient[];
  redirectUri: string;
  /** Additional redirect URIs, which may be addresses of this computer. */
  redirectUris: string[];
  /** May be changed at any time. The change applies to new tokens. */
  lifetimes: Lifetimes;
  rotation: boolean;
}

/** Lifetimes in seconds. */
export interface Lifetimes {
  accessToken: number;
}

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** The authorization server, FAPI 1.0 Advanced, with WSO2's paths, issuer and lifetimes. */
export async function createProvider(options: ProviderOptions): Promise<Provider> {
  const { default: ProviderClass, errors } = await importQuietly();
  const issuer = options.identityUrl + PATHS.token;
  const provider = new ProviderClass(issuer, {
    ...(await configuration(options)),
    adapter: storageFor(() => ProviderClass.ctx, errors.InvalidGrant),
  });
  provider.OIDCContext.prototype.clientJwtAuthExpectedAudience = function () {
    return new Set([issuer, options.identityUrl + PATHS.par]);
  };
  acceptFurther(options.redirectUris, provider);
  provider.on('server_error', (_context, error) => console.error(error));
  return provider;
}

/**
 * Adds redirect URIs after registration. The registration accepts neither http nor localhost for clients that get ID tokens in the
 * redirect.
 */
function acceptFurther(redirectUris: string[], { Client }: Provider): void {
  const registered = Object.getOwnPropertyDescriptor(Client.prototype, 'redirectUriAllowed')!
    .value as (redirectUri: string) => boolean;
  Client.prototype.redirectUriAllowed = function (redirectUri) {
    return redirectUris.includes(redirectUri) || registered.call(this, redirectUri);
  };
}

async function configuration(options: ProviderOptions): Promise<Configuration> {
  const { clients, redirectUri, lifetimes, rotation } = options;
  return {
    clients: await Promise.all(clients.map((client) => clientMetadata(client, redirectUri))),
    jwks: { keys: [await createSigningKey()] },
    routes: {
      authorization: PATHS.authorize,
      token: PATHS.token,
      pushed_authorization_request: PATHS.par,
      revocation: PATHS.revoke,
      introspection: PATHS.introspect,
      jwks: PATHS.jwks,
      userinfo: PATHS.userinfo,
    },
    scopes: ['openid', 'accounts'],
    claims: { openid: ['sub', 'openbanking_intent_id'], acr: null, auth_time: null },
    acrValues: [STRONG_AUTHENTICATION, 'urn:openbanking:psd2:ca'],
    responseTypes: ['code id_token', 'code'],
    clientAuthMethods: ['private_key_jwt', 'tls_client_auth'],
    enabledJWA: {
      clientAuthSigningAlgValues: ['PS256'],
      idTokenSigningAlgValues: ['PS256'],
      requestObjectSigningAlgValues: ['PS256'],
      authorizationSigningAlgValues: ['PS256'],
    },
    clockTolerance: 5,
    allowOmittingSingleRegisteredRedirectUri: false,
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    features: {
      fapi: { enabled: true, profile: '1.0 Final' },
      mTLS: {
        enabled: true,
        certificateBoundAccessTokens: true,
        tlsClientAuth: true,
        getCertificate: (ctx) => connectionOf(ctx.req).certificate,
        certificateAuthorized: (ctx) => connectionOf(ctx.req).trusted,
        certificateSubjectMatches: (ctx, _property, expected) => {
          const { certificate } = connectionOf(ctx.req);
          return certificate !== undefined && subjectOf(certificate) === expected;
        },
      },
      clientCredentials: { enabled: true },
      claimsParameter: { enabled: true },
      requestObjects: { enabled: true, requireSignedRequestObject: true },
      pushedAuthorizationRequests: { enabled: true },
      jwtResponseModes: { enabled: true },
      revocation: {
        enabled: true,
        allowedPolicy: (_ctx, client, token) => client.clientId === token.clientId,
      },
      introspection: {
        enabled: true,
        allowedPolicy: (_ctx, client, token) => client.clientId === token.clientId,
      },
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      resourceIndicators: { enabled: false },
      rpInitiatedLogout: { enabled: false },
    },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_ctx, accountId) => ({
      accountId,
      claims: (_use, _scope, claims) => ({
        sub: accountId,
        openbanking_intent_id: (
          claims as { openbanking_intent_id?: { value?: string } } | undefined
        )?.openbanking_intent_id?.value,
      }),
    }),
    // Each consent has a grant of its own, so that an earlier approval is not used for a new request.
    loadExistingGrant: (ctx) => {
      const grantId = ctx.oidc.result?.consent?.grantId;
      return grantId ? ctx.oidc.provider.Grant.find(grantId) : Promise.resolve(undefined);
    },
    issueRefreshToken: () => true,
    rotateRefreshToken: rotation,
    expiresWithSession: () => false,
    // WSO2 ends both tokens of a pair if one of them is revoked.
    revokeGrantPolicy: () => true,
    clientBasedCORS: () => false,
    renderError: (ctx, out) => {
      ctx.type = 'html';
      ctx.body = renderRefusal(String(out.error), String(out.error_description ?? ''));
    },
    ttl: {
      AccessToken: () => lifetimes.accessToken,
      ClientCredentials: () => lifetimes.accessToken,
      AuthorizationCode: 300,
      IdToken: HOUR,
      RefreshToken: DAY,
      Grant: 90 * DAY,
      Interaction: HOUR,
      Session: HOUR,
    },
  };
}

/**
 * Storage with two additions. First, it binds refresh tokens to the certificate of their request, as WSO2
 * does. (RFC 8705 section 7.1 does not demand that of clients that authenticate.) Second, if several
 * requests use a code or a refresh token at the same moment, it accepts one and ends the grant.
 * oidc-provider does so only if the requests come one after the other.
 */
function storageFor(
  context: () => KoaContextWithOIDC | undefined,
  InvalidGrant: typeof errors.InvalidGrant,
) {
  return class extends Storage {
    constructor(private readonly model: string) {
      super(model);
    }

    override async upsert(id: string, payload: AdapterPayload, expiresIn: number): Promise<void> {
      const request = context()?.req;
      const certificate = request && connectionOf(request).certificate;
      const bound =
        this.model === 'RefreshToken' && certificate && !payload['x5t#S256']
          ? { ...payload, 'x5t#S256': thumbprintOf(certificate) }
          : payload;
      return super.upsert(id, bound, expiresIn);
    }

    override async consume(id: string): Promise<void> {
      try {
        await super.consume(id);
      } catch (error) {
        if (!(error instanceof AlreadyConsumedError)) throw error;
        const grant = await context()?.oidc.provider.Grant.find(error.payload?.grantId ?? '');
        await grant?.destroy();
        throw new InvalidGrant(
          this.model === 'RefreshToken'
            ? 'refresh token already used'
            : 'authorization code already consumed',
        );
      }
    }
  };
}

async function createSigningKey() {
  const { privateKey } = await webcrypto.subtle.generateKey(
    {
      name: 'RSA-PSS',
      hash: 'SHA-256',
      publicExponent: new Uint8Array([1, 0, 1]),
      modulusLength: 2048,
    },
    true,
    ['sign', 'verify'],
  );
  return { ...(await exportJWK(privateKey)), alg: 'PS256', use: 'sig', kid: 'sandbox-bank' };
}

/** Loads oidc-provider without its warning about Node.js 20. It does run on that version. */
async function importQuietly(): Promise<typeof import('oidc-provider')> {
  const { warn } = console;
  console.warn = () => undefined;
  try {
    return await import('oidc-provider');
  } finally {
    console.warn = warn;
  }
}
