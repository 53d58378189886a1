import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts ID tokens with "exp"', async () => {
  await bank.accepts();
});

it('rejects an ID token without "exp" in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirectIdToken: { claims: { exp: undefined } } },
    'jwt-malformed',
    '"exp"',
  );
});

it('rejects an ID token without "exp" from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken(
    { idToken: { claims: { exp: undefined } } },
    'jwt-malformed',
    '"exp"',
  );
});
