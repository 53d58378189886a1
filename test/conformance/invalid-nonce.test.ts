import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('accepts the nonce of the authorization request', async () => {
  await bank.accepts();
});

it('refuses another one in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirectIdToken: { claims: { nonce: 'n-2' } } },
    'id-token-nonce',
  );
});

it('refuses another one from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken(
    { idToken: { claims: { nonce: 'n-2' } } },
    'id-token-nonce',
  );
});

it('refuses one that is not that of the redirect before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken(
    { options: { nonce: '' }, idToken: { claims: { nonce: 'n-2' } } },
    'id-token-nonce',
  );
});
