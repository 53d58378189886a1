import type { JWTPayload } from 'jose';
import type { Form } from '../../../sandbox/form';
import type { Connection } from '../../../sandbox/listener';
import { refuseBy } from '../../../sandbox/regimes/refuse';
import type { RegimeName } from '../../../sandbox/regimes/regime';
import { REGIMES } from '../../../sandbox/regimes/regimes';

const bank = { issuer: 'https://bank.example', tokenEndpoint: 'https://bank.example/oauth2/token' };
const now = 1_800_000_000;

/** The differences from a good request for tokens. */
interface Changes {
  algorithm?: string;
  claims?: JWTPayload;
  form?: Form;
  headers?: Record<string, string>;
  isTrusted?: boolean;
  isForTokens?: boolean;
  /** A client that authenticates with its certificate. */
  withoutAssertion?: true;
}

type Case = [title: string, changes: Changes, source: string];

function wordsFor(regime: RegimeName, changes: Changes = {}): string | undefined {
  const { algorithm = 'PS256', isTrusted = true, isForTokens = true } = changes;
  const { withoutAssertion, headers = {} } = changes;
  const claims = { aud: bank.issuer, iat: now, nbf: now, exp: now + 60, ...changes.claims };
  return refuseBy(REGIMES[regime].clientRules, {
    bank,
    url: isForTokens ? bank.tokenEndpoint : 'https://bank.example/oauth2/par',
    isForTokens,
    connection: { trusted: isTrusted } as Connection,
    headers,
    form: {
      client_id: 'client-1',
      ...(!withoutAssertion && { client_assertion: 'jwt' }),
      ...changes.form,
    },
    assertion: withoutAssertion ? undefined : { algorithm, claims },
    now,
  })?.error_description;
}

const basic = { authorization: 'Basic Y2xpZW50LTE6c2VjcmV0' };
const noCertificate: Changes = { isTrusted: false };
const pushedWithoutCertificate: Changes = { isTrusted: false, isForTokens: false };

const FAPI1: Case[] = [
  ['a secret in the header', { headers: basic }, 'FAPI 1.0 Advanced 5.2.2-14'],
  ['a secret in the form', { form: { client_secret: 'secret' } }, 'FAPI 1.0 Advanced 5.2.2-14'],
  ['an assertion by RS256', { algorithm: 'RS256' }, 'FAPI 1.0 Advanced 8.6'],
  [
    'an assertion for another bank',
    { claims: { aud: 'https://other.example' } },
    'RFC 7523 3-3 and RFC 9126 2',
  ],
];

const FAPI2: Case[] = [
  ['a secret in the header', { headers: basic }, 'FAPI 2.0 5.3.2.1-6'],
  ['a secret in the form', { form: { client_secret: 'secret' } }, 'FAPI 2.0 5.3.2.1-6'],
  ['an assertion by RS256', { algorithm: 'RS256' }, 'FAPI 2.0 5.4.1'],
  [
    'an assertion for the token endpoint',
    { claims: { aud: bank.tokenEndpoint } },
    'FAPI 2.0 5.3.2.1-8',
  ],
  ['a list of audiences', { claims: { aud: [bank.issuer] } }, 'FAPI 2.0 5.3.2.1-8'],
  ['an iat of the future', { claims: { iat: now + 61 } }, 'FAPI 2.0 5.3.2.1-13'],
  ['an nbf of the future', { claims: { nbf: now + 61 } }, 'FAPI 2.0 5.3.2.1-13'],
];

const everywhere: Case[] = [
  ['no certificate', noCertificate, 'Mutual TLS at all endpoints'],
  ['no certificate at PAR', pushedWithoutCertificate, 'Mutual TLS at all endpoints'],
];

const CASES: Record<Exclude<RegimeName, 'wso2'>, Case[]> = {
  fapi1: [...FAPI1, ['no certificate', noCertificate, 'FAPI 1.0 Advanced 5.2.2-5']],
  fapi2: [...FAPI2, ['no certificate', noCertificate, 'FAPI 2.0 5.3.2.1-4']],
  uk: [...FAPI1, ['no certificate', noCertificate, 'FAPI 1.0 Advanced 5.2.2-5']],
  brazil: [...FAPI1, ...everywhere],
  australia: [
    ...FAPI1,
    ['no certificate', noCertificate, 'FAPI 1.0 Advanced 5.2.2-5'],
    ['a certificate alone', { withoutAssertion: true }, 'CDS Client Authentication'],
  ],
  saudiArabia: [...FAPI1, ...everywhere],
  saudiArabiaFapi2: [...FAPI2, ...everywhere],
};

/** Rules that are never reached, because a stricter one of the country comes first. */
const COVERED: Partial<Record<RegimeName, string[]>> = {
  brazil: ['FAPI 1.0 Advanced 5.2.2-5'],
  saudiArabia: ['FAPI 1.0 Advanced 5.2.2-5'],
  saudiArabiaFapi2: ['FAPI 2.0 5.3.2.1-4'],
};

describe.each(Object.entries(CASES) as [RegimeName, Case[]][])(
  'the bank of %s',
  (regime, cases) => {
    it('accepts a client with a good assertion and its certificate', () => {
      expect(wordsFor(regime)).toBeUndefined();
    });

    it.each(cases)('refuses a client with %s', (_title, changes, source) => {
      expect(wordsFor(regime, changes)?.split(': ')[0]).toBe(source);
    });

    it('has no rule that is not tried here', () => {
      const tried = new Set([...cases.map(([, , source]) => source), ...(COVERED[regime] ?? [])]);
      const rules = REGIMES[regime].clientRules.map(({ source }) => source);
      expect(rules.filter((source) => !tried.has(source))).toEqual([]);
    });
  },
);

it.each(['fapi1', 'uk', 'brazil', 'australia', 'saudiArabia'] as const)(
  'the bank of %s also accepts assertions for its token endpoint, as FAPI 1.0 lets it',
  (regime) => {
    expect(wordsFor(regime, { claims: { aud: bank.tokenEndpoint } })).toBeUndefined();
  },
);

it.each(['fapi1', 'fapi2', 'uk', 'brazil', 'saudiArabia', 'saudiArabiaFapi2'] as const)(
  'the bank of %s also accepts a certificate alone',
  (regime) => {
    expect(wordsFor(regime, { withoutAssertion: true })).toBeUndefined();
  },
);
