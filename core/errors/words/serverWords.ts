import { auth0Words, authleteWords, ibmWords, oktaWords, pingWords } from './cloudServers';
import type { ServerWords } from './entry';
import { forgeRockWords } from './forgeRock';
import { identityServerWords } from './identityServer';
import { keycloakWords } from './keycloak';
import { otherWords } from './otherServers';
import { wso2Words } from './wso2';

/** The words of each server that is known, word for word. */
export const wordsByServer = {
  WSO2: wso2Words,
  Keycloak: keycloakWords,
  'Duende IdentityServer': identityServerWords,
  ForgeRock: forgeRockWords,
  Auth0: auth0Words,
  Okta: oktaWords,
  PingFederate: pingWords,
  'IBM Security Verify Access': ibmWords,
  Authlete: authleteWords,
  'other servers': otherWords,
} satisfies Record<string, readonly ServerWords[]>;

/** The words of all servers. The first row that fits is used. */
export const serverWords: readonly ServerWords[] = Object.values(wordsByServer).flat();
