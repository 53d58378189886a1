import { FAPI1 } from './fapi1';
import type { Regime } from './regime';

/** WSO2 Open Banking: UK conventions. Its rules are those of `wso2Rules.ts`, in WSO2's own order and words. */
export const WSO2: Regime = {
  ...FAPI1,
  name: 'wso2',
  // WSO2's default issuer is the URL of the token endpoint.
  issuerPath: '/oauth2/token',
  authenticationMethods: [
    ...FAPI1.authenticationMethods,
    'client_secret_basic',
    'client_secret_post',
  ],
  acr: { given: 'urn:openbanking:psd2:sca', known: ['urn:openbanking:psd2:ca'] },
  consentNaming: { byClaim: true, mayNameNone: false },
  longest: { accessToken: Infinity, code: 300 },
  clientRules: [],
  requestRules: [],
};
