import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts ID tokens with the client ID as "aud"', async () => {
  await bank.accepts();
});

it('rejects an ID token without "aud" in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirectIdToken: { claims: { aud: undefined } } },
    'jwt-malformed',
    '"aud"',
  );
});

it('rejects an ID token without "aud" from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken(
    { idToken: { claims: { aud: undefined } } },
    'jwt-malformed',
    '"aud"',
  );
});
