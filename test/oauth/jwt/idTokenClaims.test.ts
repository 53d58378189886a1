import type { IDToken } from 'oauth4webapi';
import type { OpenBankingError } from '../../../core/errors/OpenBankingError';
import { idTokenKind, redirectIdTokenKind } from '../../../core/oauth/jwt/bankJwt';
import {
  assertAuthentication,
  assertAuthorizedParty,
  type ExpectedAuthentication,
} from '../../../core/oauth/jwt/idTokenClaims';
import type { Profile } from '../../../core/profile/profile';
import { now } from '../../support/idTokens';

const profile = { clientId: 'client-1', clockTolerance: 30 } as Profile;
const claimsWith = (claims: object) => claims as IDToken;

/** What a check fails with, as text; nothing where it passes. */
function failureOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    const { code, outcome } = error as OpenBankingError;
    return `${code} ${outcome}`;
  }
}

const authentication = (claims: object, expected: ExpectedAuthentication) =>
  failureOf(() => assertAuthentication(claimsWith(claims), expected, profile, redirectIdTokenKind));

it.each([
  ['nobody', undefined, undefined],
  ['this client', 'client-1', undefined],
  ['another client', 'client-2', 'id-token-audience received'],
  ['nothing of sense', ['client-1'], 'id-token-audience received'],
])('compares the authorized party: %s', (_, azp, failure) => {
  const check = () => assertAuthorizedParty(claimsWith({ azp }), profile, idTokenKind);
  expect(failureOf(check)).toBe(failure);
});

describe('how the customer logged in', () => {
  const acrValues = ['sca', 'ca'];

  it.each([
    ['the best way', 'sca', acrValues],
    ['the second best', 'ca', acrValues],
    ['a way that is not said', undefined, acrValues],
    ['any way, where none was asked for', 'password', undefined],
    ['any way, where the list is empty', 'password', []],
  ])('accepts %s', (_, acr, asked) => {
    expect(authentication({ acr }, { acrValues: asked })).toBeUndefined();
  });

  it.each(['password', 'sca ca', '', 1, null, ['sca']])('refuses %j', (acr) => {
    expect(authentication({ acr }, { acrValues })).toBe('id-token-acr not-sent');
  });
});

describe('when the customer logged in', () => {
  it.each([
    ['a minute ago', { auth_time: now() - 60 }, { maxAge: 60 }],
    ['within the tolerance', { auth_time: now() - 80 }, { maxAge: 60 }],
    ['a time that is not said, as WSO2 does', {}, { maxAge: 60 }],
    ['any time, where none was asked for', { auth_time: 1 }, {}],
    [
      'after the request, however long the customer then read',
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
    ['no number', { auth_time: String(now()) }, { maxAge: 60 }],
    ['null', { auth_time: null }, { maxAge: 60 }],
  ])('refuses %s', (_, claims, expected) => {
    expect(authentication(claims, expected)).toBe('id-token-auth-time not-sent');
  });
});
