import {
  customerOf,
  isSameCustomerOnRenewal,
  type ConsentedCustomer,
} from '../../../core/oauth/jwt/customer';
import { createClient } from '../../../core/oauth/client';
import type { Profile } from '../../../core/profile/profile';
import { privateKeyOf } from '../../support/keys/certificates';
import { customCredential } from '../../support/bank/credential';
import { idToken, issuer, otherKey } from '../../support/bank/idTokens';

let profile: Profile;
beforeAll(async () => {
  ({ profile } = await createClient(await customCredential('https://bank.example')));
});

describe('customerOf', () => {
  it('returns the claims about the customer, and no others', async () => {
    const claims = { azp: 'client-1', auth_time: 1_700_000_000, acr: 'strong', name: 'Alex' };
    expect(await customerOf(await idToken({ claims }), profile)).toEqual({
      ...{ iss: issuer, sub: 'alex', aud: 'client-1', azp: 'client-1' },
      ...{ auth_time: 1_700_000_000, nonce: 'n-1' },
    });
  });

  it('leaves out claims of a wrong type', async () => {
    const claims = { azp: null, auth_time: 'today', nonce: 1 };
    expect(await customerOf(await idToken({ claims }), profile)).toEqual({
      ...{ iss: issuer, sub: 'alex', aud: 'client-1' },
    });
  });

  it('decrypts an encrypted ID token', async () => {
    const encryptFor = privateKeyOf('rsa');
    expect(await customerOf(await idToken({ encryptFor }), profile)).toMatchObject({ sub: 'alex' });
  });

  it.each<[string, () => string | Promise<string>]>([
    ['a text that is no JWT', () => 'nonsense'],
    ['an empty text', () => ''],
    ['an ID token for another key', () => idToken({ encryptFor: otherKey })],
    ['an ID token without "sub"', () => idToken({ claims: { sub: undefined } })],
    ['an ID token without "iss"', () => idToken({ claims: { iss: undefined } })],
  ])('returns undefined for %s', async (_, token) => {
    expect(await customerOf(await token(), profile)).toBeUndefined();
  });
});

const of = (sub: string, consentId?: string, iss = issuer): ConsentedCustomer => ({
  customer: { iss, sub, aud: 'client-1' },
  consentId,
});

it.each<[string, ConsentedCustomer, ConsentedCustomer, boolean]>([
  ['the same customer', of('alex', 'c-1'), of('alex', 'c-2'), true],
  ['another customer', of('alex', 'c-1'), of('robin', 'c-2'), false],
  ['another issuer', of('alex'), of('alex', undefined, 'https://other.example'), false],
  ['the consent as "sub"', of('c-1', 'c-1'), of('c-2', 'c-2'), true],
  ['the consent as "sub" of another issuer', of('c-1', 'c-1'), of('c-2', 'c-2', 'x'), false],
  ['a consent as "sub" in place of a customer', of('alex', 'c-1'), of('c-2', 'c-2'), false],
  ['a customer in place of a consent', of('c-1', 'c-1'), of('robin', 'c-2'), false],
  ['the consent as "sub", and no consent known before', of('c-1'), of('c-2', 'c-2'), false],
  ['the consent as "sub", and no consent known now', of('c-1', 'c-1'), of('c-2'), false],
  ['a customer if none was known', {}, of('alex'), true],
  ['no customer', of('alex'), { consentId: 'c-2' }, true],
])('isSameCustomerOnRenewal judges %s', (_, before, now, expected) => {
  expect(isSameCustomerOnRenewal(before, now)).toBe(expected);
});
