import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('accepts the issuer of the credential', async () => {
  await bank.accepts();
});

it('refuses none in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirectIdToken: { claims: { iss: undefined } } },
    'id-token-malformed',
  );
});

it('refuses none from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken(
    { idToken: { claims: { iss: undefined } } },
    'id-token-malformed',
  );
});
