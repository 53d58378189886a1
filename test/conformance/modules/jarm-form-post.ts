import { accessToken, now, otherKey } from '../../support/bank/idTokens';
import { FormPost } from '../formPost';
import { clientKey, misbehavingBank, type Behaviour } from '../misbehavingBank';

const bank = misbehavingBank();
const form = new FormPost(bank, { responseType: 'code', responseMode: 'form_post.jwt' });
const jarm = (responseJwt: Behaviour['responseJwt'] = {}, parameters = {}): Behaviour => ({
  ...{ redirect: 'jarm', responseJwt, parameters },
});

it.each([
  ['signed', {}],
  ['signed and encrypted for this client', { encryptFor: clientKey }],
])('accepts a posted response JWT that is %s', async (_, forgery) => {
  const { refused, exchanged } = await form.answer(jarm(forgery));
  expect(refused).toBeUndefined();
  expect(exchanged).toMatchObject({
    ...{ item: { access_token: accessToken }, code: undefined },
    used: { grants: 1, accessTokens: 1 },
  });
});

it.each<[string, Behaviour['responseJwt'], string]>([
  ['of another key', { key: otherKey }, 'jwt-signature'],
  ['without a signature', { unsigned: true }, 'jwt-algorithm'],
  ['with an unknown key ID', { header: { kid: 'bank-2' }, key: otherKey }, 'jwt-signature'],
  ['of another issuer', { claims: { iss: 'https://other.example' } }, 'jwt-issuer'],
  ['without an issuer', { claims: { iss: undefined } }, 'jwt-malformed'],
  ['for another client', { claims: { aud: 'another' } }, 'jwt-audience'],
  ['that is too old', { claims: { exp: now() - 60 } }, 'jwt-time'],
  ['without an expiry', { claims: { exp: undefined } }, 'jwt-malformed'],
  ['that is encrypted for another key', { encryptFor: otherKey }, 'jwt-decryption'],
])('the trigger rejects a posted response JWT %s', async (_, forgery, code) => {
  expect(await form.answer(jarm(forgery))).toEqual({ refused: code });
});

it('the trigger rejects a posted response JWT with an unknown state', async () => {
  expect(await form.answer(jarm({}, { state: 'another' }))).toEqual({
    refused: 'redirect-state-unknown',
  });
});

it.each(['code', 'hybrid'] as const)(
  'the trigger rejects a form of the kind "%s" if a response JWT was asked for',
  async (redirect) => {
    expect(await form.answer({ redirect })).toEqual({ refused: 'redirect-incomplete' });
  },
);

it.each([
  ['beside it', (posted: URLSearchParams) => posted.append('code', 'forged')],
  ['twice', (posted: URLSearchParams) => posted.append('response', posted.get('response')!)],
])('the trigger rejects a form with a response JWT and an answer %s', async (_, change) => {
  expect(await form.answer(jarm(), change)).toEqual({ refused: 'redirect-malformed' });
});

it('the trigger puts an error in a posted response JWT out, and no code is sent', async () => {
  const refusal = jarm({}, { code: undefined, error: 'access_denied' });
  const { notAuthorized, exchanged } = await form.answer(refusal);
  expect(notAuthorized).toMatchObject({ error: 'access_denied', consent_id: 'consent-1' });
  expect(exchanged).toBeUndefined();
});
