import type { TokenSet } from '../../../core/oauth/grants/tokenSet';
import type { IdTokenExpectations } from '../../../core/oauth/jwt/idToken';
import {
  accessToken,
  halfHash,
  issuer,
  now,
  otherKey,
  type Forgery,
} from '../../support/bank/idTokens';
import { CODE, customer, faults, good, tokenCheckBank, wrong } from './tokenCheckBank';

const { answerWith, clientWith, exchange, expectFailed, expectPassed } = tokenCheckBank();

describe('an exchange', () => {
  it.each<[string, string, Forgery]>([
    ...faults,
    ['no "nonce"', 'id-token-binding', wrong({ nonce: undefined })],
    ['a "nonce" of null', 'id-token-binding', wrong({ nonce: null })],
    ['an "iat" a week ago', 'jwt-time', wrong({ iat: now() - 604_800 })],
    ['another "c_hash"', 'id-token-binding', wrong({ c_hash: halfHash('another code') })],
    ['another "s_hash"', 'id-token-binding', wrong({ s_hash: halfHash('another state') })],
    ['another "acr"', 'id-token-acr', wrong({ acr: 'weak' })],
    ['a log-in too long ago', 'id-token-auth-time', wrong({ auth_time: now() - 7200 })],
    ['another consent', 'id-token-consent', wrong({ openbanking_intent_id: 'intent-2' })],
    ['no consent', 'id-token-consent', wrong({ openbanking_intent_id: undefined })],
  ])('fails with an ID token with %s', async (_, code, { claims, ...forgery }) => {
    answerWith(await good({ claims: { auth_time: now(), ...claims }, ...forgery }));
    const expected = { acrValues: ['strong'], maxAge: 60, consentId: 'intent-1' };
    await expectFailed(await exchange(expected), code);
  });

  it.each<[string, Forgery]>([
    ['every claim', {}],
    ['no "azp", "acr" and "auth_time"', wrong({ azp: undefined, acr: null, auth_time: null })],
    ['no hashes', wrong({ at_hash: undefined, c_hash: undefined, s_hash: undefined })],
    [
      'hashes and dates of null',
      wrong({ at_hash: null, c_hash: null, s_hash: null, nbf: null as never }),
    ],
    ['a padded "at_hash"', wrong({ at_hash: '77QmUPtjPfzWtF2AnpK9RQ==' })],
    ['a list of one "aud"', wrong({ aud: ['client-1'] })],
    ['a second "aud" and this client as "azp"', wrong({ aud: ['client-1', 'client-2'] })],
    ['an "exp" within the clock tolerance', wrong({ exp: now() - 3 })],
  ])('passes with an ID token with %s', async (_, { claims }) => {
    answerWith(await good({ claims: { auth_time: now(), ...claims } }));
    const expected = { acrValues: ['strong'], maxAge: 60, consentId: 'intent-1' };
    await expectPassed(await exchange(expected), { iss: issuer, sub: 'alex' });
  });

  it.each([
    ['a nonce', { nonce: 'n-1' }, 'id-token-binding'],
    ['a consent', { nonce: undefined, consentId: 'intent-1' }, 'id-token-consent'],
  ])('fails without an ID token if %s is known', async (_, expected, code) => {
    for (const token of [undefined, null, '']) {
      answerWith(token);
      await expectFailed(await exchange(expected), code);
    }
  });

  it('passes without an ID token if no nonce and no consent is known', async () => {
    answerWith(undefined);
    await expectPassed(await exchange({ nonce: undefined }));
  });

  it('names the customer of the redirect if no ID token comes with the tokens', async () => {
    answerWith(undefined);
    await expectPassed(
      await exchange({ redirectIdToken: { ...customer, nonce: 'n-1' } }),
      customer,
    );
  });

  it.each<[string, Forgery['claims']]>([
    ['sub', { sub: 'robin' }],
    ['nonce', { nonce: 'n-2' }],
  ])('fails if the "%s" differs from that of the redirect', async (name, claims) => {
    answerWith(await good({ claims }));
    const redirectIdToken = { ...customer, nonce: 'n-1' };
    const received = await exchange({ nonce: undefined, redirectIdToken });
    await expectFailed(received, name === 'sub' ? 'id-token-subject' : 'id-token-binding');
  });

  it('fails with an ID token that is no text', async () => {
    answerWith({ iss: issuer });
    await expectFailed(await exchange(), 'jwt-malformed');
  });

  it('fails without an access token', async () => {
    answerWith(await good(), { access_token: null });
    const { failedCheck, tokens } = await exchange();
    expect(failedCheck).toMatchObject({ code: 'response-invalid' });
    const { failedCheck: still } = await (await clientWith()).checkAgain(tokens, {});
    expect(still).toMatchObject({ code: 'response-invalid', message: failedCheck!.message });
  });
});

it('onReceived is given the values that the tokens are compared with', async () => {
  answerWith(await good());
  const onReceived = jest.fn<Promise<void>, [TokenSet, IdTokenExpectations]>(() =>
    Promise.resolve(),
  );
  const { expected } = await exchange({ consentId: 'intent-1', onReceived });
  expect(onReceived).toHaveBeenCalledTimes(1);
  const [tokens, given] = onReceived.mock.calls[0]!;
  expect(given).toEqual(expected);
  expect(given).toMatchObject({
    nonce: 'n-1',
    consentId: 'intent-1',
    codeHash: { s256: halfHash(CODE) },
  });
  expect(JSON.stringify(given)).not.toContain(CODE);
  expect(tokens).not.toHaveProperty('authorization');
});

it('an application token is not judged by an ID token that comes with it', async () => {
  answerWith(await good({ key: otherKey }));
  const { tokens, failedCheck, remarks } = await (await clientWith()).applicationToken();
  expect(failedCheck).toBeUndefined();
  expect(tokens).toMatchObject({ authorization: `Bearer ${accessToken}` });
  expect(tokens).not.toHaveProperty('id_token');
  expect(remarks).toEqual([expect.stringContaining('ID token')]);
  expect(await (await clientWith()).applicationAuthorization()).toBe(`Bearer ${accessToken}`);
});
