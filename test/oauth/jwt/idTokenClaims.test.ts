import type { OpenBankingError } from '../../../core/errors/OpenBankingError';
import {
  assertAuthentication,
  assertAuthorizedParty,
  assertNonce,
  type ExpectedAuthentication,
  type IdTokenClaims,
} from '../../../core/oauth/jwt/idTokenClaims';
import { idTokenKind, redirectIdTokenKind } from '../../../core/oauth/jwt/jwtKind';
import type { Profile } from '../../../core/profile/profile';
import { now } from '../../support/bank/idTokens';

const profile = { clientId: 'client-1', clockTolerance: 30 } as Profile;
const claimsWith = (claims: object) => claims as IdTokenClaims;

/** Code and outcome of the error that a check throws, and the claims that its message names; `undefined` if the check passes. */
function failureOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    const { code, outcome, message } = error as OpenBankingError;
    return [code, outcome, ...(message.match(/"\w+"/g) ?? [])].join(' ');
  }
}

const authentication = (claims: object, expected: ExpectedAuthentication) =>
  failureOf(() => assertAuthentication(claimsWith(claims), expected, profile, redirectIdTokenKind));

describe('assertAuthorizedParty', () => {
  const check = (claims: object) =>
    failureOf(() => assertAuthorizedParty(claimsWith(claims), profile, idTokenKind));

  it.each([
    ['no "azp" and one audience', { aud: 'client-1' }],
    ['no "azp" and a list of one audience', { aud: ['client-1'] }],
    ['this client as "azp"', { aud: 'client-1', azp: 'client-1' }],
    ['this client as "azp" of two audiences', { aud: ['client-1', 'x'], azp: 'client-1' }],
  ])('accepts %s', (_, claims) => expect(check(claims)).toBeUndefined());

  it.each([
    ['another client as "azp"', '"azp"', { aud: 'client-1', azp: 'client-2' }],
    ['an "azp" that is a list', '"azp"', { aud: 'client-1', azp: ['client-1'] }],
    ['two audiences without "azp"', '"aud"', { aud: ['client-1', 'x'] }],
  ])('rejects %s, and names %s', (_, claim, claims) =>
    expect(check(claims)).toBe(`jwt-audience received ${claim}`),
  );
});

describe('assertNonce', () => {
  const check = (nonce: unknown, expected?: string, isRequired = false) =>
    failureOf(() => assertNonce(claimsWith({ nonce }), expected, idTokenKind, isRequired));

  it.each([
    ['the expected nonce', 'n-1', 'n-1', true],
    ['every nonce if none is expected', 'n-2', undefined, true],
    ['no nonce if none is expected or required', undefined, undefined, false],
  ])('accepts %s', (_, nonce, expected, isRequired) => {
    expect(check(nonce, expected, isRequired)).toBeUndefined();
  });

  it.each([
    ['another nonce', 'n-2', 'n-1', false],
    ['no nonce if one is expected', undefined, 'n-1', false],
    ['no nonce if one is required', undefined, undefined, true],
    ['an empty nonce', '', undefined, true],
    ['a nonce that is a number', 1, undefined, false],
    ['null as the nonce', null, undefined, false],
  ])('rejects %s', (_, nonce, expected, isRequired) => {
    expect(check(nonce, expected, isRequired)).toBe('id-token-binding received "nonce"');
  });
});

describe('assertAuthentication', () => {
  const acrValues = ['sca', 'ca'];

  it.each([
    ['the first value that was asked for', 'sca', acrValues],
    ['the second value that was asked for', 'ca', acrValues],
    ['a missing "acr"', undefined, acrValues],
    ['every "acr" if no value was asked for', 'password', undefined],
    ['every "acr" if the list of values is empty', 'password', []],
  ])('accepts %s', (_, acr, asked) => {
    expect(authentication({ acr }, { acrValues: asked })).toBeUndefined();
  });

  it.each([undefined, 1, ['sca'], {}])(
    'rejects the "acr" %j if it was essential, also without values',
    (acr) => {
      const expected = { requiredClaims: ['acr'] } as const;
      expect(authentication({ acr }, expected)).toBe('id-token-acr not-sent "acr"');
    },
  );

  it('accepts any text as "acr" if it was essential without values', () => {
    expect(authentication({ acr: 'loa2' }, { requiredClaims: ['acr'] })).toBeUndefined();
  });

  it('rejects a missing "auth_time" if it was essential, also without a maximum age', () => {
    expect(authentication({}, { requiredClaims: ['auth_time'] })).toBe(
      'id-token-auth-time not-sent "auth_time"',
    );
    expect(authentication({ auth_time: now() - 7200 }, { requiredClaims: ['auth_time'] })).toBe(
      undefined,
    );
  });

  it.each(['password', 'sca ca', '', 1, null, ['sca']])('rejects the "acr" %j', (acr) => {
    expect(authentication({ acr }, { acrValues })).toBe('id-token-acr not-sent "acr"');
  });

  it.each([
    ['an "auth_time" as old as allowed', { auth_time: now() - 60 }, { maxAge: 60 }],
    ['an "auth_time" within the clock tolerance', { auth_time: now() - 80 }, { maxAge: 60 }],
    ['a missing "auth_time", as from WSO2', {}, { maxAge: 60 }],
    ['every "auth_time" if no maximum age was asked for', { auth_time: 1 }, {}],
    [
      'an "auth_time" after the request, however long ago the request was',
      { auth_time: now() - 540 },
      { maxAge: 0, requestedAt: now() - 600 },
    ],
  ])('accepts %s', (_, claims, expected) => {
    expect(authentication(claims, expected)).toBeUndefined();
  });

  it.each([
    ['too long ago', { auth_time: now() - 100 }, { maxAge: 60 }],
    ['before the request', { auth_time: now() - 640 }, { maxAge: 0, requestedAt: now() - 600 }],
    ['in the future', { auth_time: now() + 60 }, { maxAge: 60 }],
    ['that is a text', { auth_time: String(now()) }, { maxAge: 60 }],
    ['that is a text, even if no maximum age was asked for', { auth_time: 'today' }, {}],
    ['before 1970', { auth_time: -1 }, {}],
    ['of null', { auth_time: null }, { maxAge: 60 }],
  ])('rejects an "auth_time" %s', (_, claims, expected) => {
    expect(authentication(claims, expected)).toBe('id-token-auth-time not-sent "auth_time"');
  });
});
