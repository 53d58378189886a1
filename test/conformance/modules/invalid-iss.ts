import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts ID tokens with the "iss" of the credential', async () => {
  await bank.accepts();
});

it('rejects an ID token with another "iss" in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirectIdToken: { claims: { iss: 'https://other.example' } } },
    'jwt-issuer',
    '"iss"',
  );
});

it('rejects an ID token with another "iss" from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken(
    { idToken: { claims: { iss: 'https://other.example' } } },
    'jwt-issuer',
    '"iss"',
  );
});
