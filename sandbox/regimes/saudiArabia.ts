import { CERTIFICATE_EVERYWHERE } from './brazil';
import { FAPI1 } from './fapi1';
import { FAPI2 } from './fapi2';
import type { ConsentNaming, Regime } from './regime';

/** Longest life of a request object, and the age of the oldest `nbf`, in seconds. */
const TEN_MINUTES = 600;

/**
 * The scope `accounts:` with the consent ID, which the OpenID conformance suite wants (`FAPIKSAValidateConsentScope`). The claim
 * `openbanking_intent_id` of UK Open Banking, on which the standard is built, is good, too.
 */
const NAMED: ConsentNaming = { byClaim: true, scopePrefix: 'accounts:', mayNameNone: false };

/**
 * Saudi Arabia on FAPI 1.0 Advanced: versions of the KSA Open Banking Standard before 2024.09.01, as the OpenID conformance suite checks them
 * (`openbanking_ksa` of `AbstractFAPI1AdvancedFinalClientTest`): pushed requests, no JARM, mutual TLS at all endpoints.
 */
export const SAUDI_ARABIA: Regime = {
  ...FAPI1,
  name: 'saudiArabia',
  responseTypes: ['code id_token'],
  offersJarm: false,
  requiresPar: true,
  authenticationMethods: ['private_key_jwt', 'tls_client_auth'],
  consentNaming: NAMED,
  clientRules: [CERTIFICATE_EVERYWHERE, ...FAPI1.clientRules],
  addressRules: [
    {
      source: 'KSA Open Banking (pushed requests)',
      demand: 'authorization requests are pushed first',
      isBroken: ({ query }) => query.request_uri === undefined,
    },
  ],
  requestRules: [
    {
      source: 'KSA Open Banking (no JARM)',
      demand: 'response_type is "code id_token"',
      error: 'unsupported_response_type',
      isBroken: ({ parameters }) => parameters.response_type !== 'code id_token',
    },
    ...FAPI1.requestRules,
  ],
};

/**
 * Saudi Arabia on FAPI 2.0: KSA Open Banking Standard 2024.09.01, API Security. The OpenID conformance suite has its profile
 * (`KsaClientProfileBehavior`): mutual TLS at all endpoints, and consents that a signed request creates.
 */
export const SAUDI_ARABIA_FAPI2: Regime = {
  ...FAPI2,
  name: 'saudiArabiaFapi2',
  offersJarm: false,
  requiresSignedRequests: true,
  authenticationMethods: ['private_key_jwt', 'tls_client_auth'],
  consentNaming: NAMED,
  longest: { accessToken: 600, code: 60 },
  signsConsents: true,
  clientRules: [CERTIFICATE_EVERYWHERE, ...FAPI2.clientRules],
  requestRules: [
    {
      source: 'KSA API Security (signed requests)',
      demand: 'authorization requests are in a signed request object',
      isBroken: ({ object }) => object === undefined || object.algorithm === 'none',
    },
    {
      source: 'KSA API Security (response mode)',
      demand: 'the response comes in the query: there is no other response_mode',
      isBroken: ({ parameters }) => (parameters.response_mode ?? 'query') !== 'query',
    },
    ...FAPI2.requestRules,
    {
      source: 'KSA API Security (ten minutes)',
      demand:
        'request objects have nbf, at most ten minutes ago, and exp, at most ten minutes after nbf',
      isBroken: ({ object, now }) => {
        const { nbf = 0, exp = Infinity } = object?.claims ?? {};
        return !(nbf >= now - TEN_MINUTES && exp - nbf <= TEN_MINUTES);
      },
    },
  ],
};
