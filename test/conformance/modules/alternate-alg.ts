import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts ID tokens with the algorithm of the credential', async () => {
  await bank.accepts();
});

it('rejects an ID token with another algorithm in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirectIdToken: { header: { alg: 'RS256' } } },
    'jwt-algorithm',
  );
});

it('rejects an ID token with another algorithm from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken(
    { idToken: { header: { alg: 'RS256' } } },
    'jwt-algorithm',
  );
});
