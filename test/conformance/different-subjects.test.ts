import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('accepts the same customer in both ID tokens', async () => {
  await bank.accepts();
});

it('refuses another one from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken(
    { idToken: { claims: { sub: 'robin' } } },
    'id-token-subject',
  );
});
