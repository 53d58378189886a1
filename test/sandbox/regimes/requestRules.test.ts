import type { JWTPayload } from 'jose';
import type { Form } from '../../../sandbox/form';
import { refuseBy } from '../../../sandbox/regimes/refuse';
import { REGIME_NAMES, type RegimeName } from '../../../sandbox/regimes/regime';
import { REGIMES } from '../../../sandbox/regimes/regimes';
import { authorizationRequest } from '../../../sandbox/regimes/requests';
import { goodParameters } from './goodRequests';

const bank = { issuer: 'https://bank.example', tokenEndpoint: 'https://bank.example/oauth2/token' };
const now = Math.floor(Date.now() / 1000);

/** The differences from a good authorization request. */
interface Changes {
  /** Whether it is pushed. A good one is if the regime wants that. */
  isPushed?: boolean;
  /** Whether it is in a request object. A good one is if the regime wants that. */
  isSigned?: boolean;
  algorithm?: string;
  /** `undefined` removes a parameter. */
  parameters?: JWTPayload;
  /** Parameters beside the request object. */
  outside?: Form;
}

/** A request that a bank refuses: what is wrong with it, and the rule that says so. */
type Case = [title: string, changes: Changes, source: string];

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The words with which a bank refuses an authorization request; `undefined` if it accepts it. */
function wordsFor(regime: RegimeName, changes: Changes = {}): string | undefined {
  const { requestRules, requiresPar, requiresSignedRequests } = REGIMES[regime];
  const {
    isPushed = requiresPar,
    isSigned = requiresSignedRequests,
    algorithm = 'PS256',
  } = changes;
  const parameters: JWTPayload = {
    client_id: 'client-1',
    redirect_uri: 'https://tpp.example/redirect',
    state: 'state',
    nonce: 'nonce',
    ...(isPushed && { code_challenge: 'challenge', code_challenge_method: 'S256' }),
    ...goodParameters(regime, 'urn:consent:1'),
    ...(isSigned && { aud: bank.issuer, nbf: now - 5, exp: now + 590 }),
    ...changes.parameters,
  };
  const plain: Form = Object.fromEntries(
    Object.entries(parameters)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
  const request = `${encoded({ alg: algorithm })}.${encoded(parameters)}.c2ln`;
  const { client_id = '', response_type = '', scope = '' } = plain;
  const form: Form = {
    ...(isSigned ? { client_id, request, ...(!isPushed && { response_type, scope }) } : plain),
    client_assertion: 'is not a part of the request',
    ...changes.outside,
  };
  return refuseBy(requestRules, authorizationRequest(bank, form, isPushed))?.error_description;
}

/** Requests in a request object that each bank on FAPI 1.0 Advanced refuses. */
const FAPI1: Case[] = [
  ['without a signed request object', { isSigned: false }, 'FAPI 1.0 Advanced 5.2.2-1'],
  [
    'for another bank',
    { parameters: { aud: 'https://other.example' } },
    'FAPI 1.0 Advanced 5.2.2-15',
  ],
  ['without nbf', { parameters: { nbf: undefined } }, 'FAPI 1.0 Advanced 5.2.2-17'],
  ['with an old nbf', { parameters: { nbf: now - 3_605 } }, 'FAPI 1.0 Advanced 5.2.2-17'],
  ['without exp', { parameters: { exp: undefined } }, 'FAPI 1.0 Advanced 5.2.2-13'],
  ['that lives too long', { parameters: { exp: now + 3_600 } }, 'FAPI 1.0 Advanced 5.2.2-13'],
  [
    'with a parameter beside the pushed object',
    { isPushed: true, outside: { state: 'state' } },
    'RFC 9126 3',
  ],
  [
    'pushed without PKCE',
    { isPushed: true, parameters: { code_challenge: undefined } },
    'FAPI 1.0 Advanced 5.2.2-18',
  ],
  [
    'pushed with the PKCE method "plain"',
    { isPushed: true, parameters: { code_challenge_method: 'plain' } },
    'FAPI 1.0 Advanced 5.2.2-18',
  ],
  [
    'without redirect_uri',
    { parameters: { redirect_uri: undefined } },
    'FAPI 1.0 Baseline 5.2.2-9 and 5.2.2-10',
  ],
  [
    'without a nonce',
    { parameters: { nonce: undefined } },
    'FAPI 1.0 Baseline 5.2.2.2 and 5.2.2.3',
  ],
];

/** Those that only banks refuse that accept requests by value. */
const BY_VALUE: Case[] = [
  [
    'with another response_type in the address',
    { outside: { response_type: 'code' } },
    'OpenID Connect Core 6.1',
  ],
  ['without a scope in the address', { outside: { scope: '' } }, 'OpenID Connect Core 6.1'],
  [
    'that asks for a code alone',
    { parameters: { response_type: 'code' } },
    'FAPI 1.0 Advanced 5.2.2-2',
  ],
];

const RS256: Case = ['signed with RS256', { algorithm: 'RS256' }, 'FAPI 1.0 Advanced 8.6'];

/** Rules that are never reached, because a stricter one of the country comes first. */
const COVERED: Partial<Record<RegimeName, string[]>> = {
  brazil: ['OpenID Connect Core 6.1', 'FAPI 1.0 Advanced 5.2.2-2', 'FAPI 1.0 Advanced 8.6'],
  australia: ['OpenID Connect Core 6.1', 'FAPI 1.0 Advanced 5.2.2-2'],
  saudiArabia: ['OpenID Connect Core 6.1', 'FAPI 1.0 Advanced 5.2.2-2'],
};

/** Requests that each bank on FAPI 2.0 refuses. */
const FAPI2: Case[] = [
  ['for an ID token', { parameters: { response_type: 'code id_token' } }, 'FAPI 2.0 5.3.2.2-1'],
  ['without PKCE', { parameters: { code_challenge: undefined } }, 'FAPI 2.0 5.3.2.2-5'],
  [
    'with the PKCE method "plain"',
    { parameters: { code_challenge_method: 'plain' } },
    'FAPI 2.0 5.3.2.2-5',
  ],
  ['without redirect_uri', { parameters: { redirect_uri: undefined } }, 'FAPI 2.0 5.3.2.2-6'],
  ['with a long nonce', { parameters: { nonce: 'n'.repeat(65) } }, 'FAPI 2.0 5.3.2.2-14'],
  ['signed with RS256', { isSigned: true, algorithm: 'RS256' }, 'FAPI 2.0 5.4.1'],
  [
    'signed for another bank',
    { isSigned: true, parameters: { aud: 'https://other.example' } },
    'FAPI 2.0 Message Signing 5.3.1-2',
  ],
  [
    'signed without nbf',
    { isSigned: true, parameters: { nbf: undefined } },
    'FAPI 2.0 Message Signing 5.3.1-3',
  ],
  [
    'signed without exp',
    { isSigned: true, parameters: { exp: undefined } },
    'FAPI 2.0 Message Signing 5.3.1-4',
  ],
  ['with a parameter beside the object', { isSigned: true, outside: { state: 's' } }, 'RFC 9126 3'],
];

const UK = 'UK Open Banking Security Profile, Hybrid Grant Parameters';
const intent = { value: 'urn:consent:1', essential: true };
const acr = { essential: true, values: ['urn:openbanking:psd2:sca'] };

const CASES: Record<Exclude<RegimeName, 'wso2'>, Case[]> = {
  fapi1: [...FAPI1, ...BY_VALUE, RS256],
  fapi2: FAPI2,
  uk: [
    ...FAPI1,
    ...BY_VALUE,
    RS256,
    ['without claims', { parameters: { claims: undefined } }, `${UK} (openbanking_intent_id)`],
    [
      'whose consent is not essential',
      { parameters: { claims: { id_token: { acr, openbanking_intent_id: { value: '1' } } } } },
      `${UK} (openbanking_intent_id)`,
    ],
    [
      'without acr',
      { parameters: { claims: { id_token: { openbanking_intent_id: intent } } } },
      `${UK} (acr)`,
    ],
  ],
  brazil: [
    ...FAPI1,
    ['signed with ES256', { algorithm: 'ES256' }, 'Open Finance Brasil 6.1.1'],
    [
      'for JARM',
      { parameters: { response_type: 'code', response_mode: 'jwt' } },
      'Open Finance Brasil 5.2.2-15',
    ],
    ['without acr', { parameters: { claims: { id_token: {} } } }, 'Open Finance Brasil 5.2.3-7'],
    [
      'with values of acr',
      {
        parameters: {
          claims: {
            id_token: { acr: { essential: true, values: ['urn:brasil:openbanking:loa2'] } },
          },
        },
      },
      'Open Finance Brasil 5.2.3-6',
    ],
    [
      'with id_token_hint',
      { parameters: { id_token_hint: 'jwt' } },
      'Open Finance Brasil 5.2.2-21',
    ],
    ['without consent', { parameters: { scope: 'openid accounts' } }, 'Open Finance Brasil 7.1.2'],
    [
      'for two consents',
      { parameters: { scope: 'openid accounts consent:urn:a:1 consent:urn:a:2' } },
      'Open Finance Brasil 7.1.2',
    ],
  ],
  australia: [
    ...FAPI1,
    RS256,
    [
      'for an ID token',
      { parameters: { response_type: 'code id_token', response_mode: undefined } },
      'CDS Authentication Flows',
    ],
    ['without JARM', { parameters: { response_mode: undefined } }, 'CDS Authentication Flows'],
    [
      'with an unknown acr',
      { parameters: { claims: { id_token: { acr: { values: ['urn:other'] } } } } },
      'CDS Levels of Assurance',
    ],
    [
      'with a negative sharing_duration',
      { parameters: { claims: { id_token: {}, sharing_duration: -1 } } },
      'CDS Request Object, Requesting Sharing Duration',
    ],
    [
      'with a sharing_duration as text',
      { parameters: { claims: { id_token: {}, sharing_duration: '7776000' } } },
      'CDS Request Object, Requesting Sharing Duration',
    ],
  ],
  saudiArabia: [
    ...FAPI1,
    RS256,
    [
      'for JARM',
      { parameters: { response_type: 'code', response_mode: 'jwt' } },
      'KSA Open Banking (no JARM)',
    ],
  ],
  saudiArabiaFapi2: [
    ...FAPI2,
    ['that is not signed', { isSigned: false }, 'KSA API Security (signed requests)'],
    ['for JARM', { parameters: { response_mode: 'jwt' } }, 'KSA API Security (response mode)'],
    [
      'that lives for eleven minutes',
      { parameters: { exp: now + 660 } },
      'KSA API Security (ten minutes)',
    ],
    [
      'that is eleven minutes old',
      { parameters: { nbf: now - 660, exp: now - 100 } },
      'KSA API Security (ten minutes)',
    ],
  ],
};

describe.each(Object.entries(CASES) as [RegimeName, Case[]][])(
  'the bank of %s',
  (regime, cases) => {
    it('accepts a good request', () => {
      expect(wordsFor(regime)).toBeUndefined();
    });

    it.each(cases)('refuses a request %s', (_title, changes, source) => {
      expect(wordsFor(regime, changes)?.split(': ')[0]).toBe(source);
    });

    it('has no rule that is not tried here', () => {
      const tried = new Set([...cases.map(([, , source]) => source), ...(COVERED[regime] ?? [])]);
      const rules = REGIMES[regime].requestRules.map(({ source }) => source);
      expect(rules.filter((source) => !tried.has(source))).toEqual([]);
    });
  },
);

it('only WSO2 has no rules of a regime', () => {
  const without = REGIME_NAMES.filter((name) => REGIMES[name].requestRules.length === 0);
  expect(without).toEqual(['wso2']);
});
