import { randomBytes } from 'node:crypto';
import type { JWK } from 'jose';
import type {
  AdapterPayload,
  Configuration,
  errors,
  KoaContextWithOIDC,
  default as Provider,
} from 'oidc-provider';
import { subjectOf, thumbprintOf } from './certificates';
import type { Registrations } from './clients';
import { connectionOf } from './listener';
import { renderRefusal } from './pages';
import type { Regime, RequestedClaims } from './regimes/regime';
import { scopesOf } from './regimes/requests';
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
  regime: Regime;
  registrations: Registrations;
  /** The bank's private key, for ID tokens and response JWTs. */
  signingKey: JWK;
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

/** The authorization server of a regime, with WSO2's paths. At WSO2 it also has WSO2's issuer and lifetimes. */
export async function createProvider(options: ProviderOptions): Promise<Provider> {
  const { identityUrl, regime, registrations } = options;
  const { default: ProviderClass, errors } = await importQuietly();
  const issuer = identityUrl + regime.issuerPath;
  const provider = new ProviderClass(issuer, {
    ...configuration(options),
    adapter: storageFor(() => ProviderClass.ctx, errors.InvalidGrant, registrations),
  });
  // The rules of the regimes have checked the audience before, more strictly.
  const audiences = [issuer, identityUrl + PATHS.token, identityUrl + PATHS.par];
  if (regime.name !== 'wso2') {
    audiences.push(identityUrl + PATHS.revoke, identityUrl + PATHS.introspect);
  }
  provider.OIDCContext.prototype.clientJwtAuthExpectedAudience = () => new Set(audiences);
  acceptFurther(options.redirectUris, provider);
  acceptConsentScopes(regime, provider);
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

/** Keeps the scope that names a consent in a request. oidc-provider drops all scopes that it was not configured with. */
function acceptConsentScopes({ scope, consentNaming }: Regime, { OIDCContext }: Provider): void {
  const known = scope.split(' ');
  const { scopePrefix } = consentNaming;
  Object.defineProperty(OIDCContext.prototype, 'requestParamOIDCScopes', {
    get(this: KoaContextWithOIDC['oidc']) {
      const isKept = (name: string): boolean =>
        known.includes(name) || (scopePrefix !== undefined && name.startsWith(scopePrefix));
      return new Set(scopesOf(this.params ?? {}).filter(isKept));
    },
  });
}

function configuration({
  regime,
  lifetimes,
  rotation,
  signingKey,
}: ProviderOptions): Configuration {
  const { acr, longest, requiresPar, requiresSignedRequests, encryptsIdTokens } = regime;
  return {
    jwks: { keys: [signingKey] },
    routes: {
      authorization: PATHS.authorize,
      token: PATHS.token,
      pushed_authorization_request: PATHS.par,
      revocation: PATHS.revoke,
      introspection: PATHS.introspect,
      jwks: PATHS.jwks,
      userinfo: PATHS.userinfo,
    },
    scopes: regime.scope.split(' '),
    claims: { openid: ['sub', 'openbanking_intent_id'], acr: null, auth_time: null },
    acrValues: [acr.given, ...acr.known],
    responseTypes: [...regime.responseTypes],
    clientAuthMethods: [...regime.authenticationMethods],
    enabledJWA: {
      clientAuthSigningAlgValues: ['PS256'],
      idTokenSigningAlgValues: ['PS256'],
      requestObjectSigningAlgValues: ['PS256'],
      authorizationSigningAlgValues: ['PS256'],
      idTokenEncryptionAlgValues: ['RSA-OAEP'],
      idTokenEncryptionEncValues: ['A256GCM'],
    },
    clockTolerance: 5,
    allowOmittingSingleRegisteredRedirectUri: false,
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    features: {
      fapi: { enabled: true, profile: regime.fapi },
      encryption: { enabled: encryptsIdTokens },
      mTLS: {
        enabled: true,
        certificateBoundAccessTokens: true,
        tlsClientAuth: true,
        selfSignedTlsClientAuth: true,
        getCertificate: (ctx) => connectionOf(ctx.req).certificate,
        certificateAuthorized: (ctx) => connectionOf(ctx.req).trusted,
        certificateSubjectMatches: (ctx, _property, expected) => {
          const { certificate } = connectionOf(ctx.req);
          return certificate !== undefined && subjectOf(certificate) === expected;
        },
      },
      clientCredentials: { enabled: true },
      claimsParameter: { enabled: true },
      requestObjects: { enabled: true, requireSignedRequestObject: requiresSignedRequests },
      pushedAuthorizationRequests: {
        enabled: true,
        requirePushedAuthorizationRequests: requiresPar,
      },
      jwtResponseModes: { enabled: regime.offersJarm },
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
    issueRefreshToken: (_ctx, _client, source) =>
      (regime.sharingDuration?.(requested(source)) ?? DAY) > 0,
    rotateRefreshToken: rotation && regime.rotates,
    expiresWithSession: () => false,
    // WSO2 ends both tokens of a pair if one of them is revoked.
    revokeGrantPolicy: () => true,
    clientBasedCORS: () => false,
    renderError: (ctx, out) => {
      ctx.type = 'html';
      ctx.body = renderRefusal(String(out.error), String(out.error_description ?? ''));
    },
    ttl: {
      AccessToken: () => Math.min(lifetimes.accessToken, longest.accessToken),
      ClientCredentials: () => Math.min(lifetimes.accessToken, longest.accessToken),
      AuthorizationCode: longest.code,
      IdToken: HOUR,
      RefreshToken: (_ctx, token) => regime.sharingDuration?.(requested(token)) ?? DAY,
      Grant: 90 * DAY,
      Interaction: HOUR,
      Session: HOUR,
    },
  };
}

/** The parameter `claims` of the request behind a code or a refresh token. */
function requested(source: object): RequestedClaims {
  return (source as { claims?: RequestedClaims }).claims ?? {};
}

/**
 * Storage with three additions. First, it binds refresh tokens to the certificate of their request, as WSO2
 * does. (RFC 8705 section 7.1 does not demand that of clients that authenticate.) Second, if several
 * requests use a code or a refresh token at the same moment, it accepts one and ends the grant.
 * oidc-provider does so only if the requests come one after the other. Third, clients are read from their registrations, which may change.
 */
function storageFor(
  context: () => KoaContextWithOIDC | undefined,
  InvalidGrant: typeof errors.InvalidGrant,
  registrations: Registrations,
) {
  return class extends Storage {
    constructor(private readonly model: string) {
      super(model);
    }

    override find(id: string): Promise<AdapterPayload | undefined> {
      return this.model === 'Client' ? registrations.find(id) : super.find(id);
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
