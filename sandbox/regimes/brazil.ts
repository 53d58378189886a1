import { FAPI1 } from './fapi1';
import type { Regime, Rule, ClientRequest } from './regime';

/**
 * "A TLS client certificate must be presented to all endpoints in all cases" (OpenID conformance suite, about Brazil and Saudi Arabia);
 * the profile itself says so by `tls_client_certificate_bound_access_tokens` and its directory's certificates.
 */
export const CERTIFICATE_EVERYWHERE: Rule<ClientRequest> = {
  source: 'Mutual TLS at all endpoints',
  demand: 'each request of a client comes with a client certificate that this bank trusts',
  error: 'invalid_client',
  isBroken: ({ connection }) => !connection.trusted,
};

/**
 * Open Finance Brasil Financial-grade API Security Profile 1.0, Implementers Draft 3
 * (https://openbanking-brasil.github.io/specs-seguranca/open-banking-brasil-financial-api-1_ID3.html), with data-sharing consents.
 */
export const BRAZIL: Regime = {
  ...FAPI1,
  name: 'brazil',
  responseTypes: ['code id_token'], // 5.2.2-15; this bank has no JARM, which is optional (5.2.2-16)
  offersJarm: false,
  requiresPar: true, // 5.2.2-1
  authenticationMethods: ['private_key_jwt', 'tls_client_auth'],
  acr: { given: 'urn:brasil:openbanking:loa2', known: ['urn:brasil:openbanking:loa3'] }, // 5.2.2-6, 7
  scope: 'openid accounts consents resources',
  consentScope: 'consents',
  consentNaming: { byClaim: false, scopePrefix: 'consent:', mayNameNone: false }, // 7.1.2
  encryptsIdTokens: true, // 6.1.2 for the algorithms
  rotates: false, // 5.2.3-9
  longest: { accessToken: 900, code: 60 }, // 5.2.2-13
  refreshesWithConsent: true, // 7.2.2-1
  clientRules: [CERTIFICATE_EVERYWHERE, ...FAPI1.clientRules],
  addressRules: [
    {
      source: 'Open Finance Brasil 5.2.2-1',
      demand: 'authorization requests are pushed first',
      isBroken: ({ query }) => query.request_uri === undefined,
    },
  ],
  requestRules: [
    {
      source: 'Open Finance Brasil 6.1.1',
      demand: 'request objects are signed with PS256',
      isBroken: ({ object }) => object !== undefined && object.algorithm !== 'PS256',
    },
    {
      source: 'Open Finance Brasil 5.2.2-15',
      demand: 'response_type is "code id_token"',
      error: 'unsupported_response_type',
      isBroken: ({ parameters }) => parameters.response_type !== 'code id_token',
    },
    ...FAPI1.requestRules,
    {
      source: 'Open Finance Brasil 5.2.3-7',
      demand: 'the claim acr of id_token is essential',
      isBroken: ({ claims }) => claims.id_token?.acr?.essential !== true,
    },
    {
      source: 'Open Finance Brasil 5.2.3-6',
      demand: 'the claim acr has no required values',
      isBroken: ({ claims }) =>
        claims.id_token?.acr?.values !== undefined || claims.id_token?.acr?.value !== undefined,
    },
    {
      source: 'Open Finance Brasil 5.2.2-21',
      demand: 'there is no id_token_hint',
      isBroken: ({ parameters }) => parameters.id_token_hint !== undefined,
    },
    {
      source: 'Open Finance Brasil 7.1.2',
      demand: 'one scope is "consent:" with the consentId',
      error: 'invalid_scope',
      isBroken: ({ scopes }) =>
        scopes.filter((scope) => /^consent:[\w:.~-]+$/.test(scope)).length !== 1,
    },
  ],
};
