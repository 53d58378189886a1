import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts ID tokens with the nonce of the authorization request', async () => {
  await bank.accepts();
});

it('rejects an ID token without nonce in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode(
    { redirectIdToken: { claims: { nonce: undefined } } },
    'id-token-binding',
    'nonce',
  );
});

it('rejects an ID token without nonce in the redirect before the code is used, even if the nonce of the request is not known', async () => {
  await bank.refusesBeforeTheCode(
    { options: { nonce: '' }, redirectIdToken: { claims: { nonce: undefined } } },
    'id-token-binding',
    'nonce',
  );
});

it('rejects an ID token without nonce from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken(
    { idToken: { claims: { nonce: undefined } } },
    'id-token-binding',
    'nonce',
  );
});
