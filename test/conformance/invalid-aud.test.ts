import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('accepts the client ID', async () => {
  await bank.accepts();
});

it('refuses another one in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirectIdToken: { claims: { aud: 'another' } } },
    'id-token-audience',
  );
});

it('refuses another one from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken(
    { idToken: { claims: { aud: 'another' } } },
    'id-token-audience',
  );
});
