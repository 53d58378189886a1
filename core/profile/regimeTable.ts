import type { Regime, RegimeRules } from './regime';

/**
 * The only place that knows in which points regimes differ. `docs/regimes.md` has the same rows in words.
 *
 * In all of them: PKCE with `S256`; request objects that live ten minutes from `nbf` (FAPI 1 Advanced §5.2.2-13 and 17 allow an hour, Saudi
 * Arabia ten minutes); `x-fapi-interaction-id` in each API request (FAPI 1 Baseline §6.2.2; Brazil's profile §5.2.2-23 refuses a request
 * without it).
 */
export const ruleTable: Readonly<Record<Regime, RegimeRules>> = {
  /**
   * No regime was chosen, and the bank is not WSO2: FAPI 1 Advanced, with the consents of Open Banking UK. Saved credentials have no regime,
   * and go on as they are. `typ` of request objects: RFC 9101 §10.8.
   */
  notChosen: {
    name: 'Automatic',
    fapi: 1,
    delivery: 'requestObject',
    responseType: 'code id_token',
    nameConsentBy: 'claim',
    requestObjectType: 'oauth-authz-req+jwt',
    assertionAudience: 'issuer',
    consentCreation: 'obie',
    accountData: 'obie',
  },

  /**
   * WSO2 Open Banking (documentation of version 3.0, "Account and Transaction API": the request object of its try-out flow has these values).
   * WSO2 leaves `acr` and `auth_time` out of the ID token, and accepts only its token endpoint as the audience.
   */
  wso2: {
    name: 'Automatic',
    fapi: 1,
    delivery: 'requestObject',
    responseType: 'code id_token',
    acr: { values: ['urn:openbanking:psd2:sca', 'urn:openbanking:psd2:ca'], essential: true },
    maxAge: 86_400,
    prompt: 'login',
    omitsLogIn: true,
    nameConsentBy: 'claim',
    requestObjectType: 'JWT',
    assertionAudience: 'tokenEndpoint',
    consentCreation: 'obie',
    accountData: 'obie',
  },

  /**
   * FAPI 1 Advanced (OpenID Foundation, Final, 2021-03-12): a signed request object by value or pushed (§5.2.2-1), `code id_token`, or `code`
   * with JARM (§5.2.2-2). It has no rules for consents. `typ`: RFC 9101 §10.8.
   */
  fapi1: {
    name: 'FAPI 1 Advanced',
    fapi: 1,
    delivery: 'requestObject',
    responseType: 'code id_token',
    nameConsentBy: 'nothing',
    requestObjectType: 'oauth-authz-req+jwt',
    assertionAudience: 'issuer',
    consentCreation: 'none',
    accountData: 'obie',
  },

  /**
   * FAPI 2 Security Profile (OpenID Foundation, Final, 2025-02-22): pushed authorization requests, `code`, PKCE, `iss` in the response
   * (§5.3.2.2), and the issuer as the one audience of assertions (§5.3.3.1). The request is not signed: that is FAPI 2 Message Signing
   * (§5.3), for which a node has "Pushed Request Object" and "Code in a Signed JWT".
   */
  fapi2: {
    name: 'FAPI 2',
    fapi: 2,
    delivery: 'pushed',
    responseType: 'code',
    namesIssuer: true,
    nameConsentBy: 'nothing',
    requestObjectType: 'oauth-authz-req+jwt',
    assertionAudience: 'issuer',
    consentCreation: 'none',
    accountData: 'obie',
  },

  /**
   * Open Banking UK (Security Profile, Implementer's Draft v1.1.2, "Hybrid Flow Request with Intent Id"; since 2018 FAPI takes its place): the
   * request by value, the consent in the claim `openbanking_intent_id`, and the two values of `acr`. The OpenID Foundation's plans for the
   * UK have neither PAR nor JARM.
   */
  uk: {
    name: 'United Kingdom',
    fapi: 1,
    delivery: 'requestObject',
    responseType: 'code id_token',
    acr: { values: ['urn:openbanking:psd2:sca', 'urn:openbanking:psd2:ca'], essential: true },
    nameConsentBy: 'claim',
    requestObjectType: 'oauth-authz-req+jwt',
    assertionAudience: 'issuer',
    consentCreation: 'obie',
    accountData: 'obie',
  },

  /**
   * Open Finance Brasil, Financial-grade API Security Profile 1.0 ID3: PAR (§5.2.3-2, 3; with a signed request object, FAPI 1 Advanced
   * §5.2.2-1), `code id_token` (§5.2.2-15), `acr` essential and without values (§5.2.3-6, 7), the consent as the scope `consent:ID`
   * (§7.1.2). Consents are created with the scope `consents` (guide for data recipients, §4.2).
   */
  brazil: {
    name: 'Brazil',
    fapi: 1,
    delivery: 'pushedRequestObject',
    responseType: 'code id_token',
    acr: { essential: true },
    nameConsentBy: 'scope',
    consentScopePrefix: 'consent:',
    requestObjectType: 'oauth-authz-req+jwt',
    assertionAudience: 'issuer',
    consentCreation: 'brazil',
    applicationScope: 'consents',
    accountData: 'other',
  },

  /**
   * Consumer Data Standards (Australia) 1.36.0: PAR with a signed request object and PKCE (Request Object), `code` with JARM
   * (Authentication Flows), the issuer as audience of assertions (Client Authentication), at least `urn:cds.au:cdr:2` for reading (Levels of
   * Assurance), `sharing_duration` and `cdr_arrangement_id` (Request Object). The request is the consent: nothing is created before.
   * Scopes: Authorisation Scopes.
   */
  australia: {
    name: 'Australia (CDR)',
    fapi: 1,
    delivery: 'pushedRequestObject',
    responseType: 'code',
    responseMode: 'jwt',
    acr: {
      values: ['urn:cds.au:cdr:2', 'urn:cds.au:cdr:3', 'urn:cds.au:cdr:4'],
      essential: true,
    },
    nameConsentBy: 'nothing',
    requestObjectType: 'oauth-authz-req+jwt',
    assertionAudience: 'issuer',
    consentCreation: 'none',
    scope:
      'openid profile bank:accounts.basic:read bank:accounts.detail:read bank:transactions:read',
    // Without it, the bank gives no refresh token.
    claims: { sharing_duration: 90 * 86_400 },
    asksSharingDuration: true,
    accountData: 'other',
  },

  /**
   * KSA Open Banking on FAPI 1 Advanced (the OpenID Foundation's client plan "KSA-OB Adv. RP": PAR alone, no JARM, the consent as the scope
   * `accounts:ID`, which was created by plain JSON). The text of this standard is not public.
   */
  saudiArabia: {
    name: 'Saudi Arabia (FAPI 1)',
    fapi: 1,
    delivery: 'pushedRequestObject',
    responseType: 'code id_token',
    nameConsentBy: 'scope',
    consentScopePrefix: 'accounts:',
    requestObjectType: 'oauth-authz-req+jwt',
    assertionAudience: 'issuer',
    consentCreation: 'obie',
    accountData: 'obie',
  },

  /**
   * KSA Open Banking Standard 2024.09.01, API Security (published in the OpenID Foundation's conformance suite): FAPI 2 with a signed
   * request object at PAR, the response in the query, and the issuer as the one audience of assertions. Account Information API of the same
   * version: a consent is created by a signed JWT. The consent is the scope `accounts:ID` (the suite's check of the request).
   */
  saudiArabiaFapi2: {
    name: 'Saudi Arabia (FAPI 2)',
    fapi: 2,
    delivery: 'pushedRequestObject',
    responseType: 'code',
    namesIssuer: true,
    nameConsentBy: 'scope',
    consentScopePrefix: 'accounts:',
    requestObjectType: 'oauth-authz-req+jwt',
    assertionAudience: 'issuer',
    consentCreation: 'obieSigned',
    signsAnswers: true,
    accountData: 'obie',
  },
};
