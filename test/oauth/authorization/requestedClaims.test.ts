import {
  authenticationAskedFor,
  furtherClaimsOf,
  requestedClaims,
} from '../../../core/oauth/authorization/requestedClaims';

const intent = { openbanking_intent_id: { value: 'consent-1', essential: true } };

it('asks for no claims if nothing is asked for', () => {
  expect(requestedClaims({})).toBeUndefined();
  expect(requestedClaims({ furtherClaims: {} })).toBeUndefined();
});

it.each([
  ['essential without values', { essential: true }, { essential: true }],
  [
    'essential with values',
    { essential: true, values: ['urn:a', 'urn:b'] },
    { values: ['urn:a', 'urn:b'], essential: true },
  ],
  ['voluntary with values', { essential: false, values: ['urn:a'] }, { values: ['urn:a'] }],
])('asks for an "acr" that is %s (OIDC Core §5.5.1.1)', (_, acr, expected) => {
  expect(requestedClaims({ acr })).toEqual({ id_token: { acr: expected } });
});

it('merges further claims with its own ones', () => {
  const furtherClaims = {
    sharing_duration: 7_776_000,
    id_token: { auth_time: { essential: true } },
    userinfo: { name: null },
  };
  expect(
    requestedClaims({ consentId: 'consent-1', acr: { essential: true }, furtherClaims }),
  ).toEqual({
    sharing_duration: 7_776_000,
    id_token: { acr: { essential: true }, ...intent, auth_time: { essential: true } },
    userinfo: { ...intent, name: null },
  });
});

it('asks for a claim with the name of its own one if it does not ask for that itself', () => {
  const id_token = { acr: { essential: true, value: 'urn:a' } };
  expect(requestedClaims({ furtherClaims: { id_token } })).toEqual({ id_token });
});

it.each([
  ['acr', 'id_token', { acr: { essential: true } }],
  ['openbanking_intent_id', 'id_token', { consentId: 'consent-1' }],
  ['openbanking_intent_id', 'userinfo', { consentId: 'consent-1' }],
])('refuses the further claim "%s" of "%s" that it sets itself', (claim, member, own) => {
  const furtherClaims = { [member]: { [claim]: { value: 'other' } } };
  expect(() => requestedClaims({ ...own, furtherClaims })).toThrow(
    expect.objectContaining({
      code: 'field-malformed',
      message: `"Further Claims" contains "${member}.${claim}", which the node sets itself`,
    }),
  );
});

describe('furtherClaimsOf', () => {
  it('leaves out a destination that is null, which asks for no claim', () => {
    const asked = { sharing_duration: 1, id_token: { auth_time: null } };
    expect(furtherClaimsOf({ ...asked, userinfo: null })).toEqual(asked);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ id_token: ['acr'] }, '"id_token", which is no object'],
    [{ userinfo: 'name' }, '"userinfo", which is no object'],
    [{ id_token: { acr: 'urn:a' } }, '"id_token.acr", which is neither an object nor null'],
  ])('refuses %j', (given, content) => {
    expect(() => furtherClaimsOf(given)).toThrow(
      expect.objectContaining({
        code: 'field-malformed',
        message: `"Further Claims" holds ${content}`,
        description: expect.stringContaining('"id_token"'),
      }),
    );
  });
});

describe('authenticationAskedFor', () => {
  it.each<[object | undefined, number | undefined, object]>([
    [undefined, undefined, {}],
    [undefined, 60, { maxAge: 60, requiredClaims: ['auth_time'] }],
    [{ acr: { essential: true } }, undefined, { requiredClaims: ['acr'] }],
    [
      { acr: { essential: true, values: ['a', 'b'] } },
      undefined,
      { acrValues: ['a', 'b'], requiredClaims: ['acr'] },
    ],
    [
      { acr: { essential: true, value: 'a' }, auth_time: { essential: true } },
      undefined,
      { acrValues: ['a'], requiredClaims: ['acr', 'auth_time'] },
    ],
    [{ acr: { values: ['a'] }, auth_time: null }, undefined, {}],
  ])('is that of %j with the maximum age %j', (idToken, maxAge, expected) => {
    const claims = idToken && { id_token: idToken };
    expect(authenticationAskedFor(claims, maxAge)).toEqual(expected);
  });
});
