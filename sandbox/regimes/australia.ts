import { FAPI1 } from './fapi1';
import type { Regime } from './regime';

/** Levels of assurance: one factor, and two (Consumer Data Standards, Levels of Assurance). */
const ACR = ['urn:cds.au:cdr:2', 'urn:cds.au:cdr:3'];

/** Seconds. */
const YEAR = 31_536_000;

/** Consumer Data Standards, Security Profile (https://consumerdatastandardsaustralia.github.io/standards/#security-profile). */
export const AUSTRALIA: Regime = {
  ...FAPI1,
  name: 'australia',
  responseTypes: ['code'],
  requiresPar: true,
  authenticationMethods: ['private_key_jwt'],
  acr: { given: ACR[0]!, known: ACR },
  scope: 'openid profile bank:accounts.basic:read bank:accounts.detail:read bank:transactions:read',
  consentScope: 'openid',
  consentNaming: { byClaim: false, mayNameNone: true, renewedBy: 'cdr_arrangement_id' },
  rotates: false, // Tokens: "Data Holders MUST NOT cycle refresh tokens"
  longest: { accessToken: 600, code: 60 }, // Tokens: from 2 to 10 minutes
  // Request Object, Requesting Sharing Duration: once-off access without it, and a year at most.
  sharingDuration: ({ sharing_duration: duration }) => Math.min(Number(duration ?? 0), YEAR),
  consentMember: 'cdr_arrangement_id',
  clientRules: [
    {
      source: 'CDS Client Authentication',
      demand: 'clients authenticate with private_key_jwt, and not with their certificate',
      error: 'invalid_client',
      isBroken: ({ form }) => form.client_assertion === undefined,
    },
    ...FAPI1.clientRules,
  ],
  addressRules: [
    {
      source: 'CDS Request Object, Data Holders (request)',
      demand: 'the address has no parameter "request"',
      isBroken: ({ query }) => query.request !== undefined,
    },
    {
      source: 'CDS Request Object, Data Holders (PAR)',
      demand: 'authorization requests are pushed first',
      isBroken: ({ query }) => query.request_uri === undefined,
    },
  ],
  requestRules: [
    {
      source: 'CDS Authentication Flows',
      demand: 'response_type is "code", and response_mode is "jwt" (JARM)',
      error: 'unsupported_response_type',
      isBroken: ({ parameters: { response_type: type, response_mode: mode } }) =>
        type !== 'code' || !/^(.*\.)?jwt$/.test(String(mode)),
    },
    ...FAPI1.requestRules,
    {
      source: 'CDS Levels of Assurance',
      demand: `one value of the claim acr of id_token is ${ACR.join(' or ')}, if it has values`,
      isBroken: ({ claims: { id_token } }) => {
        const { value = ACR[0], values = [value] } = id_token?.acr ?? {};
        return !values.some((each) => ACR.includes(String(each)));
      },
    },
    {
      source: 'CDS Request Object, Requesting Sharing Duration',
      demand: 'the member sharing_duration of claims is a number of seconds, and not negative',
      isBroken: ({ claims: { sharing_duration: duration } }) =>
        duration !== undefined && !(typeof duration === 'number' && duration >= 0),
    },
  ],
};
