import { resolve } from 'node:path';
import { AccountApi } from './accountApi';
import { ACCOUNTS } from './accounts';
import { createCertificates, writeCertificates } from './certificates';
import {
  CLIENT_ID,
  CLIENT_SECRET,
  OTHER_CLIENT_ID,
  registeredClients,
  Registrations,
  SECRET_BASIC_CLIENT_ID,
  SECRET_POST_CLIENT_ID,
  SELF_SIGNED_CLIENT_ID,
  TLS_CLIENT_ID,
} from './clients';
import { Consents } from './consents';
import { Calendar } from './calendar';
import { createGateway, type FurtherApi } from './gateway';
import { Helpers, REDIRECT_PATH } from './helpers';
import { isOwn } from './httpsClient';
import { createIdentityServer } from './identityServer';
import { Journal } from './journal';
import { Ledgers } from './ledgers';
import { listen } from './listener';
import { Misbehaviours } from './misbehaviours';
import type { SandboxOptions } from './options';
import { PageSizes } from './paging';
import { createProvider, PATHS } from './provider';
import type { SandboxReady } from './ready';
import { Refusals } from './refusals';
import { BRAZIL_PATH, BrazilApi } from './regimes/brazilApi';
import { CDR_PATH, CdrApi } from './regimes/cdrApi';
import { RegimeTokenRules } from './regimes/tokenRules';
import type { RegimeName } from './regimes/regime';
import { REGIMES } from './regimes/regimes';
import { SignedConsents } from './regimes/signedConsents';
import { createSigningKey } from './signingKey';
import { createTokenEndpoints } from './tokenEndpoints';
import { V3, VERSIONS } from './versions';
import { Wso2TokenRules } from './wso2TokenRules';

/** A running bank, with both of its ports open. */
export interface Bank {
  ready: SandboxReady;
  stop(): void;
}

/** Opens the ports, makes certificates, and serves the authorization server and the API at the ports. */
export async function startBank(options: SandboxOptions): Promise<Bank> {
  // The ports come first: all addresses contain them, and a port that is in use is reported at once.
  const identity = await listen({
    name: 'identity server',
    port: options.identityPort,
    option: '--identity-port',
    certificateRequired: false,
    delay: options.delay,
  });
  const gateway = await listen({
    name: 'API gateway',
    port: options.gatewayPort,
    option: '--gateway-port',
    certificateRequired: true,
    delay: options.delay,
  });
  const host = `localhost:${identity.port}`;
  const identityUrl = `https://${host}`;
  const gatewayUrl = `https://localhost:${gateway.port}`;
  const regime = REGIMES[options.regime];
  const issuer = identityUrl + regime.issuerPath;
  // Not localhost, because OpenID Connect clients of type `web` must not register it.
  const redirectUri = `https://127.0.0.1:${identity.port}${REDIRECT_PATH}`;

  const certificates = await createCertificates();
  const clients = registeredClients(certificates, regime);
  const registrations = new Registrations(clients, redirectUri, regime);
  const signingKey = await createSigningKey();
  const calendar = new Calendar();
  const misbehaviours = new Misbehaviours(() => calendar.today());
  const consents = new Consents(() => misbehaviours.givesNewAccountIds);
  for (const { name, account } of options.misbehave) misbehaviours.start(name, { account });
  const journal = new Journal();
  const lifetimes = { accessToken: options.accessTokenLifetime };
  const provider = await createProvider({
    identityUrl,
    regime,
    registrations,
    signingKey,
    redirectUris: options.redirectUris,
    lifetimes,
    rotation: options.rotation,
  });
  const ruled = { issuer, tokenEndpoint: identityUrl + PATHS.token };
  const rules =
    regime.name === 'wso2'
      ? new Wso2TokenRules(clients, identityUrl)
      : new RegimeTokenRules(regime, ruled, identityUrl, provider, consents);
  const tokenEndpoints = createTokenEndpoints(provider, rules, journal);
  const refusals = new Refusals(options.refuseEvery);
  const helpers = new Helpers({
    regime: options.regime,
    clients,
    bank: { identityUrl, gatewayUrl, issuer, redirectUri, authority: certificates.authority },
    journal,
    connections: () => ({ identity: identity.connections(), gateway: gateway.connections() }),
    lifetimes,
    consents,
    calendar,
    refusals,
    misbehaviours,
    registrations,
  });
  identity.serve(
    certificates,
    createIdentityServer({
      provider,
      regime,
      bank: ruled,
      consents,
      journal,
      tokenEndpoints,
      host,
      isOwn,
      helpers: (request, response) => helpers.answer(request, response),
    }),
  );
  const { transactions, pageSize } = options;
  const counts = transactions ? { [ACCOUNTS[0]!.id]: transactions } : {};
  const ledgers = new Ledgers(calendar, misbehaviours, counts);
  ledgers.prepare(ACCOUNTS[0]!);
  const pageSizes = new PageSizes(pageSize.least, pageSize.most);
  const endsConsentsByPatch = regime.signsConsents;
  const data = { consents, ledgers, misbehaviours, pageSizes, endsConsentsByPatch };
  const apis = VERSIONS.map((version) => new AccountApi(version, gatewayUrl + version.path, data));
  gateway.serve(
    certificates,
    createGateway({
      ...{ provider, journal, tokenEndpoints, apis, consents, refusals, isOwn },
      furtherApi: furtherApi(options.regime, consents, gatewayUrl),
      signedConsents: regime.signsConsents
        ? new SignedConsents(issuer, registrations, signingKey)
        : undefined,
    }),
  );

  const directory = resolve(options.directory);
  return {
    ready: {
      type: 'ready',
      identityUrl,
      gatewayUrl,
      regime: options.regime,
      issuer,
      accountApiUrl: gatewayUrl + (API_PATHS[options.regime] ?? V3.path),
      clientId: CLIENT_ID,
      tlsClientId: TLS_CLIENT_ID,
      otherClientId: OTHER_CLIENT_ID,
      secretBasicClientId: SECRET_BASIC_CLIENT_ID,
      secretPostClientId: SECRET_POST_CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      selfSignedClientId: SELF_SIGNED_CLIENT_ID,
      redirectUri,
      scope: regime.scope,
      directory,
      files: await writeCertificates(certificates, directory),
    },
    stop: () => {
      identity.close();
      gateway.close();
    },
  };
}

/** Paths of the account APIs of regimes that have another one than UK Open Banking's. */
const API_PATHS: Partial<Record<RegimeName, string>> = { brazil: BRAZIL_PATH, australia: CDR_PATH };

function furtherApi(
  regime: RegimeName,
  consents: Consents,
  gatewayUrl: string,
): FurtherApi | undefined {
  switch (regime) {
    case 'brazil':
      return new BrazilApi(consents, gatewayUrl);
    case 'australia':
      return new CdrApi(consents, gatewayUrl);
    default:
      return undefined;
  }
}
