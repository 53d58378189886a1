import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts ID tokens with the same "sub" in the redirect and from the token endpoint', async () => {
  await bank.accepts();
});

it('rejects an ID token with another "sub" from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken(
    { idToken: { claims: { sub: 'robin' } } },
    'id-token-subject',
    '"sub"',
  );
});
