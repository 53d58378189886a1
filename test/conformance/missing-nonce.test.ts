import { misbehavingBank } from './misbehavingBank';

const bank = misbehavingBank();

it('accepts the nonce of the authorization request', async () => {
  await bank.accepts();
});

it('refuses none in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirectIdToken: { claims: { nonce: undefined } } },
    'id-token-nonce',
  );
});

it('refuses none in the redirect, though it is not known which was sent before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { options: { nonce: '' }, redirectIdToken: { claims: { nonce: undefined } } },
    'id-token-nonce',
  );
});

it('refuses none from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken(
    { idToken: { claims: { nonce: undefined } } },
    'id-token-nonce',
  );
});
