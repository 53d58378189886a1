import {
  encryptedFor,
  issuer,
  now,
  otherKey,
  responseJwt,
  unsigned,
} from '../support/bank/idTokens';
import { privateKeyOf } from '../support/keys/certificates';
import { jarm, plain, redirectsOfBank, signedWith, text } from './redirectsOfBank';

const { asked, expectAccepted, expectRefused, receive } = redirectsOfBank();

describe('an answer with a code that is forged', () => {
  it.each<[string, string, (state: string) => string | Promise<string>]>([
    ['without ID token', 'redirect-incomplete', (state) => text({ code: 'c-1', state })],
    [
      'with an ID token that is none',
      'jwt-malformed',
      (state) => text({ code: 'c-1', state, id_token: 'x.y.z' }),
    ],
    [
      'with an ID token without signature',
      'jwt-algorithm',
      (state) => signedWith(state, { unsigned: true }),
    ],
    [
      'with an ID token that another key signed',
      'jwt-signature',
      (state) => signedWith(state, { key: otherKey }),
    ],
    [
      'with the ID token of another request',
      'id-token-binding',
      (state) => signedWith(state, { claims: { nonce: 'n-2' } }),
    ],
    [
      'with another code beside the ID token',
      'id-token-binding',
      (state) => signedWith(state, {}, { code: 'c-2' }),
    ],
    [
      'with the ID token of another state',
      'id-token-binding',
      (state) => signedWith('other', {}, { state }),
    ],
    [
      'with an ID token of another bank',
      'jwt-issuer',
      (state) => signedWith(state, { claims: { iss: 'https://other.example' } }),
    ],
    [
      'with an ID token for another client',
      'jwt-audience',
      (state) => signedWith(state, { claims: { aud: 'client-2' } }),
    ],
    [
      'with an ID token that has expired',
      'jwt-time',
      (state) => signedWith(state, { claims: { exp: now() - 3600 } }),
    ],
    [
      'with an ID token for another consent',
      'id-token-consent',
      (state) => signedWith(state, { claims: { openbanking_intent_id: 'other' } }),
    ],
    [
      'with another "iss"',
      'issuer-mismatch',
      (state) => signedWith(state, {}, { iss: 'https://other.example' }),
    ],
    [
      'with a repeated parameter',
      'redirect-malformed',
      async (state) => `${await signedWith(state)}&code=c-1`,
    ],
    [
      'with a code that no bank issues',
      'code-malformed',
      (state) => signedWith(state, {}, { code: 'cödé' }),
    ],
  ])('%s is refused, and the genuine one is still accepted', async (_, code, forged) => {
    const state = await asked();
    await expectRefused(await forged(state), code);
    await expectAccepted(await signedWith(state));
    // Each answer is accepted once.
    await expectRefused(await signedWith(state), 'redirect-state-unknown');
  });

  it('with another "iss" is refused in the plain code flow', async () => {
    const state = await asked(plain);
    const answer = { code: 'c-1', state };
    await expectRefused(text({ ...answer, iss: 'https://evil.example' }), 'issuer-mismatch');
    await expectAccepted(text({ ...answer, iss: issuer }));
  });
});

describe('a response JWT (JARM) that is forged', () => {
  const answer = (state: string) => ({ code: 'c-1', state });

  it.each<[string, string, (state: string) => string | Promise<string>]>([
    [
      'without signature',
      'jwt-algorithm',
      async (state) => text({ response: unsigned(await responseJwt(answer(state))) }),
    ],
    [
      'that another key signed',
      'jwt-signature',
      async (state) => text({ response: await responseJwt(answer(state), { key: otherKey }) }),
    ],
    [
      'encrypted, that another key signed',
      'jwt-signature',
      async (state) => {
        const forgery = { key: otherKey, encryptFor: privateKeyOf('rsa') };
        return text({ response: await responseJwt(answer(state), forgery) });
      },
    ],
    ['as plain parameters', 'redirect-incomplete', (state) => text(answer(state))],
    ['as a plain error', 'redirect-incomplete', (state) => text({ error: 'access_denied', state })],
    [
      'with an error that another key signed',
      'jwt-signature',
      async (state) => {
        const response = await responseJwt({ error: 'access_denied', state }, { key: otherKey });
        return text({ response });
      },
    ],
    [
      'for another client',
      'jwt-audience',
      async (state) =>
        text({ response: await responseJwt(answer(state), { claims: { aud: 'client-2' } }) }),
    ],
  ])('%s is refused, and the genuine one is still accepted', async (_, code, forged) => {
    const state = await asked(jarm);
    await expectRefused(await forged(state), code);
    await expectAccepted(text({ response: await responseJwt(answer(state)) }));
  });

  it('an encrypted one that is genuine is accepted, and passed on as it came', async () => {
    const state = await asked(jarm);
    const response = await encryptedFor(privateKeyOf('rsa'), await responseJwt(answer(state)));
    await expectAccepted(text({ response }));
  });

  it('a signed error ends the authorization', async () => {
    const state = await asked(jarm);
    const response = await responseJwt({ error: 'access_denied', state });
    expect(await receive(text({ response }))).toMatchObject({
      notAuthorized: { error: 'access_denied' },
    });
    const late = text({ response: await responseJwt(answer(state)) });
    await expectRefused(late, 'redirect-state-unknown');
  });
});
