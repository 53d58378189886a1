import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('accepts an ID token that ends', async () => {
  await bank.accepts();
});

it('refuses one without an end in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirectIdToken: { claims: { exp: undefined } } },
    'id-token-malformed',
  );
});

it('refuses one without an end from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken(
    { idToken: { claims: { exp: undefined } } },
    'id-token-malformed',
  );
});
