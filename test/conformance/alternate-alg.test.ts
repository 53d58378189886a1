import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('accepts the algorithm of the credential', async () => {
  await bank.accepts();
});

it('refuses another one in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirectIdToken: { header: { alg: 'RS256' } } },
    'id-token-algorithm',
  );
});

it('refuses another one from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken(
    { idToken: { header: { alg: 'RS256' } } },
    'id-token-algorithm',
  );
});
