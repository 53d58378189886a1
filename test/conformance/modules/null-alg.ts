import { misbehavingBank } from '../misbehavingBank';

const bank = misbehavingBank();

it('accepts ID tokens that a key of the bank signed', async () => {
  await bank.accepts();
});

it('rejects an ID token with the algorithm "none" in the redirect before the code is used', async () => {
  await bank.refusesBeforeTheCode({ redirectIdToken: { unsigned: true } }, 'jwt-algorithm');
});

it('rejects an ID token with the algorithm "none" from the token endpoint before the access token is used', async () => {
  await bank.refusesBeforeTheAccessToken({ idToken: { unsigned: true } }, 'jwt-algorithm');
});
