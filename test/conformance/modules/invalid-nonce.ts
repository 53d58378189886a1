import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts ID tokens with the nonce of the authorization request', async () => {
  await bank.accepts();
});

it('rejects an ID token with another nonce in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirectIdToken: { claims: { nonce: 'n-2' } } },
    'id-token-binding',
    'nonce',
  );
});

it('rejects an ID token with another nonce from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken(
    { idToken: { claims: { nonce: 'n-2' } } },
    'id-token-binding',
    'nonce',
  );
});

it('rejects an ID token with another nonce than the redirect had from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken(
    { options: { nonce: '' }, idToken: { claims: { nonce: 'n-2' } } },
    'id-token-binding',
    'nonce',
  );
});
