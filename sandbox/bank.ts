import { resolve } from 'node:path';
import { AccountApi } from './accountApi';
import { ACCOUNTS } from './accounts';
import { createCertificates, writeCertificates } from './certificates';
import { CLIENT_ID, OTHER_CLIENT_ID, registeredClients, SCOPE, TLS_CLIENT_ID } from './clients';
import { Consents } from './consents';
import { Calendar } from './calendar';
import { createGateway } from './gateway';
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
import { createTokenEndpoints } from './tokenEndpoints';
import { VERSIONS } from './versions';

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
  const issuer = identityUrl + PATHS.token;
  // Not localhost, because OpenID Connect clients of type `web` must not register it.
  const redirectUri = `https://127.0.0.1:${identity.port}${REDIRECT_PATH}`;

  const certificates = await createCertificates();
  const clients = registeredClients(certificates);
  const calendar = new Calendar();
  const misbehaviours = new Misbehaviours(() => calendar.today());
  const consents = new Consents(() => misbehaviours.givesNewAccountIds);
  for (const { name, account } of options.misbehave) misbehaviours.start(name, { account });
  const journal = new Journal();
  const lifetimes = { accessToken: options.accessTokenLifetime };
  const provider = await createProvider({
    identityUrl,
    clients,
    redirectUri,
    redirectUris: options.redirectUris,
    lifetimes,
    rotation: options.rotation,
  });
  const tokenEndpoints = createTokenEndpoints(provider, clients, identityUrl, journal);
  const refusals = new Refusals(options.refuseEvery);
  const helpers = new Helpers({
    clients,
    bank: { identityUrl, gatewayUrl, issuer, redirectUri, authority: certificates.authority },
    journal,
    connections: () => ({ identity: identity.connections(), gateway: gateway.connections() }),
    lifetimes,
    consents,
    calendar,
    refusals,
    misbehaviours,
  });
  identity.serve(
    certificates,
    createIdentityServer({
      provider,
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
  const data = { consents, ledgers, misbehaviours, pageSizes };
  const apis = VERSIONS.map((version) => new AccountApi(version, gatewayUrl + version.path, data));
  gateway.serve(
    certificates,
    createGateway({ provider, journal, tokenEndpoints, apis, consents, refusals, isOwn }),
  );

  const directory = resolve(options.directory);
  return {
    ready: {
      type: 'ready',
      identityUrl,
      gatewayUrl,
      issuer,
      clientId: CLIENT_ID,
      tlsClientId: TLS_CLIENT_ID,
      otherClientId: OTHER_CLIENT_ID,
      redirectUri,
      scope: SCOPE,
      directory,
      files: await writeCertificates(certificates, directory),
    },
    stop: () => {
      identity.close();
      gateway.close();
    },
  };
}
