import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('accepts the issuer of the credential', async () => {
  await bank.accepts();
});

it('refuses another one in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirectIdToken: { claims: { iss: 'https://other.example' } } },
    'id-token-issuer',
  );
});

it('refuses another one from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken(
    { idToken: { claims: { iss: 'https://other.example' } } },
    'id-token-issuer',
  );
});
