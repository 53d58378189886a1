import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts ID tokens with the "iss" of the credential', async () => {
  await bank.accepts();
});

it('rejects an ID token without "iss" in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirectIdToken: { claims: { iss: undefined } } },
    'jwt-malformed',
    '"iss"',
  );
});

it('rejects an ID token without "iss" from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken(
    { idToken: { claims: { iss: undefined } } },
    'jwt-malformed',
    '"iss"',
  );
});
