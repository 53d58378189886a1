import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();
const credential = { clientId: 'one-of-two' };
const claims = { aud: ['one-of-two', 'another'] };
const authorized = { claims: { ...claims, azp: 'one-of-two' } };

it('accepts ID tokens with a second audience and this client as "azp"', async () => {
  await bank.accepts({ credential, redirectIdToken: authorized, idToken: authorized });
});

it('rejects an ID token with a second audience and no "azp" in the redirect before the code is used', async () => {
  const redirectIdToken = { claims };
  await bank.refusesBeforeTheCode({ credential, redirectIdToken }, 'jwt-audience', '"aud"');
});

it('rejects an ID token with a second audience and another "azp" in the redirect before the code is used', async () => {
  const redirectIdToken = { claims: { ...claims, azp: 'another' } };
  await bank.refusesBeforeTheCode({ credential, redirectIdToken }, 'jwt-audience', '"azp"');
});

it('rejects an ID token with a second audience and no "azp" from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken(
    { credential, redirectIdToken: authorized, idToken: { claims } },
    'jwt-audience',
    '"aud"',
  );
});
